"""Arranged waves in a busy brand: told by their accounts, once, never by a page; what is usual or shared is no wave."""

import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from analysis.arranged_waves import ArrangedWaves
from analysis.brand_watch import BrandWatch, Verdicts
from analysis.company import CompanyMemory
from analysis.hostility import HostilityReader
from analysis.verdicts import Judge
from analysis.voting import Ballot
from stormcone.config import BrandSettings, DetectorSettings, KindSettings
from stormcone.models import Kind, Level, ScoredMention
from tests.analysis.crowds import ENDINGS, FEELINGS, OPENERS, SCRIPT, THINGS, edited, in_order, said
from tests.fakes import at, make_own_post, make_scored

SETTINGS = KindSettings(brigade_opens_accounts=12)
HOUR = 3600.0
DAYS = 1.1
PER_HOUR = 100
BEGINS = DAYS * 24 * HOUR  # of the wave, in seconds after AT
TEAM = {f"account {number}" for number in range(20)}


def ordinary_days(rng: random.Random) -> list[ScoredMention]:
    """Return more than a day of a brand that many people speak about, one in ten of them angry."""
    people = int((DAYS * 24 + 2) * PER_HOUR)
    return [
        said(
            f"{rng.choice(OPENERS)} {rng.choice(THINGS)} {rng.choice(FEELINGS)} {rng.choice(ENDINGS)} {number}",
            f"person {number}",
            rng.uniform(0, BEGINS + 2 * HOUR),
            hostility=0.75 if rng.random() < 0.1 else 0.25,
        )
        for number in range(people)
    ]


def wave(text: str, *, hostility: float = 0.75, thread: str | None = None, edits: int = 0) -> list[ScoredMention]:
    """Return sixty accounts that say the same within eight minutes."""
    rng = random.Random(5)
    return [
        said(
            edited(text, rng, edits=edits) if edits else text,
            f"account {number}",
            BEGINS + rng.uniform(0, 480),
            hostility=hostility,
            thread=thread,
        )
        for number in range(60)
    ]


def played(story: Iterable[ScoredMention]) -> list[Verdicts]:
    """Return everything that is concluded from a busy brand's ordinary days with a story at their end."""
    detector = DetectorSettings()
    watch = BrandWatch(
        BrandSettings(name="acme"),
        detector,
        Judge(detector, [], HostilityReader.load(["en"]), kinds=SETTINGS),
        step_minutes=5,
    )
    ballot, told = Ballot(), []
    watch.begin(at(0))
    ends = at(0)
    for each in in_order([*ordinary_days(random.Random(3)), *story]):
        while each.mention.posted_at >= ends:
            told.append(watch.evaluate(ends))
            ends += timedelta(minutes=5)
        watch.feed(replace(each, vote=ballot.cast(each.mention, each.scores)))
    return [each for each in told if each is not None]


def loudest(told: Iterable[Verdicts]) -> tuple[Level, Kind]:
    """Return the highest level of the stream after the story began, and its kind then."""
    verdicts = [each.stream for each in told if each.at >= at(BEGINS / 60)]
    top = max(verdicts, key=lambda verdict: verdict.level)
    return top.level, top.kind


def test_wave_whose_copies_are_folded_away_is_told_and_pages_nobody() -> None:
    told = played(wave(SCRIPT))
    assert loudest(told) == (Level.WARN, Kind.BRIGADE)
    first = next(each for each in told if each.stream.kind is Kind.BRIGADE)
    assert first.at - at(BEGINS / 60) <= timedelta(minutes=10)
    assert first.stream.is_rare  # so that it opens an incident
    assert told[-1].stream.level is Level.CALM


@pytest.mark.parametrize(
    "story",
    [
        list,
        lambda: wave("Best bread in the whole valley, come and try it with all your friends today", hostility=0.1),
        lambda: wave(f"RT @someone: {SCRIPT}"),
        lambda: wave("Bakery accused of lying about its flour for years https://daily.example/2026/11/bakery"),
        lambda: [replace(each, mention=replace(each.mention, author="troll")) for each in wave(SCRIPT)],
        lambda: wave("delete this, shame on you"),
    ],
    ids=["ordinary", "praise", "reposts", "article", "troll", "short"],
)  # fmt: skip
def test_what_is_passed_on_or_friendly_or_one_persons_is_no_wave(story: Callable[[], list[ScoredMention]]) -> None:
    assert all(each.stream.kind is not Kind.BRIGADE or each.stream.level is Level.CALM for each in played(story()))


def test_wave_under_an_own_post_is_told_once() -> None:
    post = make_scored(make_own_post("p", posted_at=at(BEGINS / 60 - 5), seen_at=at(BEGINS / 60 - 5)), voice=0.0)
    told = [each for each in played([post, *wave(SCRIPT, thread="p", edits=1)]) if each.at >= at(BEGINS / 60)]
    of_post = {verdict.kind for each in told for verdict in each.posts}
    assert Kind.BRIGADE in of_post
    both = [each for each in told if any(verdict.kind is Kind.BRIGADE for verdict in each.posts)]
    assert all(each.stream.level < Level.WARN for each in both)


def test_as_many_as_every_day_are_no_news() -> None:
    waves = ArrangedWaves(SETTINGS)
    waves.begin(at(0))
    for hour in range(24):
        team = {f"{hour} {number}" for number in range(20)}
        waves.news(team, None, since=at(60 * hour), until=at(60 * hour + 30))
        waves.forget_before(at(60 * hour - 180), at(60 * hour))
    now = at(60 * 24 + 30)
    assert waves.news(TEAM, None, since=now - timedelta(minutes=30), until=now) == 0
    many = {f"new {number}" for number in range(40)}
    assert waves.news(many, None, since=now - timedelta(minutes=30), until=now) == 40


def test_few_are_no_wave_and_forgotten_ones_are_told_anew() -> None:
    waves = ArrangedWaves(SETTINGS)
    few = set(sorted(TEAM)[:11])
    assert waves.news(few, None, since=at(0), until=at(30)) == 0
    assert waves.news(TEAM, ("x", "p"), since=at(0), until=at(30)) == 20
    assert waves.news(TEAM, None, since=at(0), until=at(90)) == 0
    waves.forget_before(at(31), at(31))
    assert waves.news(TEAM, None, since=at(300), until=at(330)) == 20


def test_share_in_threads_is_of_the_wave_that_the_stream_told() -> None:
    waves = ArrangedWaves(SETTINGS)
    assert waves.share_in([("x", "p")]) == 0.0
    waves.news(TEAM, None, since=at(0), until=at(30))
    waves.news(set(sorted(TEAM)[:15]), ("x", "p"), since=at(0), until=at(30))
    assert waves.share_in([("x", "p")]) == 0.75
    assert waves.share_in([("x", "other")]) == 0.0


def test_settings_decide_how_many_are_a_wave() -> None:
    memory = CompanyMemory(settings=KindSettings(brigade_opens_accounts=70, brigade_warns_accounts=90))
    for each in wave(SCRIPT):
        memory.add(each)
    since, until = at(BEGINS / 60 - 10), at(BEGINS / 60 + 20)
    assert memory.measure(since=since, until=until).coordination.accounts == 60
    assert memory.wave(since=since, until=until) == 0
    assert memory.wave(since=at(0), until=at(5)) == 0
