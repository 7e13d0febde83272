"""Kinds through the real pipeline: arranged waves are named, crowds are not, whatever their words.

The drill of the brigade, with its script edited anew by every account, and storms that only look like one.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest

from collectors.drills.generation import generate
from collectors.drills.scenario import load_scenario
from stormcone.mention_file import FileRow
from stormcone.models import Kind, Level, Mention, Transition
from tests.analysis.crowds import edited
from tests.cases.playing import MONDAY, Run, play_drill, play_rows

pytestmark = pytest.mark.thorough  # minutes of played storms

HEADLINE = "RT @millgatepost: Bakery accused of lying to customers about its flour for years"
Rewrite = Callable[[Mention, random.Random], Mention]


@cache
def drill_of_the_brigade() -> tuple[tuple[Mention, ...], tuple[Mention, ...]]:
    """Return the mentions of an ordinary day and a half, and of the wave."""
    scenario = load_scenario("brigade")
    drill = generate(scenario, start=scenario.start_on(MONDAY), seed=1, history_days=1.5)
    is_script = ["before they delete it" in each.text for each in drill.mentions]
    pairs = list(zip(drill.mentions, is_script, strict=True))
    return tuple(each for each, script in pairs if not script), tuple(each for each, script in pairs if script)


def played(rewrite: Rewrite, *, seed: int = 1) -> Run:
    ordinary, wave = drill_of_the_brigade()
    rng = random.Random(seed)
    mentions = sorted([*ordinary, *(rewrite(each, rng) for each in wave)], key=lambda each: each.seen_at)
    return play_rows([FileRow(record=each, seen_at=each.seen_at, place="test") for each in mentions])


def last(run: Run) -> Transition:
    return max(run.transitions, key=lambda each: (each.incident.level, each.at))


def signals(transitions: Sequence[Transition]) -> set[str]:
    return {reading.signal for each in transitions if each.verdict for reading in each.verdict.reasons}


def lightly_edited(mention: Mention, rng: random.Random) -> Mention:
    return replace(mention, text=edited(mention.text, rng, edits=2))


def by_old_accounts(mention: Mention, rng: random.Random) -> Mention:
    edit = lightly_edited(mention, rng)
    return replace(edit, author_created_at=mention.posted_at - timedelta(days=rng.uniform(100, 3000)))


def by_one_account(mention: Mention, rng: random.Random) -> Mention:
    return replace(lightly_edited(mention, rng), author="troll")


def as_reposts(mention: Mention, rng: random.Random) -> Mention:
    return replace(mention, text=HEADLINE)


@pytest.mark.parametrize("rewrite", [lightly_edited, by_old_accounts])
def test_edited_brigade_is_named_and_pages_nobody(rewrite: Rewrite) -> None:
    run = played(rewrite)
    assert last(run).incident.kind is Kind.BRIGADE
    assert run.played.pages == 0
    assert max(each.incident.level for each in run.transitions) is Level.WARN
    assert "coordination" in signals(run.transitions)


def test_troll_is_no_brigade() -> None:
    run = played(by_one_account)
    assert Kind.BRIGADE not in {each.incident.kind for each in run.transitions}
    assert "coordination" not in signals(run.transitions)


def test_reposts_of_a_report_are_news_and_no_brigade() -> None:
    run = played(as_reposts)
    assert Kind.BRIGADE not in {each.incident.kind for each in run.transitions}
    assert run.played.pages == 0


@pytest.mark.parametrize(
    "name",
    [
        "hashtag-hijack",
        *(
            pytest.param(name, marks=pytest.mark.thorough)
            for name in ("arms-photo-day", "placeholder-post", "service-outage", "praise-hit")
        ),
    ],
)
def test_natural_storm_is_never_called_arranged(name: str) -> None:
    drill = play_drill(name, 1)
    assert Kind.BRIGADE not in {each.incident.kind for each in drill.run.transitions}
    assert "coordination" not in signals(drill.run.transitions)
