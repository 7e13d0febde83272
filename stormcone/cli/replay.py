"""`stormcone replay`: recorded mentions through the real pipeline on a clock that jumps.

From files or from the store, with the settings there are or with others: how often would people have been paged?
Nothing is sent, nothing is stored for good, and nothing but the given files, or the store of the settings, is read.
"""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from stormcone.backtest import Ledger, Replayed, count_pages, count_warns, monthly, told_of
from stormcone.cli.backtest_settings import LEAST_BUDGET, MOST_BUDGET, read_budgets, with_budget, with_overrides
from stormcone.cli.backtest_sources import Chosen, FileSource, Progress, Source, StoredSource
from stormcone.cli.backtest_table import budget_table, page_table
from stormcone.cli.options import ConfigOption, JsonOption, open_configured_store, read_config, read_instant
from stormcone.config import Config, load_config
from stormcone.errors import UsageError
from stormcone.journal import transition_line
from stormcone.mention_file import NO_MAP, parse_column_map
from stormcone.pipeline.replaying import Played

_Files: TypeAlias = Annotated[list[Path] | None, typer.Argument(help="Mention files: CSV, CSV.gz or JSONL.")]
_Budget: TypeAlias = Annotated[
    float | None,
    typer.Option("--false-pages-per-month", min=LEAST_BUDGET, max=MOST_BUDGET, help="Budget of every brand."),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("replay")(replay)


def replay(  # noqa: PLR0917 - one argument an option
    files: _Files = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 - typer's way
    is_stored: Annotated[  # noqa: FBT002
        bool, typer.Option("--stored", help="Replay what the store of the settings holds, instead of files.")
    ] = False,
    brand: Annotated[list[str] | None, typer.Option(help="Only this brand; may be given again.")] = None,
    column_map: Annotated[
        str | None, typer.Option("--map", help="created_at=tweet_created,... renames columns.")
    ] = None,
    poll_minutes: Annotated[float, typer.Option(min=0.1, max=1440, help="Minutes between two polls.")] = 1.0,
    budget: _Budget = None,
    since: Annotated[str | None, typer.Option(help="Leave out what was seen before this ISO instant.")] = None,
    until: Annotated[str | None, typer.Option(help="Leave out what was seen from this ISO instant on.")] = None,
    overrides: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="detector.KEY=VALUE", help="Another setting of detector, severity or kinds."),
    ] = None,
    compare: Annotated[
        str | None, typer.Option(metavar="0.5,1,2,4", help="Replay once with each of these budgets.")
    ] = None,
    is_rescored: Annotated[  # noqa: FBT002
        bool, typer.Option("--rescore", help="With --stored: read every text anew, not the stored scores.")
    ] = False,
    has_progress: Annotated[  # noqa: FBT002
        bool, typer.Option("--progress", help="With --stored: tell on standard error how far it is, as JSON.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first row that cannot be read.")] = False,  # noqa: FBT002
) -> None:
    """Replay recorded or stored mentions: who would have been paged, when, and why (--json: every transition)."""
    budgets = () if compare is None else read_budgets(compare)
    if budgets and budget is not None:
        raise UsageError("--compare and --false-pages-per-month: give one of them")
    if bool(files) == is_stored:
        raise UsageError("replay: name mention files, or say --stored to replay what the store holds")
    settings = with_overrides(_settings(config, is_stored=is_stored), overrides or ())
    asked = _Asked(files=files or [], column_map=column_map, poll_minutes=poll_minutes, is_strict=strict)
    chosen = _chosen(brand, since, until)
    if is_stored:
        opening = _stored(settings, chosen, asked, is_rescored=is_rescored, progress=Progress(as_json=has_progress))
    else:
        opening = _of_files(chosen, asked, is_repeated=len(budgets) > 1)
    with opening as source:
        if budgets:
            _compare(source, settings, budgets, as_json=as_json)
        else:
            _answer(source, settings, budget, as_json=as_json)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """How rows are read."""

    files: list[Path]
    column_map: str | None
    poll_minutes: float
    is_strict: bool


def _settings(config: Path | None, *, is_stored: bool) -> Config:
    """Files need no settings; a store is found by its."""
    if is_stored:
        return read_config(config)
    return load_config(config) if config else Config()


