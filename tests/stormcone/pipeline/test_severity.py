"""Severity through the whole pipeline: who joins a storm makes its incident worse, by a named reason."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from stormcone.config import Config, load_config
from stormcone.models import Batch, Mention, Moment, Reading, Transition
from stormcone.pipeline.restoring import restore
from tests.fakes import AT, at, make_mention
from tests.stormcone.pipeline.parts import ANGRY, make_calm, make_pipeline, make_storm, play

SETTINGS = """
[[brand]]
name = "acme"
accounts = [{ platform = "x", handle = "acme" }, { platform = "x", handle = "boss", role = "executive" }]
competitors = ["other"]
[brand.profile]
sensitive_topics = ["animal testing"]
[[brand]]
name = "other"
accounts = [{ platform = "x", handle = "OtherBrand" }]
"""


@pytest.fixture
def config(tmp_path: Path) -> Config:
    file = tmp_path / "config.toml"
    file.write_text(SETTINGS, encoding="utf-8")
    return load_config(file)


def storm(change: Callable[[int], dict[str, Any]] = lambda _: {}) -> list[Mention]:
    return [*make_calm(3), *make_storm(45, seconds=40, change=change)]


def joining(number: int, minutes: float, **changes: Any) -> Mention:
    what = {
        "author": f"joiner-{number}",
        "text": f"{ANGRY} {number * 6971}",
        "parent_id": None,
        "root_id": None,
        "posted_at": at(minutes),
        "seen_at": at(minutes),
    }
    return make_mention(f"joining-{number}", **(what | changes))


def of_post(happened: list[Transition]) -> list[Transition]:
    return [each for each in happened if each.incident.post is not None]


def told(transition: Transition) -> dict[str, Reading]:
    reasons = transition.verdict.reasons if transition.verdict else ()
    return {each.signal: each for each in reasons if each.signal.startswith("severity:")}


def worst(happened: list[Transition]) -> Transition:
    """Return the transition at which the post's incident became as severe as it got."""
    changes = [each for each in of_post(happened) if each.moment is not Moment.EXPLAINED]
    return max(changes, key=lambda each: each.incident.severity)


def test_second_platform_makes_the_incident_one_step_worse_with_a_reason(config: Config) -> None:
    alone, _ = make_pipeline(config=config)
    before = worst(play(alone, storm(), until=30))
    crossed, _ = make_pipeline(config=config)
    crowd = [joining(n, 12 + n / 2, platform="reddit") for n in range(1, 7)]
    happened = play(crossed, [*storm(), *crowd], until=30)
    after = worst(happened)
    assert after.incident.severity == before.incident.severity + 1
    assert after.moment is Moment.UPDATED
    assert set(told(after)) - set(told(before)) == {"severity:second_platform"}
    reason = told(after)["severity:second_platform"]
    assert (reason.value, reason.expected) == (5, 0)
    assert reason.text.startswith("it spread from x to reddit (5 people against) within 2 h")
    assert {each.incident.id for each in of_post(happened)} == {after.incident.id}


@pytest.mark.parametrize(
    ("joined", "name", "says"),
    [
        ({"platform": "news", "author": "The Harbour Post", "text": "Acme faces anger"}, "press", "1 outlet"),
        ({"platform": "x", "author": "otherBRAND", "text": "we would never"}, "competitor", "joined in: other"),
    ],
)
def test_one_voice_that_matters_is_a_step(config: Config, joined: dict[str, Any], name: str, says: str) -> None:
    alone, _ = make_pipeline(config=config)
    before = worst(play(alone, storm(), until=30))
    pipeline, _ = make_pipeline(config=config)
    after = worst(play(pipeline, [*storm(), joining(1, 12, **joined)], until=30))
    assert after.incident.severity == before.incident.severity + 1
    assert says in told(after)[f"severity:{name}"].text


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (lambda n: {"account": "BOSS"} if n % 2 else {}, "executive"),
        (lambda n: {"text": f"{ANGRY} {n * 7919}, animal testing!"} if n % 2 else {}, "sensitive_topic"),
    ],
)
def test_what_the_replies_are_about_is_a_step(
    config: Config, change: Callable[[int], dict[str, Any]], name: str
) -> None:
    alone, _ = make_pipeline(config=config)
    before = worst(play(alone, storm(), until=30))
    pipeline, _ = make_pipeline(config=config)
    after = worst(play(pipeline, storm(change), until=30))
    assert after.incident.severity == before.incident.severity + 1
    assert set(told(after)) - set(told(before)) == {f"severity:{name}"}


def test_everyday_anger_on_another_platform_is_no_crossing(config: Config) -> None:
    pipeline, _ = make_pipeline(config=config)
    everyday = [joining(n, -15 * n + 20, platform="reddit") for n in range(200)]
    after = worst(play(pipeline, [*storm(), *everyday], until=30))
    assert "severity:second_platform" not in told(after)


def test_after_a_restart_the_severity_is_the_same(config: Config) -> None:
    everyday = [joining(n, -20 * n - 130, platform="reddit") for n in range(130)]
    crowd = [joining(1000 + n, 2 + n / 2, platform="reddit") for n in range(30)]
    rival = joining(2000, 4, author="OtherBrand", text="we would never")
    mentions = [*storm(lambda _: {"account": "boss"}), *everyday, *crowd, rival]
    ran_on, _ = make_pipeline(config=config)
    ran_on.ingest.take(Batch(mentions=tuple(sorted(mentions, key=lambda each: each.seen_at))))
    restarted, _ = make_pipeline(ran_on.store, config=config)
    restore(restarted.store, restarted.brands, restarted.around, at(15))
    concluded = []
    for pipeline in (ran_on, restarted):
        judged = pipeline.brands.get("acme").watch.evaluate(AT + timedelta(minutes=20))
        assert judged is not None
        named = [each for post in judged.posts for each in post.reasons if each.signal.startswith("severity:")]
        concluded.append([each for each in named if each.signal != "severity:projected_volume"])
    assert concluded[0] == concluded[1]
    assert {each.signal for each in concluded[0]} == {
        "severity:second_platform",
        "severity:competitor",
        "severity:executive",
    }
