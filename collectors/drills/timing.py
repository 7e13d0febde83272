"""When people write: the rhythm of a week, how fast a post is answered, how a crowd arrives and answers itself.

Pure arithmetic on minutes with a passed-in random.Random. Never knows what is written, nor by whom.
"""

import math
import random
from dataclasses import dataclass
from datetime import datetime

from collectors.drills.scenario import RateCurve

DAY_MINUTES = 24 * 60

_BUSIEST_HOUR = 15.0
_DAY_SWING = 0.7
_WORKDAY, _WEEKEND = 1.1, 0.75  # their mean over a week is 1
_SATURDAY = 5
_ANSWER_MINUTES, _ANSWER_POWER = 6.0, 0.9  # of a reply to a reply
_LONGEST_ANSWER_MINUTES = 240.0
_GAUSSIAN_FROM = 30.0  # above, a Poisson count is drawn from its normal approximation
_CROWD_SPREAD = 0.04  # crowds differ by a few per cent from seed to seed


@dataclass(frozen=True, slots=True, eq=False)
class Arrival:
    """One message of a crowd: minutes after its onset, and the message it answers (None: the post itself)."""

    minute: float
    answers: "Arrival | None" = None


def rhythm(instant: datetime) -> float:
    """Return how busy an hour of the week is; 1 is the mean of a week.

    >>> round(rhythm(datetime(2026, 1, 5, 15)), 2), round(rhythm(datetime(2026, 1, 10, 3)), 2)
    (1.87, 0.23)
    """
    hour = instant.hour + instant.minute / 60
    of_day = 1 + _DAY_SWING * math.cos(2 * math.pi * (hour - _BUSIEST_HOUR) / 24)
    return of_day * (_WEEKEND if instant.weekday() >= _SATURDAY else _WORKDAY)


def poisson(rng: random.Random, mean: float) -> int:
    """Return a Poisson count with the given mean, >= 0."""
    if mean > _GAUSSIAN_FROM:
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    limit, product, count = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count


def reaction_minutes(rng: random.Random, *, scale_minutes: float = 30.0, power: float = 0.5) -> float:
    """Return how long after an own post an ordinary answer or like comes: a power law, cut at one day.

    Args: scale_minutes, power: the part that comes later than t minutes is (1 + t / scale) ** -power.
    """
    minutes = math.inf
    while minutes > DAY_MINUTES:
        minutes = scale_minutes * ((1 - rng.random()) ** (-1 / power) - 1)
    return minutes


def arrivals(rng: random.Random, curve: RateCurve, branch_share: float) -> list[Arrival]:
    """Return the messages of a crowd in time order.

    Args: curve: how many come and when. branch_share: share of them that answers an earlier message instead.
    """
    count = max(1, round(curve.messages * rng.gauss(1, _CROWD_SPREAD))) if curve.messages > 1 else 1
    roots = max(1, round(count * (1 - branch_share)))
    crowd = [Arrival(_onset_minute(rng, curve)) for _ in range(roots)]
    for _ in range(count - roots):
        answered = rng.choice(crowd)
        crowd.append(Arrival(answered.minute + _answer_minutes(rng), answered))
    return sorted(crowd, key=lambda each: each.minute)


def _onset_minute(rng: random.Random, curve: RateCurve) -> float:
    """Draw from a density that rises linearly, stays, and halves every half-life."""
    rise, plateau, decay = curve.rise_minutes / 2, curve.plateau_minutes, curve.half_life_minutes / math.log(2)
    mass = rng.random() * (rise + plateau + decay)
    if mass < rise:
        return curve.rise_minutes * math.sqrt(mass / rise)
    if mass < rise + plateau:
        return curve.rise_minutes + mass - rise
    return curve.rise_minutes + plateau + rng.expovariate(1 / decay)


def _answer_minutes(rng: random.Random) -> float:
    minutes = math.inf
    while minutes > _LONGEST_ANSWER_MINUTES:
        minutes = _ANSWER_MINUTES * ((1 - rng.random()) ** (-1 / _ANSWER_POWER) - 1)
    return minutes
