"""The sums that rollups should hold, the slow way: from every stored mention.

Imported by tests as `from tests.sums import assert_sums_equal_rows`.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from stormcone.models import Confidence, ScoredMention
from stormcone.store import Store

EVER = datetime(1900, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)

BrandSums = dict[datetime, list[float]]
ThreadSums = dict[tuple[str, datetime], list[float]]


def recomputed(stored: Iterable[ScoredMention]) -> tuple[BrandSums, ThreadSums]:
    """Return the sums of the minutes of one brand and of its threads."""
    brands: BrandSums = defaultdict(lambda: [0.0] * 11)
    threads: ThreadSums = defaultdict(lambda: [0.0] * 8)
    for each in stored:
        m, scores, vote = each.mention, each.scores, each.vote
        minute = m.posted_at.replace(second=0, microsecond=0)
        hostile = scores.hostility >= 0.5
        unsure = scores.confidence is not Confidence.NORMAL
        if m.is_own_post:
            share = [0.0, 1.0, *[0.0] * 9]
        else:
            sentiment = [scores.p_negative, scores.p_neutral, scores.p_positive]
            share = [1.0, 0.0, *sentiment, vote.voice, vote.against, hostile, vote.is_copy, unsure, bool(scores.cues)]
            if m.root_id is not None:
                key = (m.root_id, minute)
                told = [1.0, vote.thread_voice, vote.thread_against, vote.thread_against >= 0.5]
                for is_so in (vote.is_stranger, vote.is_personal):
                    told += [is_so is not None, is_so is True]
                threads[key] = [a + b for a, b in zip(threads[key], told, strict=True)]
        brands[minute] = [a + b for a, b in zip(brands[minute], share, strict=True)]
    return brands, threads


def kept(store: Store, brand: str) -> tuple[BrandSums, ThreadSums]:
    """Return the sums that the store keeps."""
    since, until = EVER
    brands = {
        row.minute: [
            row.mentions,
            row.own_posts,
            row.negative,
            row.neutral,
            row.positive,
            row.voices,
            row.against,
            row.hostile,
            row.copies,
            row.unsure,
            row.cued,
        ]
        for row in store.reads.brand_minutes(brand, since=since, until=until)
    }
    threads = {
        (row.post_id, row.minute): [
            row.replies,
            row.voices,
            row.against,
            row.hostile,
            row.named,
            row.strangers,
            row.told,
            row.personal,
        ]
        for row in store.reads.post_minutes(brand, since=since, until=until)
    }
    return brands, threads


def assert_sums_equal_rows(store: Store) -> None:
    """Check the minutes of every brand; nothing in them is below zero."""
    assert store.reads.brands()
    for brand in store.reads.brands():
        for found, expected in zip(
            kept(store, brand), recomputed(store.reads.mentions_since(EVER[0], brand=brand)), strict=True
        ):
            assert found == {key: pytest.approx(sums, abs=1e-7) for key, sums in expected.items()}
            assert min(min(sums) for sums in found.values()) >= 0 if found else True
