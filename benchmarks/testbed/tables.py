"""The tables of `benchmarks.detect`: outcomes in, printed rows out. Measures nothing, judges nothing."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.published_rules import RULES
from benchmarks.tables import show
from benchmarks.testbed.figures import (
    MONTH_DAYS,
    WEEK_DAYS,
    Bar,
    ForecastFigures,
    Found,
    false_pages_a_month,
    forecasts,
    found,
    of,
    peaks_covered,
    quantile,
    share,
)
from benchmarks.testbed.labels import Size, Story, Tone, Trouble
from benchmarks.testbed.outcomes import ASKED_AFTER_MINUTES, Outcome
from benchmarks.testbed.plans import RATES
from stormcone.models import Level

_STORMS = (Story.PILE_ON, Story.OUTAGE, Story.HIJACK)
_PRAISE = (Story.PRAISE_FREE, Story.PRAISE_POST)
_CAMPAIGNS = (Story.CAMPAIGN_PLANNED, Story.CAMPAIGN_GIVEAWAY)


def show_all(outcomes: Sequence[Outcome], bars: Sequence[Bar]) -> None:
    """Print every table."""
    _show_found(outcomes)
    _show_others(outcomes)
    _show_calm(outcomes)
    _show_rules(outcomes)
    _show_forecasts(outcomes)
    _show_bars(bars)


def _show_found(outcomes: Sequence[Outcome]) -> None:
    pile_ons = of(outcomes, Story.PILE_ON)
    rows = [_found_row("pile-ons", pile_ons)]
    clean = [each for each in pile_ons if each.plan.trouble is Trouble.NONE]
    parts: list[tuple[str, Callable[[Outcome], Any], Sequence[Any], Sequence[Outcome]]] = [
        ("", lambda each: each.plan.tone, list(Tone), clean),
        ("", lambda each: each.plan.size, list(Size), clean),
        ("an hour: ", lambda each: each.plan.per_hour, list(RATES), clean),
        ("delayed: ", lambda each: each.plan.is_delayed, [False, True], clean),
        ("likes follow: ", lambda each: each.plan.likes_follow, [False, True], clean),
        ("collected: ", lambda each: each.plan.trouble, [each for each in Trouble if each != "none"], pile_ons),
    ]
    for label, key, values, chosen in parts:
        rows += [_found_row(f"  {label}{value}", [each for each in chosen if key(each) == value]) for value in values]
    rows += [_found_row(story.value, of(outcomes, story)) for story in (Story.OUTAGE, Story.HIJACK)]
    columns = ("storms", "n", "paged", "warned", "recall", "min", "min p90", "hostile", "1 incident", "named")
    show("Storms: found by a page, and when (delays and hostile messages are medians of the paged)", columns, rows)


def _found_row(name: str, outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    what: Found = found(outcomes)
    return (
        name,
        str(what.streams),
        str(what.paged),
        str(what.warned),
        _number(what.recall, 2),
        _number(what.delay_median, 0),
        _number(what.delay_p90, 0),
        _number(what.hostile_median, 0),
        _number(what.one_incident, 2),
        _number(what.named, 2),
    )


def _show_others(outcomes: Sequence[Outcome]) -> None:
    rows = []
    for story in Story:
        chosen = of(outcomes, story)
        if story in _STORMS or story is Story.CALM or not chosen:
            continue
        kinds = Counter(kind for each in chosen for kind in each.kinds)
        rows.append(
            (
                story.value,
                str(len(chosen)),
                str(sum(len(each.pages) for each in chosen)),
                str(sum(Level.WARN in each.reached for each in chosen)),
                str(sum(Level.WATCH in each.reached for each in chosen)),
                ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()),
            )
        )
    show("What must wake nobody, and brigades", ("story", "n", "pages", "warned", "watched", "called"), rows)


def _show_calm(outcomes: Sequence[Outcome]) -> None:
    rows = []
    for name, chosen in (
        *(
            (f"calm, {rate} an hour", [e for e in of(outcomes, Story.CALM) if e.plan.per_hour == rate])
            for rate in RATES
        ),
        ("before storms", of(outcomes, *_STORMS, Story.BRIGADE)),
        ("with benign stories", [e for e in outcomes if e.plan.story.is_benign and e.plan.story is not Story.CALM]),
        ("all", list(outcomes)),
    ):
        months = sum(each.calm_days for each in chosen) / MONTH_DAYS
        pages = sum(len(each.false_pages) for each in chosen)
        rows.append((name, f"{months:.2f}", str(pages), _number(false_pages_a_month(chosen), 2)))
    show("False pages", ("time", "brand-months", "pages", "a month"), rows)


def _show_rules(outcomes: Sequence[Outcome]) -> None:
    rows = [_own_row(outcomes), *(_rule_row(rule.name, outcomes) for rule in RULES)]
    columns = ("rule", "recall", "sarcastic", "min", "min p90", "false a week", "on praise", "on campaigns")
    show("Beside the rules of other products, on the same streams", columns, rows)


def _own_row(outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    monthly = false_pages_a_month(outcomes)
    minutes = {id(each): each.page_minutes for each in outcomes}
    return _compared(
        "Stormcone, page", outcomes, minutes, None if monthly is None else monthly * WEEK_DAYS / MONTH_DAYS
    )


def _rule_row(name: str, outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    results = {id(outcome): rule for outcome in outcomes for rule in outcome.rules if rule.rule == name}
    days = sum(each.calm_days for each in results.values())
    weekly = sum(each.false_alarms for each in results.values()) * WEEK_DAYS / days if days else None
    return _compared(name, outcomes, {key: each.delay_minutes for key, each in results.items()}, weekly)


def _compared(
    name: str, outcomes: Sequence[Outcome], minutes: dict[int, float | None], weekly: float | None
) -> tuple[str, ...]:
    def fired(chosen: Sequence[Outcome]) -> float | None:
        return share(minutes[id(each)] is not None for each in chosen)

    pile_ons = of(outcomes, Story.PILE_ON)
    delays = [delay for each in pile_ons if (delay := minutes[id(each)]) is not None]
    return (
        name,
        _number(fired(pile_ons), 2),
        _number(fired([each for each in pile_ons if each.plan.tone is Tone.SARCASTIC]), 2),
        _number(quantile(delays, 0.5), 0),
        _number(quantile(delays, 0.9), 0),
        _number(weekly, 2),
        _number(fired(of(outcomes, *_PRAISE)), 2),
        _number(fired(of(outcomes, *_CAMPAIGNS)), 2),
    )


def _show_forecasts(outcomes: Sequence[Outcome]) -> None:
    pile_ons = of(outcomes, Story.PILE_ON)
    rows = [_forecast_row("all", each) for each in forecasts(pile_ons)]
    for minutes in ASKED_AFTER_MINUTES:
        chosen = forecasts(pile_ons, lambda each, asked=minutes: each.after_minutes == asked)  # type: ignore[misc]  # the default binds the loop's value
        rows += [_forecast_row(f"{minutes} min after the onset", each) for each in chosen]
    for asked in (None, *ASKED_AFTER_MINUTES):
        peaks = peaks_covered(pile_ons, after_minutes=asked)
        name = "all" if asked is None else f"{asked} min after the onset"
        rows.append((name, "peak", str(peaks.peaks), "-", _number(peaks.covered, 2)))
    columns = ("asked", "horizon", "forecasts", "factor error", "covered")
    show("Forecasts of pile-ons: further mentions, median factor error, share inside the 80 % interval", columns, rows)


def _forecast_row(name: str, what: ForecastFigures) -> tuple[str, ...]:
    return (
        name,
        f"{what.horizon_hours} h",
        str(what.forecasts),
        _number(what.factor_error, 2),
        _number(what.covered, 2),
    )


def _show_bars(bars: Sequence[Bar]) -> None:
    rows = [(bar.name, _number(bar.value, 2), bar.promise, "held" if bar.is_held else "MISSED") for bar in bars]
    show("Bars", ("figure", "measured", "promised", ""), rows)


def _number(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"
