"""News feeds: what is taken of them, and what is asked again."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from collectors._news_entries import canonical
from collectors.news import NewsCollector, NewsSettings
from stormcone.clock import ManualClock
from stormcone.errors import CollectError, Refused
from stormcone.plugins import discover
from stormcone.ports import Collector, CollectorContext, SourceSettings, Thrift, WatchedBrand
from tests.collectors.fake_press import ACME, NOW, WHOLE, Press, Watch, atom, ids, item, rss
from tests.collectors.loopback import Loopback, Reply, loopback


@pytest.fixture
def press() -> Press:
    return Press()


@pytest.fixture
def server(press: Press) -> Iterator[Loopback]:
    with loopback(press) as running:
        yield running


def test_plug_in_is_found_by_scanning() -> None:
    found = discover("collectors", Collector, key="platform")  # type: ignore[type-abstract]  # a role, never built
    assert found["news"] is NewsCollector


@pytest.mark.parametrize("feed", ["ftp://daily.example/a", "daily.example/feed", "https://", "/etc/passwd"])
def test_what_is_no_web_address_is_refused_in_the_settings(feed: str) -> None:
    with pytest.raises(ValidationError):
        NewsSettings(feeds=(feed,))


def test_settings_of_another_source_are_refused() -> None:
    context = CollectorContext(brands=(), clock=ManualClock(NOW), base_folder=".", secrets={})
    with pytest.raises(TypeError, match="SourceSettings"):
        NewsCollector(SourceSettings(), context)


def test_an_entry_that_names_a_brand_in_title_or_summary_is_a_mention(press: Press, server: Loopback) -> None:
    press.feeds["/rss"] = Reply(
        body=rss(
            item("https://daily.example/1", "Acme under fire", summary="&lt;p&gt;Bread &amp;amp; anger&lt;/p&gt;"),
            item("https://daily.example/2", "Markets calm", summary="shares of ACME rose"),
            item("https://daily.example/3", "Acmeist poetry"),
        )
    )
    batch = Watch(server, "/rss").poll()
    assert ids(batch) == ["https://daily.example/1", "https://daily.example/2"]
    first = batch.mentions[0]
    assert first.text == "Acme under fire\n\nBread & anger"
    assert (first.platform, first.author, first.url) == ("news", "The Daily", "https://daily.example/1")
    assert (first.posted_at, first.seen_at, first.is_own_post) == (NOW - timedelta(hours=1), NOW, False)


def test_atom_is_read_like_rss(press: Press, server: Loopback) -> None:
    entry = (
        '<entry><title type="html">&lt;b&gt;Acme&lt;/b&gt; again</title><id>tag:weekly.example,2026:1</id>'
        '<link rel="alternate" href="/articles/1?utm_source=atom"/><updated>2026-11-03T13:00:00+02:00</updated>'
        "<summary>short</summary></entry>"
    )
    press.feeds["/atom"] = Reply(body=atom(entry))
    (mention,) = Watch(server, "/atom").poll().mentions
    assert mention.id == f"{server.url}/articles/1"
    assert mention.text == "Acme again\n\nshort"
    assert mention.posted_at == datetime(2026, 11, 3, 11, 0, tzinfo=UTC)


def test_the_outlet_of_a_collected_feed_is_the_source_of_the_entry(press: Press, server: Loopback) -> None:
    one = item("https://daily.example/1", "Acme").replace(
        "</item>", '<source url="https://herald.example">The Herald</source></item>'
    )
    press.feeds["/rss"] = Reply(body=rss(one, title="Search for acme"))
    assert Watch(server, "/rss").poll().mentions[0].author == "The Herald"


def test_an_outlet_without_a_name_goes_by_its_host(press: Press, server: Loopback) -> None:
    press.feeds["/rss"] = Reply(body=rss(item("https://daily.example/1", "Acme"), title=""))
    assert Watch(server, "/rss").poll().mentions[0].author == server.url.removeprefix("http://")


def test_one_article_in_two_feeds_is_one_mention(press: Press, server: Loopback) -> None:
    press.feeds["/a"] = Reply(body=rss(item("https://daily.example/1?utm_source=a&amp;p=2", "Acme", summary="one")))
    press.feeds["/b"] = Reply(body=rss(item("https://daily.example/1?p=2&amp;fbclid=x", "Acme", summary="two")))
    watch = Watch(server, "/a", "/b")
    batch = watch.poll()
    assert ids(batch) == ["https://daily.example/1?p=2"]
    watch.later(minutes=5)
    again = watch.poll()
    assert again.is_empty
    assert again.edits == ()


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://d.example/a?utm_source=x&UTM_Medium=y", "https://d.example/a"),
        ("https://d.example/a?id=1&gclid=2&b=%C3%A9", "https://d.example/a?id=1&b=%C3%A9"),
        ("https://d.example/a?utmost=1", "https://d.example/a?utmost=1"),
        ("https://d.example/a?x=1#part", "https://d.example/a?x=1#part"),
        ("https://d.example/a#xtor=RSS-3208", "https://d.example/a"),
        ("HTTPS://D.Example/Path", "https://d.example/Path"),
        ("https://[bad/a", "https://[bad/a"),
    ],
)
def test_links_lose_what_only_tells_where_a_reader_came_from(link: str, expected: str) -> None:
    assert canonical(link) == expected


@given(st.text(max_size=80))
def test_a_link_without_tracking_has_none_to_lose(link: str) -> None:
    once = canonical(f"https://d.example/{link}")
    assert canonical(once) == once


def test_an_entry_without_a_date_was_posted_when_it_was_seen_and_stays_so(press: Press, server: Loopback) -> None:
    press.feeds["/rss"] = Reply(body=rss(item("https://daily.example/1", "Acme", at=None)))
    watch = Watch(server, "/rss")
    assert watch.poll().mentions[0].posted_at == NOW
    watch.later(minutes=5)
    assert watch.poll().is_empty


@pytest.mark.parametrize("date", ["soon", "", "Thu, 01 Jan 1970 00:00:00 GMT", "0001-01-01T00:00:00Z", "99999999999"])
def test_a_date_that_is_none_counts_as_missing(press: Press, server: Loopback, date: str) -> None:
    one = f"<item><title>Acme</title><link>https://d.example/1</link><pubDate>{date}</pubDate></item>"
    press.feeds["/rss"] = Reply(body=rss(one))
    assert Watch(server, "/rss").poll().mentions[0].posted_at == NOW


def test_a_date_in_the_future_is_now(press: Press, server: Loopback) -> None:
    press.feeds["/rss"] = Reply(body=rss(item("https://daily.example/1", "Acme", at=NOW + timedelta(days=2))))
    (mention,) = Watch(server, "/rss").poll().mentions
    assert (mention.posted_at, mention.seen_at) == (NOW, NOW)


def test_entries_older_than_the_settings_allow_are_left_out(press: Press, server: Loopback) -> None:
    press.feeds["/rss"] = Reply(body=rss(item("https://daily.example/1", "Acme", at=NOW - timedelta(days=31))))
    assert Watch(server, "/rss").poll().is_empty


def test_an_edited_entry_is_told_once_with_its_newest_words(press: Press, server: Loopback) -> None:
    press.feeds["/rss"] = Reply(body=rss(item("https://daily.example/1", "Acme grows")))
    watch = Watch(server, "/rss")
    watch.poll()
    press.feeds["/rss"] = Reply(body=rss(item("https://daily.example/1", "Acme shrinks")))
    watch.later(minutes=5)
    assert [(edit.id, edit.text) for edit in watch.poll().edits] == [("https://daily.example/1", "Acme shrinks")]
    watch.later(minutes=5)
    assert watch.poll().edits == ()


def test_etag_and_last_modified_are_sent_back(press: Press, server: Loopback) -> None:
    modified = "Tue, 03 Nov 2026 14:00:00 GMT"
    press.feeds["/rss"] = Reply(
        body=rss(item("https://daily.example/1", "Acme")), headers={"ETag": '"v1"', "Last-Modified": modified}
    )
    watch = Watch(server, "/rss")
    assert len(watch.poll().mentions) == 1
    watch.later(minutes=5)
    assert watch.poll().is_empty
    assert server.asked[1].headers["if-none-match"] == '"v1"'
    assert server.asked[1].headers["if-modified-since"] == modified
    press.feeds["/rss"] = Reply(body=rss(item("https://daily.example/2", "Acme two")), headers={"ETag": '"v2"'})
    watch.later(minutes=5)
    assert ids(watch.poll()) == ["https://daily.example/2"]


def test_a_new_keyword_makes_every_feed_be_read_anew(press: Press, server: Loopback) -> None:
    press.feeds["/rss"] = Reply(body=rss(item("https://daily.example/1", "Bolt")), headers={"ETag": '"v1"'})
    watch = Watch(server, "/rss")
    watch.poll()
    wider = Watch(server, "/rss", brands=(ACME, WatchedBrand(name="Bolt", keywords=("bolt",))))
    wider.cursor = watch.cursor
    assert ids(wider.poll()) == ["https://daily.example/1"]


@pytest.mark.parametrize("link", ["", "javascript:alert(1)", "mailto:ann@d.example", "https://d.example/a b\x00"])
def test_an_entry_without_a_web_address_is_named_and_left_out(press: Press, server: Loopback, link: str) -> None:
    press.feeds["/rss"] = Reply(body=rss(WHOLE, f"<item><title>Acme</title><link>{link}</link></item>"))
    batch = Watch(server, "/rss").poll()
    assert ids(batch)[0] == "https://daily.example/1"
    assert all(post_id.startswith("http") for post_id in ids(batch))


def test_a_guid_that_is_an_address_stands_in_for_a_link(press: Press, server: Loopback) -> None:
    press.feeds["/rss"] = Reply(body=rss("<item><title>Acme</title><guid>https://d.example/7</guid></item>"))
    assert ids(Watch(server, "/rss").poll()) == ["https://d.example/7"]


def test_a_link_too_long_for_an_index_still_has_an_id_of_its_own(press: Press, server: Loopback) -> None:
    long = "https://d.example/" + "a" * 3_000
    press.feeds["/rss"] = Reply(body=rss(item(f"{long}1", "Acme"), item(f"{long}2", "Acme")))
    batch = Watch(server, "/rss").poll()
    assert len(set(ids(batch))) == 2
    assert max(map(len, ids(batch))) < 500


def test_feeds_nobody_came_to_are_the_first_of_the_next_poll(press: Press, server: Loopback) -> None:
    for name in ("/a", "/b", "/c"):
        press.feeds[name] = Reply(body=rss(item(f"https://d.example{name}", "Acme")))
    watch = Watch(server, "/a", "/b", "/c")
    watch.poll(requests=2)
    watch.later(minutes=5)
    assert ids(watch.poll(requests=1)) == ["https://d.example/c"]


def test_a_moved_feed_is_followed_and_an_endless_move_is_named(press: Press, server: Loopback) -> None:
    press.feeds["/old"] = Reply(status=301, headers={"Location": "/new"})
    press.feeds["/new"] = Reply(body=rss(WHOLE))
    press.feeds["/loop"] = Reply(status=302, headers={"Location": "/loop"})
    batch = Watch(server, "/old", "/loop").poll()
    assert ids(batch) == ["https://daily.example/1"]
    assert "/loop redirects without end" in (batch.trouble or "")
    assert sum(each.path == "/loop" for each in server.asked) <= 7


def test_without_a_feed_a_person_is_needed(server: Loopback) -> None:
    watch = Watch(server)
    with pytest.raises(Refused, match=r"collectors\.news\.feeds"):
        watch.poll()
    assert "collectors.news.feeds" in (watch.source.check() or "")


def test_counts_only_asks_no_feed(press: Press, server: Loopback) -> None:
    batch = Watch(server, "/a").poll(thrift=Thrift.COUNTS_ONLY)
    assert batch.requests == 0
    assert server.asked == []


def test_doctor_is_told_which_feed_cannot_be_read(press: Press, server: Loopback) -> None:
    press.feeds["/good"] = Reply(body=rss(WHOLE))
    watch = Watch(server, "/good", "/gone")
    with pytest.raises(CollectError, match="/gone"):
        watch.source.probe()
    assert watch.source.check() is None
    assert "keyword" in (Watch(server, "/good", brands=(WatchedBrand(name="A"),)).source.check() or "")


def test_a_cursor_of_somebody_else_is_named_and_replaced(press: Press, server: Loopback) -> None:
    press.feeds["/rss"] = Reply(body=rss(WHOLE))
    watch = Watch(server, "/rss")
    watch.cursor = "[]"
    batch = watch.poll()
    assert [skip.place for skip in batch.skipped] == ["cursor of collectors.news"]
    assert len(batch.mentions) == 1
