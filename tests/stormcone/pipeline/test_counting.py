from collections.abc import Iterable
from datetime import datetime, timedelta

from stormcone.config import BrandSettings, Config
from stormcone.models import Batch, Kind, Level, Trust, Verdict, Volume
from stormcone.pipeline.counting import Counting
from stormcone.store import MEMORY_URL, Store, open_store
from tests.fakes import AT, make_mention, make_scored, make_verdict

CONFIG = Config(brands=(BrandSettings(name="acme"),))
DAYS = 3


def count(store: Store, minutes: Iterable[tuple[datetime, int]]) -> None:
    volumes = tuple(Volume(platform="x", brand="acme", minute=minute, mentions=n) for minute, n in minutes)
    store.mentions.save((), Batch(volumes=volumes))


def calm(until: datetime = AT) -> list[tuple[datetime, int]]:
    """Return three days of a mention or two a minute."""
    steps = DAYS * 24 * 60
    return [(until - timedelta(minutes=steps - n), 1 + n % 2) for n in range(steps)]


def storm(since: datetime = AT, minutes: int = 30) -> list[tuple[datetime, int]]:
    return [(since + timedelta(minutes=n), 40) for n in range(minutes)]


def stream(at: datetime, level: Level = Level.CALM) -> Verdict:
    return make_verdict(level, at=at, post=None, kind=Kind.PRAISE, trust=Trust.SETTLED)


def test_a_surge_that_nobody_has_read_is_warned_of_as_unclear() -> None:
    store = open_store(MEMORY_URL)
    count(store, calm() + storm())
    told = Counting(CONFIG, store).weigh(stream(AT + timedelta(minutes=32)))
    assert (told.level, told.kind, told.is_rare) == (Level.WARN, Kind.UNCLEAR, True)
    assert "x itself counts 1,200 mentions within 30 minutes" in told.reasons[0].text
    assert told.headline.startswith("acme: x itself counts")


def test_it_is_told_step_by_step_as_the_counts_come_in_and_also_after_a_restart() -> None:
    store = open_store(MEMORY_URL)
    count(store, calm())
    counting = Counting(CONFIG, store)
    assert counting.weigh(stream(AT)).level is Level.CALM
    for minutes in range(5, 35, 5):
        at = AT + timedelta(minutes=minutes)
        count(store, storm(at - timedelta(minutes=5), 5))
        told = counting.weigh(stream(at + timedelta(minutes=2)))
    again = Counting(CONFIG, store).weigh(stream(at + timedelta(minutes=2)))
    assert told.level is again.level is Level.WARN
    assert told.reasons[0].text == again.reasons[0].text


def test_where_the_texts_were_read_they_decide() -> None:
    store = open_store(MEMORY_URL)
    count(store, calm() + storm())
    read = [
        make_scored(make_mention(str(n), author=f"a{n}", posted_at=AT + timedelta(seconds=1.5 * n)))
        for n in range(1_150)
    ]
    store.mentions.save(read, Batch(mentions=tuple(each.mention for each in read)))
    verdict = stream(AT + timedelta(minutes=32))
    assert Counting(CONFIG, store).weigh(verdict) == verdict


def test_a_louder_verdict_keeps_its_own_words() -> None:
    store = open_store(MEMORY_URL)
    count(store, calm() + storm())
    verdict = stream(AT + timedelta(minutes=32), Level.PAGE)
    assert Counting(CONFIG, store).weigh(verdict) == verdict


def test_ordinary_counts_and_a_silence_of_the_counter_say_nothing() -> None:
    store = open_store(MEMORY_URL)
    count(store, calm())
    counting = Counting(CONFIG, store)
    for minutes in (0, 30, 600):
        verdict = stream(AT + timedelta(minutes=minutes))
        assert counting.weigh(verdict) == verdict


def test_a_brand_that_no_platform_counts_costs_nothing_and_changes_nothing() -> None:
    counting = Counting(CONFIG, open_store(MEMORY_URL))
    assert counting.weigh(stream(AT)) == stream(AT)
