"""News feeds that are broken, huge, slow or gone: each is named, and none holds the others up."""

import gzip
from collections.abc import Iterator
from datetime import timedelta

import pytest

from collectors._http import MOST_BYTES
from collectors.news import NewsCollector, NewsSettings
from stormcone.clock import ManualClock
from stormcone.errors import CollectError, RateLimited, Refused
from stormcone.models import Batch
from stormcone.ports import Allowance, CollectorContext
from tests.collectors.fake_press import ACME, NOW, WHOLE, Press, Watch, ids, item, rss
from tests.collectors.loopback import Loopback, Reply, loopback, seconds_of


@pytest.fixture
def press() -> Press:
    return Press()


@pytest.fixture
def server(press: Press) -> Iterator[Loopback]:
    with loopback(press) as running:
        yield running


TRUNCATED = rss(item("https://daily.example/1", "Acme"), item("https://daily.example/2", "Acme"))[:-150]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"this is no feed",
        b"<html><head><title>Acme moved</title></head><body>Please log in</body></html>",
        b'{"acme": "json"}',
        TRUNCATED,
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        b"<?xml version='1.0'?><opml version='2.0'><body><outline text='acme'/></body></opml>",
        rss(item("https://daily.example/1", "Acme"))[: -len("</channel></rss>")],
        b"<rss" * 5_000,
        b"<?xml version='1.0' encoding='utf-16'?><rss version='2.0'><channel>",
    ],
)
def test_a_malformed_feed_is_skipped_by_name_and_the_others_go_on(press: Press, server: Loopback, body: bytes) -> None:
    press.feeds["/bad"] = Reply(body=body)
    press.feeds["/good"] = Reply(body=rss(item("https://daily.example/9", "Acme")))
    batch = Watch(server, "/bad", "/good").poll()
    assert ids(batch) == ["https://daily.example/9"]
    assert f"{server.url}/bad" in (batch.trouble or "")
    assert [skip.place for skip in batch.skipped] == [f"{server.url}/bad"]


@pytest.mark.parametrize(
    "body",
    [
        rss(WHOLE, "<item><title>Fish & chips &nosuch; </title><link>https://d.example/2</link></item>"),
        rss(WHOLE, "<item><title>never closed<link>https://d.example/3</link></item>"),
        rss("<item><title>control \x0b character</title></item>", WHOLE),
        rss(WHOLE) + b"<!-- cached in 3 ms -->\n\n",
        b"\n\n  " + rss(WHOLE),
        b"\xef\xbb\xbf" + rss(WHOLE),
        rss(WHOLE, head='<?xml version="1.0" encoding="no-such-thing"?>'),
        rss(WHOLE, head='<?xml version="1.0" encoding="utf-8"?>').decode().encode("latin-1"),
        rss(WHOLE, head='<?xml version="1.0" encoding="us-ascii"?>'),
        rss(WHOLE, head='<?xml version="1.0" encoding="iso-8859-1"?>').decode().encode("latin-1"),
        rss(WHOLE, head='<?xml version="1.0" encoding="utf-16"?>').decode().encode("utf-16"),
        rss(WHOLE, head='<!DOCTYPE rss [<!ENTITY a "x">]>'),
    ],
)
def test_lesser_faults_of_a_feed_do_not_cost_its_articles(press: Press, server: Loopback, body: bytes) -> None:
    press.feeds["/rss"] = Reply(body=body)
    batch = Watch(server, "/rss").poll()
    assert "https://daily.example/1" in ids(batch)
    assert batch.mentions[0].text.startswith("Acme caf")
    assert batch.trouble is None


def test_words_in_another_encoding_than_declared_are_read_right(press: Press, server: Loopback) -> None:
    body = rss(WHOLE, head='<?xml version="1.0" encoding="utf-8"?>').decode().encode("windows-1252")
    press.feeds["/rss"] = Reply(body=body, headers={"Content-Type": "text/xml; charset=utf-8"})
    assert Watch(server, "/rss").poll().mentions[0].text == "Acme caf\u00e9"


def test_a_feed_with_faults_is_named_though_it_is_read(press: Press, server: Loopback) -> None:
    press.feeds["/rss"] = Reply(body=rss(WHOLE, "<item><title>Fish & chips &nosuch;</title></item>"))
    batch = Watch(server, "/rss").poll()
    assert f"{server.url}/rss" in [skip.place for skip in batch.skipped]
    assert any("malformed" in skip.reason for skip in batch.skipped)


