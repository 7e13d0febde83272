"""What hour of the week is usually busy: a multiplicative profile that starts flat and learns.

Used by the baselines of streams. Knows nothing of mentions or storms; the caller cuts what it must not learn.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import NamedTuple

_HOURS = 24
_FORGET = (
    0.9995  # a step at a time: with 5-minute steps a cell forgets half of what it knew in about a week of its hours
)


class HourOfWeek(NamedTuple):
    """Where in the week a local time lies: two parts, weekend or not, of 24 hours each, with no jump between hours.

    beside: the hour whose centre is the next nearest. weight: of that hour, 0..0.5.
    """

    is_weekend: bool
    hour: int
    beside: int
    weight: float

    @classmethod
    def of(cls, local: datetime) -> "HourOfWeek":
        """Return the place of a local time.

        >>> HourOfWeek.of(datetime(2026, 1, 5, 9, 45))
        HourOfWeek(is_weekend=False, hour=9, beside=10, weight=0.25)
        """
        return _place(local.hour, local.minute, is_weekend=local.weekday() >= 5)  # noqa: PLR2004 - Saturday, Sunday


@cache
def _place(hour: int, minute: int, *, is_weekend: bool) -> HourOfWeek:
    """Return the place of a minute; there are fewer than three thousand, and streams ask for one at every step."""
    within = minute / 60.0
    neighbour, weight = (-1, 0.5 - within) if within < 0.5 else (1, within - 0.5)  # noqa: PLR2004 - the hour's centre
    return HourOfWeek(is_weekend, hour, (hour + neighbour) % _HOURS, weight)


@dataclass(slots=True)
class _Part:
    """What one hour brought in one part of the week. factor: at the hour's centre, as learned so far."""

    ratios: float = 0.0
    steps: float = 0.0
    factor: float = 1.0


@dataclass(slots=True)
class _Hour:
    """What one hour of the day brought, and what of it on workdays and at weekends."""

    ratios: float = 0.0
    steps: float = 0.0
    parts: tuple[_Part, _Part] = field(default_factory=lambda: (_Part(), _Part()))


@dataclass(slots=True, kw_only=True)
class Season:
    """Factors for (weekend or not, hour of day), shrunk from cell to hour to 1, interpolated between hour centres.

    prior_steps: how many steps of evidence the flat profile is worth; with 24 an hour is believed after two days.
    Source: own definition, hierarchical shrinkage of a ratio estimate.
    >>> season = Season()
    >>> season.factor(HourOfWeek.of(datetime(2026, 1, 5, 9, 30)))
    1.0
    """

    prior_steps: float = 24.0
    _hours: list[_Hour] = field(default_factory=lambda: [_Hour() for _ in range(_HOURS)])

    def factor(self, when: HourOfWeek) -> float:
        """Return how busy this time of the week usually is, relative to the brand's average (1.0)."""
        is_weekend, hour, beside, weight = when
        here, there = self._hours[hour].parts[is_weekend], self._hours[beside].parts[is_weekend]
        return (1 - weight) * here.factor + weight * there.factor

    def learn(self, when: HourOfWeek, ratio: float) -> None:
        """Note that a step at that time was `ratio` times as busy as the brand's level."""
        hour = self._hours[when.hour]
        hour.ratios = hour.ratios * _FORGET + ratio
        hour.steps = hour.steps * _FORGET + 1.0
        learned = hour.parts[when.is_weekend]
        learned.ratios = learned.ratios * _FORGET + ratio
        learned.steps = learned.steps * _FORGET + 1.0
        prior = self.prior_steps
        leaned_on = 2 * prior * (hour.ratios + prior) / (hour.steps + prior)
        for part in hour.parts:
            part.factor = (part.ratios + leaned_on) / (part.steps + 2 * prior)
