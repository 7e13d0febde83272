"""The private parts of the X collector: ids, queries, walks, and the property that nothing is lost in any order."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors._x_ids import id_at, instant_of
from collectors._x_items import PLATFORM, Page, Post, Span
from collectors._x_meter import ReadToday
from collectors._x_queries import LONGEST_QUERY, brand_queries, unsearchable, volume_query
from collectors._x_walks import OVERLAP, PAGES, before, walk
from stormcone.clock import ManualClock
from stormcone.errors import CollectError
from stormcone.ports import Allowance, WatchedBrand
from tests.collectors.fake_x import FakeX, Fault
from tests.collectors.x_watch import ACME, MINUTES, SECONDS, START, XWatch, after


@given(st.datetimes(min_value=datetime(2011, 1, 1), max_value=datetime(2060, 1, 1)))  # noqa: DTZ001 - made aware below
def test_id_of_an_instant_leads_back_to_its_millisecond(instant: datetime) -> None:
    instant = instant.replace(microsecond=instant.microsecond // 1000 * 1000, tzinfo=UTC)
    assert instant_of(id_at(instant)) == instant
    assert instant_of(before(id_at(instant)) + 1) == instant - OVERLAP


@given(st.lists(st.text(max_size=60), max_size=40), st.lists(st.text(max_size=30), max_size=20))
def test_every_query_fits_and_holds_balanced_quotes(keywords: list[str], hashtags: list[str]) -> None:
    brand = WatchedBrand(name="Acme", keywords=tuple(keywords), hashtags=tuple(hashtags), accounts=ACME.accounts)
    for query in (*brand_queries(brand), volume_query(brand) or "", ""):
        assert len(query) <= LONGEST_QUERY
        assert query.count('"') % 2 == 0


def test_every_keyword_stands_in_some_query() -> None:
    keywords = tuple(f"keyword number {each}" for each in range(90))
    queries = brand_queries(WatchedBrand(name="Acme", keywords=keywords))
    assert len(queries) > 1
    assert all(any(f'"{word}"' in query for query in queries) for word in keywords)


def test_operators_in_a_keyword_are_words() -> None:
    brand = WatchedBrand(name="Acme", keywords=("from:someone", "or", 'a "b" OR c', "-is:retweet"))
    expected = '("from:someone" OR "or" OR "a b OR c" OR "-is:retweet") -is:retweet'
    assert brand_queries(brand) == (expected,)
    assert unsearchable(WatchedBrand(name="Acme", keywords=("long " * 120,)))


def pages_of(ids: list[int], size: int = 10) -> list[Page]:
    ordered = sorted(ids, reverse=True)
    cuts = [ordered[start : start + size] for start in range(0, len(ordered), size)] or [[]]
    return [
        Page(
            posts=tuple(
                Post(number=each, versions=(str(each),), author_id="1", text="", posted_at=START) for each in cut
            ),
            token=str(index + 1) if index + 1 < len(cuts) else None,
        )
        for index, cut in enumerate(cuts)
    ]


@given(count=st.integers(0, 120), limit=st.integers(1, PAGES), breaks_at=st.integers(0, 14))
def test_walk_is_complete_only_if_every_newer_post_was_seen(count: int, limit: int, breaks_at: int) -> None:
    mark = id_at(START)
    ids = [mark + 1 + each for each in range(count)]
    pages = pages_of(ids)
    seen: list[int] = []

    def fetch(span: Span) -> Page:
        index = int(span.token or 0)
        if index == breaks_at:
            raise CollectError(PLATFORM, "the line broke")
        seen.extend(each.number for each in pages[index].posts)
        return pages[index]

    walked = walk(fetch, mark=mark, pages=limit)
    assert walked.is_complete == (set(seen) == set(ids) and not (count == 0 and walked.error is not None))
    assert (walked.newest, walked.oldest) == (max(seen, default=None), min(seen, default=None))


def test_what_was_read_today_is_forgotten_at_midnight() -> None:
    read = ReadToday()
    assert read.add("post 1", START)
    assert not read.add("post 1", START)
    assert read.add("post 1", START + timedelta(days=1))


@settings(max_examples=4, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32))
def test_stored_is_served_for_any_order_of_posts_faults_and_crashes(seed: int) -> None:
    dice, clock = random.Random(seed), ManualClock(START)
    with FakeX(clock) as x:
        x.user("acme")
        watch = XWatch(x.url, clock, timeout_seconds=2)
        watch.poll()
        own = [x.post("acme", "Good morning")]
        for _ in range(dice.randrange(3, 6)):
            for _ in range(dice.randrange(0, 120)):
                at = clock.now() + dice.uniform(0, 30) * SECONDS
                late = dice.choice((0, 0, 0, dice.uniform(0, 119))) * SECONDS
                text = dice.choice(("@acme no", "hm", "acme again", "ah #AcmeDay"))
                root = dice.choice(own) if text == "hm" or dice.random() < 0.5 else None
                x.post(f"u{dice.randrange(30)}", text, at=at, indexed_at=at + late, reply_to=root)
            after(clock, 30 * SECONDS)
            own.append(x.post("acme", "And another thing"))
            if dice.random() < 0.4:
                path = dice.choice(("/mentions", "/search", "/tweets", "/2/"))
                status = dice.choice((200, 429, 500, 503))
                x.fail(Fault(path=path, status=status, spared=dice.randrange(3), truncate=status == 200))
            poll_or_crash(watch, dice)
        x.faults.clear()
        for _ in range(6):
            after(clock, MINUTES)
            watch.poll()
        assert watch.shelf.ids == x.served()
        assert not watch.shelf.gaps


def poll_or_crash(watch: XWatch, dice: random.Random) -> None:
    try:
        batch = watch.fetch(Allowance(requests=dice.choice((2, 5, 9, 300))))
    except CollectError:
        return
    if dice.random() < 0.3:
        watch.collector = watch.started()
    else:
        watch.save(batch)


@pytest.mark.parametrize("status", [401, 402, 429])
def test_poll_that_returns_nothing_leaves_the_cursor_alone(status: int) -> None:
    clock = ManualClock(START)
    with FakeX(clock) as x:
        x.user("acme")
        watch = XWatch(x.url, clock)
        watch.poll()
        cursor = watch.cursor
        x.fail(Fault(status=status, times=9))
        with pytest.raises(CollectError):
            watch.poll()
        assert watch.cursor == cursor
