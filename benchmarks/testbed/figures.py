"""Sums outcomes up: recall, delay, false pages, kinds and forecasts, and whether each bar is held.

Between the outcomes of single streams and the tables of `benchmarks.detect`. Pure arithmetic.
"""

import math
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.testbed.labels import Story, Tone
from benchmarks.testbed.outcomes import HORIZONS_HOURS, Foretold, Outcome
from stormcone.models import Kind, Level

MONTH_DAYS: Final = 30
WEEK_DAYS: Final = 7

_RECALL, _SARCASTIC_RECALL = 0.90, 0.75
_DELAY_MINUTES, _HOSTILE = 35.0, 12.0
_BUDGET_FACTOR = 1.25
_FACTOR_ERROR = 1.5
_COVERED = (0.75, 0.90)
_PEAK_COVERED = (0.70, 0.92)  # a guard: nobody asked for a width, but an interval that is told as 80 % shall be one


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """How well a set of storms was found. Delays and hostile messages are of those that were paged, None without any.

    one_incident: share of those that any incident was opened for, that were exactly one. named: share of the paged
    that were called one of the kinds that fit.
    """

    streams: int
    paged: int
    warned: int
    delay_median: float | None
    delay_p90: float | None
    hostile_median: float | None
    one_incident: float | None
    named: float | None

    @property
    def recall(self) -> float | None:
        """Share that was paged; None of no storm."""
        return self.paged / self.streams if self.streams else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One promise beside what was measured; value None where nothing was there to measure."""

    name: str
    value: float | None
    low: float = -math.inf
    high: float = math.inf

    @property
    def is_held(self) -> bool:
        """True where the value is inside, or there is none."""
        return self.value is None or self.low <= self.value <= self.high

    @property
    def promise(self) -> str:
        """The bar in words."""
        if self.low > -math.inf and self.high < math.inf:
            return f"{self.low:g} to {self.high:g}"
        return f"at most {self.high:g}" if self.high < math.inf else f"at least {self.low:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastFigures:
    """How good the forecasts of one horizon were."""

    horizon_hours: int
    forecasts: int
    factor_error: float | None
    covered: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeakFigures:
    """How many peaks were foretold, and which share lay inside its interval; None of none."""

    peaks: int
    covered: float | None


def of(outcomes: Iterable[Outcome], *stories: Story) -> list[Outcome]:
    """Return the outcomes of some stories."""
    return [each for each in outcomes if each.plan.story in stories]


def found(outcomes: Sequence[Outcome]) -> Found:
    """Return how well these storms were found."""
    paged = [each for each in outcomes if each.page_minutes is not None]
    delays = [each.page_minutes for each in paged if each.page_minutes is not None]
    hostile = [each.hostile_before_page for each in paged if each.hostile_before_page is not None]
    seen = [each for each in outcomes if each.incidents]
    return Found(
        streams=len(outcomes),
        paged=len(paged),
        warned=sum(Level.WARN in each.reached for each in outcomes),
        delay_median=statistics.median(delays) if delays else None,
        delay_p90=quantile(delays, 0.9),
        hostile_median=statistics.median(hostile) if hostile else None,
        one_incident=share(each.incidents == 1 for each in seen),
        named=share(bool(_fitting(each.plan.story) & set(each.kinds)) for each in paged),
    )


def false_pages_a_month(outcomes: Sequence[Outcome]) -> float | None:
    """Return the false pages of these streams per brand and month; None without a calm day."""
    days = sum(each.calm_days for each in outcomes)
    return sum(len(each.false_pages) for each in outcomes) * MONTH_DAYS / days if days else None


def forecasts(
    outcomes: Iterable[Outcome], wanted: Callable[[Foretold], bool] = lambda _: True
) -> list[ForecastFigures]:
    """Return the figures of each horizon, over the forecasts that are `wanted`."""
    told = [each for outcome in outcomes for each in outcome.forecasts if wanted(each)]
    figures = []
    for hours in HORIZONS_HOURS:
        chosen = [each for each in told if each.horizon_hours == hours]
        errors = [each.factor_error for each in chosen]
        figures.append(
            ForecastFigures(
                horizon_hours=hours,
                forecasts=len(chosen),
                factor_error=statistics.median(errors) if errors else None,
                covered=share(each.is_covered for each in chosen),
            )
        )
    return figures


def peaks_covered(outcomes: Iterable[Outcome], *, after_minutes: int | None = None) -> PeakFigures:
    """Return how good the expected peaks were. Args: after_minutes: only those asked then; None: all."""
    told = [each for outcome in outcomes for each in outcome.peaks if after_minutes in {None, each.after_minutes}]
    return PeakFigures(peaks=len(told), covered=share(each.is_covered for each in told))


def bars(outcomes: Sequence[Outcome], *, budget: float) -> list[Bar]:
    """Return what was promised beside what was measured."""
    pile_ons = of(outcomes, Story.PILE_ON)
    all_found = found(pile_ons)
    sarcastic = found([each for each in pile_ons if each.plan.tone is Tone.SARCASTIC])
    held = [
        Bar(name="recall of pile-ons by page", value=all_found.recall, low=_RECALL),
        Bar(name="recall of sarcastic pile-ons", value=sarcastic.recall, low=_SARCASTIC_RECALL),
        Bar(name="median delay, minutes", value=all_found.delay_median, high=_DELAY_MINUTES),
        Bar(name="median hostile replies before", value=all_found.hostile_median, high=_HOSTILE),
        Bar(name="one incident each, share", value=all_found.one_incident, low=1.0),
        Bar(name="false pages a month", value=false_pages_a_month(outcomes), high=_BUDGET_FACTOR * budget),
    ]
    for name, stories in (
        ("pages on praise", (Story.PRAISE_FREE, Story.PRAISE_POST)),
        ("pages on campaigns", (Story.CAMPAIGN_PLANNED, Story.CAMPAIGN_GIVEAWAY)),
        ("pages on a single troll", (Story.TROLL,)),  # three are in the table: a few shouters are near a small crowd
        ("pages on reposts", (Story.REPOSTS,)),
    ):
        chosen = of(outcomes, *stories)
        pages = sum(len(each.pages) for each in chosen)
        held.append(Bar(name=name, value=float(pages) if chosen else None, high=0.0))
    named = share(Kind.BRIGADE in each.kinds for each in of(outcomes, Story.BRIGADE))
    held.append(Bar(name="brigades named, share", value=named, low=1.0))
    for each in forecasts(pile_ons):
        if each.horizon_hours in {1, 3}:
            name = f"forecast {each.horizon_hours} h, factor error"
            held.append(Bar(name=name, value=each.factor_error, high=_FACTOR_ERROR))
        name = f"forecast {each.horizon_hours} h, covered"
        held.append(Bar(name=name, value=each.covered, low=_COVERED[0], high=_COVERED[1]))
    peaks = peaks_covered(pile_ons).covered
    held.append(Bar(name="expected peak, covered", value=peaks, low=_PEAK_COVERED[0], high=_PEAK_COVERED[1]))
    return held


def share(claims: Iterable[bool]) -> float | None:
    """Return the share that is true; None of nothing.

    >>> share([True, False])
    0.5
    """
    known = list(claims)
    return sum(known) / len(known) if known else None


def quantile(values: Sequence[float], part: float) -> float | None:
    """Return the value below which `part` of them lie, interpolated; None of nothing.

    >>> quantile([1.0, 2.0, 3.0], 0.9)
    2.8
    """
    if not values:
        return None
    ordered = sorted(values)
    place = part * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def _fitting(story: Story) -> set[Kind]:
    return {Kind.SERVICE, Kind.BACKLASH} if story is Story.OUTAGE else {Kind.BACKLASH}
