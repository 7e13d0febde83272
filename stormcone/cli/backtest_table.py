"""A back-test for a reader at a terminal: one sentence, then every page beside what really happened.

Formats what stormcone.backtest has counted; instants are UTC. Never decides anything.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from alerts.cleaning import clean_for_sink
from stormcone.backtest import (
    PastIncident,
    Replayed,
    count_pages,
    count_warns,
    in_fact,
    match,
    monthly,
    silenced,
    summary_sentence,
)

_HEADLINE_CHARS = 160
_NAME_CHARS = 24


def page_table(
    incidents: Sequence[Replayed], past: Sequence[PastIncident] | None, *, budget: float | None, days: float
) -> Iterator[str]:
    """Yield the lines of the answer. Args: past: None where nobody can say what really happened."""
    yield summary_sentence(incidents, budget=budget, days=days)
    paged = [each for each in incidents if each.paged_at]
    if paged:
        yield ""
        yield from _columns([_HEAD[: None if past is not None else -1], *_rows(paged, past)], notes=_headlines(paged))
    missed = silenced(incidents, past) if past is not None else ()
    if missed:
        yield ""
        yield "Really paged, and silent with these settings:"
        for each in missed:
            at = _minute(each.paged_at or each.incident.opened_at)
            yield f"  {at}  #{each.incident.id}  {clean_for_sink(each.incident.headline, max_chars=_HEADLINE_CHARS)}"


def budget_table(compared: Iterable[tuple[float, Sequence[Replayed]]], *, days: float) -> Iterator[str]:
    """Yield one line a budget."""
    head = ("false pages a month", "incidents", "warns", "pages", "pages a month")
    yield from _columns(
        [
            head,
            *(
                (
                    f"{budget:g}",
                    str(len(incidents)),
                    str(count_warns(incidents)),
                    str(count_pages(incidents)),
                    "too short to say" if (rate := monthly(count_pages(incidents), days)) is None else f"{rate:.1f}",
                )
                for budget, incidents in compared
            ),
        ]
    )


_HEAD = ("paged at (UTC)", "brand", "kind", "severity", "after opening", "in fact")


def _rows(paged: Sequence[Replayed], past: Sequence[PastIncident] | None) -> Iterator[tuple[str, ...]]:
    for each in paged:
        found = None if past is None else match(each, past)
        for page in each.paged_at:
            row = (
                _minute(page),
                clean_for_sink(each.brand, max_chars=_NAME_CHARS),
                each.kind.value,
                f"{each.severity} of 5",
                f"{(page - each.opened_at) // timedelta(minutes=1)} min",
            )
            yield row if past is None else (*row, in_fact(page, found, clock=_minute))


def _headlines(paged: Sequence[Replayed]) -> list[str]:
    """Return the second line of each row; the header has none."""
    told = [clean_for_sink(each.headline, max_chars=_HEADLINE_CHARS) for each in paged for _ in each.paged_at]
    return ["", *told]


def _columns(rows: Sequence[Sequence[str]], *, notes: Sequence[str] = ()) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for index, row in enumerate(rows):
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        if notes and notes[index]:
            yield f"    {notes[index]}"


def _minute(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M}"