def test_hostile_words_are_kept_as_words(press: Press, server: Loopback) -> None:
    words = "acme &lt;script&gt;alert(1)&lt;/script&gt; =cmd() \u202e " + "\U0001f621" * 10_000
    press.feeds["/rss"] = Reply(body=rss(item("https://d.example/1", words)))
    text = Watch(server, "/rss").poll().mentions[0].text
    assert "<script" not in text
    assert text.count("\U0001f621") == 10_000


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_that_grow_without_end_are_refused_by_name(press: Press, server: Loopback, encoding: str) -> None:
    bomb = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    head = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE rss [<!ENTITY a "acme">{bomb}]>'
    body = rss(item("https://d.example/1", "acme &j;"), head=head).decode().encode(encoding)
    press.feeds["/rss"] = Reply(body=body)
    with pytest.raises(CollectError, match="/rss is malformed"):
        Watch(server, "/rss").poll()


def test_a_compressed_feed_is_read(press: Press, server: Loopback) -> None:
    press.feeds["/rss"] = Reply(body=gzip.compress(rss(WHOLE)), headers={"Content-Encoding": "gzip"})
    assert len(Watch(server, "/rss").poll().mentions) == 1
    assert server.asked[0].headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize("is_zipped", [False, True])
def test_a_huge_feed_is_refused_by_name(press: Press, server: Loopback, is_zipped: bool) -> None:
    body = b" " * (MOST_BYTES + 1_000_000)
    headers = {"Content-Encoding": "gzip"} if is_zipped else {}
    press.feeds["/huge"] = Reply(body=gzip.compress(body) if is_zipped else body, headers=headers)
    with pytest.raises(CollectError, match=rf"{server.url}/huge sends more than 8 MB"):
        Watch(server, "/huge").poll()


def test_a_hanging_feed_holds_nobody_up(press: Press, server: Loopback) -> None:
    for number in range(5):
        press.feeds[f"/hang{number}"] = Reply(hangs=True)
    press.feeds["/good"] = Reply(body=rss(WHOLE))
    watch = Watch(server, *(f"/hang{number}" for number in range(5)), "/good", timeout=0.5)
    batches: list[Batch] = []
    assert seconds_of(lambda: batches.append(watch.poll())) < 3
    assert len(batches[0].mentions) == 1
    assert (batches[0].trouble or "").count("cannot be reached") == 5


@pytest.mark.parametrize(
    ("replies", "kind"),
    [
        ([Reply(status=500), Reply(status=404)], CollectError),
        ([Reply(status=403), Reply(status=401)], Refused),
        ([Reply(status=403), Reply(status=500)], CollectError),
        ([Reply(status=429, headers={"Retry-After": "90"}), Reply(status=429)], RateLimited),
        ([Reply(status=0), Reply(body=b"no feed")], CollectError),
    ],
)
def test_only_when_every_feed_fails_the_poll_fails(
    press: Press, server: Loopback, replies: list[Reply], kind: type[CollectError]
) -> None:
    press.feeds = dict(zip(("/a", "/b"), replies, strict=True))
    watch = Watch(server, "/a", "/b")
    with pytest.raises(CollectError, match=r"/a.*/b") as caught:
        watch.poll()
    assert type(caught.value) is kind
    press.feeds["/b"] = Reply(body=rss(WHOLE))
    assert len(watch.poll().mentions) == 1


def test_a_feed_that_asks_for_patience_gets_it(press: Press, server: Loopback) -> None:
    press.feeds["/a"] = Reply(status=429, headers={"Retry-After": "900"})
    press.feeds["/b"] = Reply(body=rss(WHOLE))
    watch = Watch(server, "/a", "/b")
    watch.poll()
    watch.later(minutes=5)
    watch.poll()
    assert [each.path for each in server.asked].count("/a") == 1
    watch.later(minutes=15)
    watch.poll()
    assert [each.path for each in server.asked].count("/a") == 2


def test_passwords_and_tokens_of_an_address_are_in_no_message(press: Press, server: Loopback) -> None:
    host = server.url.removeprefix("http://")
    context = CollectorContext(brands=(ACME,), clock=ManualClock(NOW), base_folder=".", secrets={})
    settings = NewsSettings(feeds=(f"http://ann:s3cretword@{host}/gone?token=t0kenvalue",))
    with pytest.raises(CollectError) as caught:
        NewsCollector(settings, context).poll(None, Allowance(), NOW + timedelta(minutes=1))
    assert "/gone" in str(caught.value)
    assert "s3cretword" not in str(caught.value)
    assert "t0kenvalue" not in str(caught.value)


def test_a_failed_feed_keeps_what_is_known_of_it(press: Press, server: Loopback) -> None:
    press.feeds["/a"] = Reply(body=rss(item("https://daily.example/1", "Acme grows")))
    press.feeds["/b"] = Reply(body=rss())
    watch = Watch(server, "/a", "/b")
    watch.poll()
    press.feeds["/a"] = Reply(status=500)
    watch.later(minutes=5)
    watch.poll()
    press.feeds["/a"] = Reply(body=rss(item("https://daily.example/1", "Acme shrinks")))
    watch.later(minutes=5)
    assert [edit.text for edit in watch.poll().edits] == ["Acme shrinks"]
