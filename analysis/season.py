"""What hour of the week is usually busy: a multiplicative profile that starts flat and learns.

Used by the baseline of a brand's stream. Knows nothing of mentions or storms; the caller cuts what it must not learn.
"""

from dataclasses import dataclass, field
from datetime import datetime

_HOURS = 24
_FORGET = (
    0.9995  # a step at a time: with 5-minute steps a cell forgets half of what it knew in about a week of its hours
)


@dataclass(slots=True, kw_only=True)
class Season:
    """Factors for (weekend or not, hour of day), shrunk from cell to hour to 1, interpolated between hour centres.

    prior_steps: how many steps of evidence the flat profile is worth; with 24 an hour is believed after two days.
    Source: own definition, hierarchical shrinkage of a ratio estimate.
    >>> season = Season()
    >>> season.factor(datetime(2026, 1, 5, 9, 30))
    1.0
    """

    prior_steps: float = 24.0
    _hour_sum: list[float] = field(default_factory=lambda: [0.0] * _HOURS)
    _hour_weight: list[float] = field(default_factory=lambda: [0.0] * _HOURS)
    _cell_sum: list[list[float]] = field(default_factory=lambda: [[0.0] * _HOURS, [0.0] * _HOURS])
    _cell_weight: list[list[float]] = field(default_factory=lambda: [[0.0] * _HOURS, [0.0] * _HOURS])

    def factor(self, local: datetime) -> float:
        """Return how busy this local time usually is, relative to the brand's average (1.0)."""
        weekend = local.weekday() >= 5  # noqa: PLR2004 - Saturday and Sunday
        within = local.minute / 60.0
        neighbour, weight = (-1, 0.5 - within) if within < 0.5 else (1, within - 0.5)  # noqa: PLR2004 - the hour's centre
        here, beside = local.hour, (local.hour + neighbour) % _HOURS
        return (1 - weight) * self._cell(weekend, here) + weight * self._cell(weekend, beside)

    def learn(self, local: datetime, ratio: float) -> None:
        """Note that a step at `local` was `ratio` times as busy as the brand's level."""
        weekend, hour = local.weekday() >= 5, local.hour  # noqa: PLR2004 - as above
        self._hour_sum[hour] = self._hour_sum[hour] * _FORGET + ratio
        self._hour_weight[hour] = self._hour_weight[hour] * _FORGET + 1.0
        cell_sum, cell_weight = self._cell_sum[weekend], self._cell_weight[weekend]
        cell_sum[hour] = cell_sum[hour] * _FORGET + ratio
        cell_weight[hour] = cell_weight[hour] * _FORGET + 1.0

    def _cell(self, weekend: bool, hour: int) -> float:  # noqa: FBT001 - an index of two
        by_hour = (self._hour_sum[hour] + self.prior_steps) / (self._hour_weight[hour] + self.prior_steps)
        prior = 2 * self.prior_steps
        return (self._cell_sum[weekend][hour] + prior * by_hour) / (self._cell_weight[weekend][hour] + prior)
