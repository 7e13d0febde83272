"""Recorded public data: nobody arranged these weeks, so the range of arranged voices must be next to nothing.

The recordings are no part of this repository; where they are absent these tests are skipped. Texts are only replayed,
never shown.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from analysis.company import CompanyMemory
from stormcone.config import Config
from stormcone.mention_file import FileRow, read_rows
from stormcone.models import Mention, Scores
from stormcone.models.signal_views import Company
from stormcone.pipeline import build_scorer
from tests.fakes import make_scored

_FOLDERS = [parent / "shared" / "data" / "replay" for parent in Path(__file__).resolve().parents]
DATA = next((folder for folder in _FOLDERS if folder.is_dir()), None)
WINDOW = timedelta(minutes=60)
LEAST_CROWD = 8  # hostile accounts: fewer make no brigade
NAMES = ("airlines_2015", "apple_2014", "johnlewis_2025_thread", "reply_threads_semeval2017")

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.real_data,
    pytest.mark.skipif(DATA is None, reason="no folder shared/data/replay beside or above the repository"),
]


@cache
def companies(name: str) -> tuple[Company, ...]:
    """Return the company of the last hour, asked every half hour, with what the scorer says of every text."""
    assert DATA is not None
    rows = [row for row in read_rows(DATA / f"{name}.csv.gz") if isinstance(row, FileRow)]
    mentions = sorted((row.mention for row in rows if row.mention), key=lambda each: each.posted_at)
    return tuple(_companies(mentions, build_scorer(Config()).score(mentions)))


def _companies(mentions: Sequence[Mention], scores: Sequence[Scores]) -> Iterator[Company]:
    memories: dict[str, CompanyMemory] = {}
    asked_at: dict[str, datetime] = {}
    for mention, said in zip(mentions, scores, strict=True):
        memory = memories.setdefault(mention.brand, CompanyMemory(own_names=(mention.brand,)))
        memory.add(replace(make_scored(mention), scores=said))
        if mention.posted_at - asked_at.get(mention.brand, mention.posted_at - WINDOW) >= WINDOW / 2:
            asked_at[mention.brand] = mention.posted_at
            memory.forget_before(mention.posted_at)
            yield memory.measure(since=mention.posted_at - WINDOW, until=mention.posted_at)


@pytest.mark.parametrize("name", NAMES)
def test_ordinary_hours_are_not_arranged(name: str) -> None:
    crowds = [each for each in companies(name) if each.hostile_accounts >= LEAST_CROWD]
    highest = max((each.coordination.high for each in crowds), default=0.0)
    print(f"\n{name}: {len(crowds)} crowds, highest {highest:.2f}", end="")  # noqa: T201 - for -s
    assert all(each.coordination.low == 0.0 for each in companies(name))
    assert highest <= 0.2  # one thread without authors, where an answer is pasted many times; 0.00 elsewhere


def test_reposts_of_a_celebrity_are_spread() -> None:
    loudest = max(companies("apple_2014"), key=lambda each: each.spread)
    assert loudest.spread >= 80
    assert loudest.spread >= 0.6 * (loudest.spread + loudest.accounts)
    assert loudest.coordination.high <= 0.1


@pytest.mark.parametrize("name", NAMES)
def test_customers_are_hardly_ever_taken_for_commentators(name: str) -> None:
    hostile = sum(each.hostile_accounts for each in companies(name))
    commenting = sum(each.commenting_accounts for each in companies(name))
    print(f"\n{name}: {commenting} of {hostile} comment as a trade", end="")  # noqa: T201 - for -s
    assert hostile > 0
    assert commenting <= 0.02 * hostile
