"""Hacker News: walks, threads, late items and lookups, against a loopback search."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from collectors.hackernews import HackerNewsCollector
from stormcone.clock import ManualClock
from stormcone.plugins import discover
from stormcone.ports import (
    Collector,
    CollectorContext,
    SourceSettings,
    StoredPost,
    WatchedBrand,
)
from tests.collectors.fake_hackernews import ACME, NOW, QUIET, FakeSearch, Shelf, T, Watch, comment, story
from tests.collectors.loopback import Loopback, loopback


@pytest.fixture
def search() -> FakeSearch:
    return FakeSearch()


@pytest.fixture
def server(search: FakeSearch) -> Iterator[Loopback]:
    with loopback(search) as running:
        yield running


def test_plug_in_is_found_by_scanning() -> None:
    found = discover("collectors", Collector, key="platform")  # type: ignore[type-abstract]  # a role, never built
    assert found["hackernews"] is HackerNewsCollector


def test_settings_of_another_source_are_refused() -> None:
    context = CollectorContext(brands=(), clock=ManualClock(NOW), base_folder=".", secrets={})
    with pytest.raises(TypeError, match="SourceSettings"):
        HackerNewsCollector(SourceSettings(), context)


def test_stories_and_comments_that_name_a_brand_become_mentions(search: FakeSearch, server: Loopback) -> None:
    search.items += [
        story(
            10,
            T - 300,
            "Acme breaks the web",
            url="https://daily.example/2026/11/acme-breaks",
            points=7,
            num_comments=3,
        ),
        comment(11, T - 200, "<p>Acme&#x27;s <i>new</i> site", story_id=5, parent_id=6, author="ann"),
    ]
    watch = Watch(server.url)
    batch = watch.poll()
    first, second = watch.stored["10", "Acme"], watch.stored["11", "Acme"]
    assert first.text == "Acme breaks the web\n\nhttps://daily.example/2026/11/acme-breaks"
    assert (first.likes, first.replies, first.root_id, first.parent_id) == (7, 3, None, None)
    assert first.url == "https://news.ycombinator.com/item?id=10"
    assert second.text == "Acme's new site"
    assert (second.author, second.parent_id, second.root_id, second.likes) == ("ann", "6", "5", None)
    assert second.posted_at == NOW - timedelta(seconds=200)
    assert second.seen_at == NOW
    assert batch.trouble is None
    assert batch.requests == len(server.asked)


def test_what_the_search_only_takes_for_the_keyword_is_left_out(search: FakeSearch, server: Loopback) -> None:
    search.items += [story(10, T - 300, "An acmeist poem"), comment(11, T - 9, "no", story_id=5, author="acme99")]
    watch = Watch(server.url)
    watch.poll()
    assert watch.ids == set()


def test_advertisements_for_jobs_are_no_mentions(search: FakeSearch, server: Loopback) -> None:
    search.items.append(story(10, T - 300, "Acme is hiring", _tags=["job", "story_10"]))
    watch = Watch(server.url)
    watch.poll()
    assert watch.ids == set()


def test_a_story_that_names_two_brands_is_a_mention_of_each(search: FakeSearch, server: Loopback) -> None:
    search.items.append(story(10, T - 300, "Acme or Bolt?"))
    watch = Watch(server.url, QUIET, WatchedBrand(name="Bolt", keywords=("bolt",)))
    assert [mention.brand for mention in watch.poll().mentions] == ["Acme", "Bolt"]


def test_every_page_and_everything_beyond_the_thousandth_hit_is_read(search: FakeSearch, server: Loopback) -> None:
    search.items += [comment(n, T - 3 * n, f"acme {n}", story_id=5) for n in range(1, 2_251)]
    watch = Watch(server.url)
    batch = watch.poll()
    assert len(watch.ids) == 2_250
    assert batch.gaps == ()
    assert len(server.asked) <= 26


def test_more_hits_within_one_second_than_the_search_shows_end_the_walk(search: FakeSearch, server: Loopback) -> None:
    search.items += [comment(n, T - 50, f"acme {n}", story_id=5) for n in range(1, 1_101)]
    search.items.append(comment(9_000, T - 60, "acme before", story_id=5))
    watch = Watch(server.url)
    watch.poll()
    assert "9000" in watch.ids
    assert len(watch.ids) >= 1_000
    assert len(server.asked) <= 40


def test_a_second_that_spans_the_thousandth_hit_is_read_whole(search: FakeSearch, server: Loopback) -> None:
    search.items += [comment(n, T - n // 6, f"acme {n}", story_id=5) for n in range(1, 1_500)]
    watch = Watch(server.url)
    watch.poll()
    assert len(watch.ids) == 1_499


def test_the_first_poll_goes_back_seven_days(search: FakeSearch, server: Loopback) -> None:
    search.items += [story(10, T - 8 * 86_400, "acme old"), story(11, T - 6 * 86_400, "acme lately")]
    watch = Watch(server.url)
    watch.poll()
    assert watch.ids == {"11"}


def test_an_item_indexed_late_is_found(search: FakeSearch, server: Loopback) -> None:
    search.items.append(story(12, T - 10, "acme now"))
    watch = Watch(server.url)
    watch.poll()
    search.items.append(story(11, T - 3_600, "acme an hour ago"))
    watch.later(seconds=60)
    assert [mention.id for mention in watch.poll().mentions] == ["11"]


def test_nothing_new_brings_nothing(search: FakeSearch, server: Loopback) -> None:
    search.items.append(story(12, T - 10, "acme now"))
    watch = Watch(server.url)
    watch.poll()
    watch.later(seconds=60)
    assert watch.poll().is_empty


def test_an_edited_comment_shows_its_newest_text_once(search: FakeSearch, server: Loopback) -> None:
    search.items.append(comment(12, T - 10, "acme is fine", story_id=5))
    watch = Watch(server.url)
    watch.poll()
    search.items[0] = search.items[0] | {"comment_text": "acme is not fine"}
    watch.later(seconds=60)
    batch = watch.poll()
    assert [(edit.id, edit.text, edit.edited_at) for edit in batch.edits] == [
        ("12", "acme is not fine", watch.clock.now())
    ]
    watch.later(seconds=60)
    assert watch.poll().edits == ()


def test_every_comment_below_a_story_about_the_brand_is_a_mention(search: FakeSearch, server: Loopback) -> None:
    search.items += [
        story(10, T - 3_000, "Acme raises prices"),
        comment(11, T - 2_000, "how greedy", story_id=10, story_title="Acme raises prices"),
        comment(12, T - 1_000, "indeed", story_id=10, parent_id=11, story_title="Acme raises prices"),
        comment(13, T - 900, "how greedy", story_id=99),
    ]
    watch = Watch(server.url)
    watch.poll()
    assert watch.ids == {"10", "11", "12"}
    search.items.append(comment(14, T + 30, "still greedy", story_id=10, story_title="Acme raises prices"))
    watch.later(seconds=60)
    watch.poll()
    assert "14" in watch.ids
    assert watch.stored["14", "Acme"].root_id == "10"


def test_own_stories_and_answers_to_own_comments_belong_to_the_brand(search: FakeSearch, server: Loopback) -> None:
    search.items += [
        story(10, T - 3_000, "We open our source", author="acme_team", points=9),
        comment(20, T - 800, "Thanks, we mend it.", story_id=15, author="acme_team"),
        comment(21, T - 700, "you never do", story_id=15, parent_id=20),
        comment(22, T - 600, "other matter", story_id=15, parent_id=15),
    ]
    watch = Watch(server.url, ACME)
    watch.poll()
    assert watch.ids == {"10", "20", "21"}
    assert {post_id for (post_id, _), mention in watch.stored.items() if mention.is_own_post} == {"10", "20"}
    assert watch.stored["10", "Acme"].account == "acme_team"
    assert watch.stored["21", "Acme"].parent_id == "20"


def test_counts_of_own_stories_are_read_again_and_missing_ones_are_missed(search: FakeSearch, server: Loopback) -> None:
    search.items += [story(10, T - 900, "ours", author="acme_team", points=40, num_comments=6), story(2, T - 800, "x")]
    own = [
        StoredPost(id=post_id, brand="Acme", posted_at=NOW - timedelta(seconds=900), is_own_post=True)
        for post_id in ("10", "7")
    ]
    batch = Watch(server.url, ACME, archive=Shelf(own=own)).poll()
    assert [(each.post_id, each.likes, each.replies) for each in batch.engagements] == [("10", 40, 6)]
    assert [(each.id, each.is_there) for each in batch.checks] == [("10", True), ("7", False)]


def test_stored_posts_are_looked_up_again_an_hour_at_a_time(search: FakeSearch, server: Loopback) -> None:
    old = NOW - timedelta(days=3)
    search.items += [story(n, int(old.timestamp()) + n, "any other") for n in range(1, 50)]
    due = [
        StoredPost(id=str(n), brand="Acme", posted_at=old + timedelta(seconds=n), is_own_post=False)
        for n in (1, 2, 3, 77)
    ]
    batch = Watch(server.url, archive=Shelf(due=due)).poll()
    assert {each.id: each.is_there for each in batch.checks} == {"1": True, "2": True, "3": True, "77": False}
    assert batch.requests == 2


def test_an_empty_lookup_proves_nothing(server: Loopback) -> None:
    due = [StoredPost(id="1", brand="Acme", posted_at=NOW - timedelta(days=3), is_own_post=False)]
    assert Watch(server.url, archive=Shelf(due=due)).poll().checks == ()


def test_an_incomplete_lookup_proves_only_what_is_there(search: FakeSearch, server: Loopback) -> None:
    old = NOW - timedelta(days=3)
    search.items += [story(n, int(old.timestamp()), "any other") for n in range(1, 1_100)]
    due = [StoredPost(id=each, brand="Acme", posted_at=old, is_own_post=False) for each in ("5", "1099")]
    batch = Watch(server.url, archive=Shelf(due=due)).poll()
    assert [(each.id, each.is_there) for each in batch.checks] == [("1099", True)]


def test_a_walk_cut_short_leaves_a_gap_that_later_polls_fill(search: FakeSearch, server: Loopback) -> None:
    search.items += [comment(n, T - 60 * n, f"acme {n}", story_id=5) for n in range(1, 951)]
    watch = Watch(server.url)
    first = watch.poll(requests=3)
    assert len(watch.ids) == 300
    assert [(gap.started_at, gap.ended_at) for gap in first.gaps] == [
        (NOW - timedelta(days=7), NOW - timedelta(seconds=60 * 300))
    ]
    filled = []
    for _ in range(5):
        watch.later(seconds=60)
        filled += watch.poll(requests=4).filled
    assert watch.ids == {str(n) for n in range(1, 951)}
    assert [(each.started_at, each.ended_at) for each in filled] == [(first.gaps[0].started_at, first.gaps[0].ended_at)]


def test_a_gap_of_a_keyword_nobody_watches_any_more_is_closed(search: FakeSearch, server: Loopback) -> None:
    search.items += [comment(n, T - 60 * n, f"acme {n}", story_id=5) for n in range(1, 500)]
    watch = Watch(server.url)
    left = watch.poll(requests=1).gaps
    other = Watch(server.url, WatchedBrand(name="Acme", keywords=("acmeworks",)))
    other.cursor = watch.cursor
    assert other.poll().filled == left
