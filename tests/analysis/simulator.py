"""Invented threads and calm streams for the tests of the detectors: small, seeded, no product code.

Replies follow the reaction of people to a post (a power law), answer each other now and then, and are read by a scorer
that is right most of the time. Never imports what it is used to judge, except the record of an earlier post.
"""

import math
import random
from collections import Counter
from dataclasses import dataclass, field

from analysis.post_prior import FinishedPost

DAY_MINUTES = 24 * 60
_SEES_ANGER, _SEES_GHOSTS = 0.78, 0.10  # share of angry and of friendly replies that the scorer takes for angry


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """What is usual for a brand's own posts."""

    mean_replies: float = 14.0
    size: float = 1.5
    against_share: float = 0.2
    likes_per_reply: float = 8.0


@dataclass(slots=True, kw_only=True)
class SimulatedThread:
    """One thread: minutes after the post with the mass against of each reply, and the minutes of likes."""

    replies: list[tuple[float, float]] = field(default_factory=list)
    likes: list[float] = field(default_factory=list)

    def finished(self) -> FinishedPost:
        return FinishedPost(
            voices=float(len(self.replies)), against=sum(mass for _, mass in self.replies), likes=len(self.likes)
        )

    def steps(self, width: int) -> list[tuple[int, float, float, int]]:
        """Return (age in minutes, voices, mass against, new likes) for each step of the first day that has any."""
        voices, likes = Counter[int](), Counter[int]()
        masses: dict[int, float] = {}
        for minute, mass in self.replies:
            voices[int(minute // width)] += 1
            masses[int(minute // width)] = masses.get(int(minute // width), 0.0) + mass
        likes.update(int(minute // width) for minute in self.likes)
        return [
            ((index + 1) * width, float(voices[index]), masses.get(index, 0.0), likes[index])
            for index in range(DAY_MINUTES // width)
            if voices[index] or likes[index]
        ]


def poisson(rng: random.Random, mean: float) -> int:
    if mean > 30:
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    limit, product, count = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count


def ordinary_thread(rng: random.Random, habit: Habit, *, luck: float | None = None) -> SimulatedThread:
    """Return the thread of an ordinary post; `luck` 1 is the mean of them, None draws it."""
    luck = rng.gammavariate(habit.size, 1 / habit.size) if luck is None else luck
    replies = habit.mean_replies * luck
    share = rng.betavariate(20 * habit.against_share, 20 * (1 - habit.against_share))
    thread = SimulatedThread()
    minutes = [_reaction(rng) for _ in range(poisson(rng, replies / 1.25))]
    minutes += [minute + rng.expovariate(1 / 10) for minute in minutes if rng.random() < 0.25]
    thread.replies = [(minute, _mass(rng, share)) for minute in minutes]
    likes_mean = replies * habit.likes_per_reply * rng.lognormvariate(0, 0.4)
    thread.likes = [_reaction(rng) for _ in range(poisson(rng, likes_mean))]
    return thread


def viral_hit(rng: random.Random, habit: Habit) -> SimulatedThread:
    """Return the thread of a post that many more people like and answer, as friendly as ever."""
    thread = ordinary_thread(rng, habit, luck=1.0)
    onset = rng.expovariate(1 / 60)
    crowd = [onset + rng.expovariate(1 / 120) for _ in range(rng.randint(60, 250))]
    thread.replies += [(minute, _mass(rng, habit.against_share)) for minute in crowd]
    likes = [minute + rng.expovariate(1 / 10) for minute in crowd for _ in range(round(habit.likes_per_reply))]
    thread.likes += likes
    return thread


def pile_on(
    rng: random.Random, habit: Habit, *, onset_minutes: float, messages: int = 150, weakened: float = 1.0
) -> SimulatedThread:
    """Return a thread on which strangers pile on; `weakened` below 1 is sarcasm that the scorer half misses."""
    thread = ordinary_thread(rng, habit, luck=1.0)
    rise = [onset_minutes + 30 * math.sqrt(rng.random()) for _ in range(messages // 3)]
    fall = [onset_minutes + 30 + rng.expovariate(1 / 80) for _ in range(messages - messages // 3)]
    crowd = rise + fall
    thread.replies += [(minute, weakened * _mass(rng, 0.85)) for minute in crowd]
    thread.likes += [minute + 2 for minute in crowd if rng.random() < 0.4]
    return thread


def _reaction(rng: random.Random) -> float:
    minutes = math.inf
    while minutes > DAY_MINUTES:
        minutes = 30.0 * ((1 - rng.random()) ** -2 - 1)
    return minutes


def _mass(rng: random.Random, share: float) -> float:
    """Return what the scorer makes of one reply, 0..1."""
    looks_angry = rng.random() < (_SEES_ANGER if rng.random() < share else _SEES_GHOSTS)
    return rng.uniform(0.6, 0.95) if looks_angry else rng.uniform(0.02, 0.3)
