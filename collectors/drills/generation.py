"""Generates a drill: a calm history, then the live part with its storm, as the very rows a collector brings home.

Called by `collectors/drill.py` and by whoever loads the history of a demo. Pure: the same scenario, start and seed give
the same rows, and the live part does not depend on how much history is asked for. Never reads a clock or saves.
"""

import math
import random
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from collectors.drills.calm import calm_mentions, ordinary_thread, ordinary_threads
from collectors.drills.drafts import Draft, Stage, Thread, open_stage
from collectors.drills.people import regulars
from collectors.drills.scenario import Scenario
from collectors.drills.storm import bot_threads, phase_drafts
from collectors.drills.timing import DAY_MINUTES
from stormcone.models import Engagement, Mention
from stormcone.models.mentions import require_utc

_LONGEST_DELAY_SECONDS = 20.0
_USUAL_LUCK = 1.0  # the post of a story would have been an average one
_LIVE_LADDER = (*range(1, 121), *range(125, DAY_MINUTES + 1, 5))  # minutes after the post
_HISTORY_LADDER = (1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, DAY_MINUTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """A generated drill.

    mentions: own posts and mentions, engagements: counts of the own posts; both in the order of `seen_at`. History is
    what was seen up to `starts_at` (ids h1, h2, ...), the live part runs from there to `ends_at` (ids d1, d2, ...).
    pools: id of a mention -> the pool its text is from; for whoever wants to know what was meant, never for detectors.
    """

    mentions: tuple[Mention, ...]
    engagements: tuple[Engagement, ...]
    starts_at: datetime
    ends_at: datetime
    pools: Mapping[str, str]

    @property
    def history(self) -> tuple[Mention, ...]:
        """Mentions and own posts from before the drill."""
        return self.mentions[: self._live_from]

    @property
    def live(self) -> tuple[Mention, ...]:
        """Mentions and own posts of the live part."""
        return self.mentions[self._live_from :]

    @property
    def _live_from(self) -> int:
        return bisect_right(self.mentions, self.starts_at, key=lambda mention: mention.seen_at)


def generate(scenario: Scenario, *, start: datetime, seed: int, history_days: float = 14.0) -> Drill:
    """Return the rows of a drill.

    Args: start: where the live part begins, aware UTC. seed: the same seed gives the same rows. history_days: days of
        calm before it, >= 0.
    Returns: rows seen between `start - history_days` and `start + scenario.live_minutes`.
    Raises: ValueError: `start` is not UTC, or history_days is negative.
    >>> from datetime import UTC
    >>> from collectors.drills.scenario import load_scenario
    >>> at = datetime(2026, 1, 5, 13, tzinfo=UTC)
    >>> drill = generate(load_scenario("calm-week"), start=at, seed=1, history_days=0)
    >>> drill.mentions[0].id, (drill.ends_at - drill.starts_at).days
    ('d1', 7)
    """
    require_utc("start", start)
    if history_days < 0:
        raise ValueError(f"history_days must not be negative: {history_days}")
    known = regulars(seed=f"{scenario.name}/{seed}/regulars", starts_at=start)
    past: list[Thread] = []
    past_mentions: list[Draft] = []
    for day in range(math.ceil(history_days), 0, -1):
        stage = open_stage(scenario, starts_at=start, seed=seed, stretch=day, known=known)
        first_minute, last_minute = -min(day, history_days) * DAY_MINUTES, -(day - 1) * DAY_MINUTES
        past_mentions += calm_mentions(stage, first_minute, last_minute)
        past += ordinary_threads(stage, first_minute, last_minute, cut_minute=0)
    live_stage = open_stage(scenario, starts_at=start, seed=seed, stretch=0, known=known)
    live, live_mentions = _live_part(live_stage)
    ends_at = start + timedelta(minutes=scenario.live_minutes)
    history_rows = _Rows(scenario, start=start, until=start, prefix="h", seed=seed)
    live_rows = _Rows(scenario, start=start, until=ends_at, prefix="d", seed=seed)
    return Drill(
        mentions=(*history_rows.mentions(past, past_mentions), *live_rows.mentions(live, live_mentions)),
        engagements=(*history_rows.engagements(past, _HISTORY_LADDER), *live_rows.engagements(live, _LIVE_LADDER)),
        starts_at=start,
        ends_at=ends_at,
        pools={**history_rows.pools, **live_rows.pools},
    )


def _live_part(stage: Stage) -> tuple[list[Thread], list[Draft]]:
    scenario = stage.scenario
    ends_minute = float(scenario.live_minutes)
    mentions = calm_mentions(stage, 0, ends_minute)
    named = {
        post.key: ordinary_thread(
            stage, stage.own_post(post.at_minute, post.text), luck=_USUAL_LUCK, cut_minute=ends_minute
        )
        for post in scenario.posts
    }
    for phase in scenario.phases:
        drafts = phase_drafts(stage, phase, named)
        if phase.answers is None:
            mentions += drafts
    threads = list(named.values())
    for bot in scenario.bots:
        threads += bot_threads(stage, bot)
    if scenario.posts_go_on:
        threads += ordinary_threads(stage, 0, ends_minute, cut_minute=ends_minute)
    return threads, mentions


class _Rows:
    """Gives drafts of one part (history or live) their ids and the times at which they were collected."""

    def __init__(self, scenario: Scenario, *, start: datetime, until: datetime, prefix: str, seed: int) -> None:
        self._scenario = scenario
        self._start = start
        self._until = until
        self._prefix = prefix
        self._delays = random.Random(f"{scenario.name}/{seed}/{prefix}")  # noqa: S311 - seeded on purpose
        self._rows: dict[Draft, Mention] = {}

    def mentions(self, threads: Sequence[Thread], free: Sequence[Draft]) -> list[Mention]:
        """Return the rows in the order they were seen; ids count in the order they were posted."""
        drafts = [*free, *(draft for thread in threads for draft in (thread.post, *thread.replies))]
        drafts.sort(key=lambda draft: draft.minute)
        for number, draft in enumerate(drafts, start=1):
            self._rows[draft] = self._mention(draft, f"{self._prefix}{number}")
        return sorted(self._rows.values(), key=lambda row: row.seen_at)

    @property
    def pools(self) -> dict[str, str]:
        """Id of a row -> the pool its text is from. Call `mentions` first."""
        return {row.id: draft.pool for draft, row in self._rows.items() if draft.pool is not None}

    def engagements(self, threads: Sequence[Thread], ladder: Sequence[int]) -> list[Engagement]:
        """Return the counts of the own posts in the order they were seen. Call `mentions` first."""
        rows = [row for thread in threads for row in self._climb(thread, ladder)]
        return sorted(rows, key=lambda row: row.seen_at)

    def _mention(self, draft: Draft, row_id: str) -> Mention:
        posted_at = self._start + timedelta(seconds=round(draft.minute * 60, 3))
        seen_at = posted_at + timedelta(seconds=round(self._delays.uniform(0, _LONGEST_DELAY_SECONDS), 3))
        parent = self._rows[draft.parent] if draft.parent else None
        if parent:
            seen_at = max(seen_at, parent.seen_at)  # an answer is never collected before what it answers
        first_count = 0 if draft.is_own_post else None
        return Mention(
            platform=self._scenario.platform,
            id=row_id,
            brand=self._scenario.brand,
            posted_at=posted_at,
            seen_at=min(seen_at, self._until),
            text=draft.text,
            author=draft.author.handle,
            is_own_post=draft.is_own_post,
            parent_id=parent.id if parent else None,
            root_id=self._rows[draft.root].id if draft.root else None,
            likes=first_count,
            reposts=first_count,
            replies=first_count,
            quotes=first_count,
            author_followers=draft.author.followers,
            author_created_at=draft.author.created_at,
            lang="en",
            account=self._scenario.handle if draft.is_own_post or draft.root else None,
        )

    def _climb(self, thread: Thread, ladder: Sequence[int]) -> Iterator[Engagement]:
        post = self._rows[thread.post]
        counted = {
            "likes": sorted(thread.like_minutes),
            "reposts": sorted(thread.repost_minutes),
            "replies": sorted(reply.minute for reply in thread.replies),
            "quotes": sorted(thread.quote_minutes),
        }
        for age_minutes in ladder:
            seen_at = post.posted_at + timedelta(minutes=age_minutes)
            if seen_at > self._until:
                return
            minute = thread.post.minute + age_minutes
            counts = {name: bisect_right(minutes, minute) for name, minutes in counted.items()}
            yield Engagement(platform=post.platform, post_id=post.id, brand=post.brand, seen_at=seen_at, **counts)