def _chosen(brands: list[str] | None, since: str | None, until: str | None) -> Chosen:
    chosen = Chosen(
        brands=tuple(dict.fromkeys(brands or ())),
        since=read_instant("--since", since),
        until=read_instant("--until", until),
    )
    if chosen.since is not None and chosen.until is not None and chosen.until <= chosen.since:
        raise UsageError(f"--until {until!r}: lies not after --since {since!r}; nothing would be left")
    return chosen


@contextmanager
def _stored(
    settings: Config, chosen: Chosen, asked: _Asked, *, is_rescored: bool, progress: Progress
) -> Iterator[Source]:
    store = open_configured_store(settings, is_read_only=True)
    try:
        yield StoredSource(store, chosen, poll_minutes=asked.poll_minutes, is_rescored=is_rescored, progress=progress)
    finally:
        store.close()


@contextmanager
def _of_files(chosen: Chosen, asked: _Asked, *, is_repeated: bool) -> Iterator[Source]:
    yield FileSource(
        asked.files,
        parse_column_map(asked.column_map) if asked.column_map else NO_MAP,
        chosen,
        poll_minutes=asked.poll_minutes,
        is_strict=asked.is_strict,
        is_repeated=is_repeated,
    )


def _answer(source: Source, settings: Config, budget: float | None, *, as_json: bool) -> None:
    """Play once: with --json every transition as it happens, else one sentence and a table."""
    began = time.perf_counter()
    played, ledger = Played(), Ledger()
    for transition in source.play(with_budget(settings, source.brands, budget), played):
        ledger.enter(told_of(transition))
        if as_json:
            typer.echo(transition_line(transition))
    if as_json:
        typer.echo(_summary(source, played, began))
    elif not played.mentions:
        typer.echo(source.nothing())
    else:
        told = budget if budget is not None else _common_budget(settings, source)
        typer.echo("\n".join(page_table(ledger.incidents, source.past(), budget=told, days=source.days(played))))
        typer.echo(f"\nreplayed: {_counts(source, played, began)}")


def _compare(source: Source, settings: Config, budgets: tuple[float, ...], *, as_json: bool) -> None:
    """Play once with each budget; the summary is that of the last."""
    began = time.perf_counter()
    compared = []
    played = Played()
    for budget in budgets:
        played, ledger = Played(), Ledger()
        for transition in source.play(with_budget(settings, source.brands, budget), played):
            ledger.enter(told_of(transition))
        compared.append((budget, ledger.incidents))
        if as_json:
            typer.echo(_budget_line(budget, ledger.incidents, source.days(played)))
    if as_json:
        typer.echo(_summary(source, played, began))
    elif not played.mentions:
        typer.echo(source.nothing())
    else:
        typer.echo("\n".join(budget_table(compared, days=source.days(played))))
        typer.echo(f"\nreplayed {len(budgets)} times: {_counts(source, played, began)}")


def _common_budget(settings: Config, source: Source) -> float | None:
    """Return the budget that all brands share, None where they have different ones."""
    found = {settings.brand_named(name).false_pages_per_month for name in source.brands}
    return found.pop() if len(found) == 1 else None


def _budget_line(budget: float, incidents: Sequence[Replayed], days: float) -> str:
    pages = count_pages(incidents)
    rate = monthly(pages, days)
    line = {
        "budget": budget,
        "incidents": len(incidents),
        "warns": count_warns(incidents),
        "pages": pages,
        "pages_a_month": None if rate is None else round(rate, 2),
    }
    return json.dumps(line)


def _figures(source: Source, played: Played, began: float) -> dict[str, float]:
    return {
        "mentions": played.mentions,
        "skipped": source.skipped,
        "brands": len(played.brands),
        "days": round(played.days, 3),
        "incidents": played.incidents,
        "pages": played.pages,
        "seconds": round(time.perf_counter() - began, 3),
    }


def _summary(source: Source, played: Played, began: float) -> str:
    return json.dumps({"summary": _figures(source, played, began)})


def _counts(source: Source, played: Played, began: float) -> str:
    return ", ".join(f"{value} {name}" for name, value in _figures(source, played, began).items())
