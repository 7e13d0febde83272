"""Rows in the making: what the writing parts hand to `generation.py`, before ids and times of collection exist.

Minutes count from the start of the live part; history has negative ones. Never leaves this package.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from collectors.drills.people import Author, Community
from collectors.drills.phrases import Phrasebook
from collectors.drills.scenario import Scenario

_HOUSE_AGE_DAYS = 3650


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Draft:
    """One post; `root` is the post that opened its thread, None for a free mention or an own post.

    pool: the phrases its text was drawn from; None where it was given word by word.
    """

    minute: float
    text: str
    author: Author
    parent: "Draft | None" = None
    root: "Draft | None" = None
    is_own_post: bool = False
    pool: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """An own post, its answers, and the minutes at which it gained likes, reposts and quotes."""

    post: Draft
    replies: list[Draft] = field(default_factory=list)
    like_minutes: list[float] = field(default_factory=list)
    repost_minutes: list[float] = field(default_factory=list)
    quote_minutes: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """All that a writing part needs for one stretch of a drill: the scenario, chance, words, people, the calendar."""

    scenario: Scenario
    rng: random.Random
    phrases: Phrasebook
    community: Community
    house: Author
    starts_at: datetime

    def instant(self, minute: float) -> datetime:
        """Return the instant of a minute of the drill."""
        return self.starts_at + timedelta(minutes=minute)

    def own_post(self, minute: float, text: str) -> Draft:
        """Return a post of the brand itself."""
        return Draft(minute=minute, text=text, author=self.house, is_own_post=True)


def open_stage(scenario: Scenario, *, starts_at: datetime, seed: int, stretch: int, known: Sequence[Author]) -> Stage:
    """Return the stage of one stretch: 0 is the live part, n the n-th day before it.

    Every stretch has chance of its own, so the live part is the same whatever history is asked for.
    """
    rng = random.Random(f"{scenario.name}/{seed}/{stretch}")  # noqa: S311 - a drill wants a seed, not a secret
    return Stage(
        scenario=scenario,
        rng=rng,
        phrases=Phrasebook(scenario, rng),
        community=Community(known=tuple(known), rng=rng, starts_at=starts_at, stretch=stretch),
        house=Author(
            handle=scenario.handle,
            followers=scenario.followers,
            created_at=starts_at - timedelta(days=_HOUSE_AGE_DAYS),
        ),
        starts_at=starts_at,
    )
