"""Reddit without a key: feeds in turn, one a minute, with what they say and what they cannot."""

from datetime import timedelta

import pytest

from collectors._reddit_feed import read_feed
from stormcone.errors import CollectError, RateLimited, Refused
from stormcone.models import Batch
from tests.collectors.fake_reddit import Fault
from tests.collectors.reddit_desk import NOW, Desk, desk

KEYLESS: dict[str, object] = {"client_id_env": "", "client_secret_env": "", "secrets": {}}


def turns(at: Desk, number: int) -> list[Batch]:
    return [at.poll(minutes=1) for _ in range(number)]


def test_feeds_are_asked_in_turn_without_a_key() -> None:
    with desk(**KEYLESS) as at:
        assert at.collector.check() is None
        head = at.world.submit("acme", "talk", text="first line")
        said = at.world.comment(head, "me &amp;lt;too", author="else")
        own = at.world.submit("pics", "We are here", author="acme_team")
        named = at.world.submit("tools", "my acme broke")
        asked = []
        for _ in range(5):
            at.poll(minutes=1)
            asked += at.world.paths()
        assert asked == [
            "/r/acme/new.rss",
            "/r/acme/comments.rss",
            "/search.rss",
            "/user/acme_team/submitted.rss",
            "/user/acme_team/comments.rss",
        ]
        found = {name: mention for (name, _), mention in at.stored.items()}
        assert set(found) == {head, said, own, named}
        assert found[head].text == "talk\n\nfirst line"
        assert (found[said].text, found[said].author) == ("me <too", "else")
        assert (found[said].root_id, found[said].parent_id) == (head, None)
        assert (found[own].is_own_post, found[own].account) == (True, "acme_team")
        assert found[head].likes is None
        assert found[head].posted_at == NOW
        assert not any("authorization" in headers for headers in at.world.headers_seen)


def test_at_most_one_request_a_minute() -> None:
    with desk(**KEYLESS) as at:
        assert at.poll().requests == 1
        for _ in range(5):
            at.pass_time(seconds=10)
            batch = at.poll()
            assert (batch.requests, at.world.requests) == (0, [])
        at.pass_time(seconds=10)
        assert at.poll().requests == 1


def test_restart_does_not_ask_early() -> None:
    with desk(**KEYLESS) as at:
        at.poll()
        at.restart()
        at.pass_time(seconds=30)
        assert at.poll().requests == 0


def test_feed_that_did_not_change_is_not_sent_again() -> None:
    with desk(brands=[], **KEYLESS) as at:
        at.world.faults = [
            Fault(path="new.rss", headers={"etag": '"7"', "last-modified": "Tue, 03 Nov 2026 15:00:00 GMT"})
        ]
        turns(at, 2)
        at.world.headers_seen.clear()
        at.world.faults = [Fault(path="new.rss", status=304, body=b"")]
        batch = at.poll(minutes=1)
        assert at.world.headers_seen[0]["if-none-match"] == '"7"'
        assert at.world.headers_seen[0]["if-modified-since"] == "Tue, 03 Nov 2026 15:00:00 GMT"
        assert (batch.mentions, batch.trouble) == ((), None)


def test_what_a_feed_could_not_hold_is_a_gap() -> None:
    with desk(**KEYLESS) as at:
        head = at.world.submit("acme", "talk")
        at.world.comment(head, "first")
        turns(at, 5)
        for number in range(150):
            at.world.comment(head, f"number {number}", at=NOW + timedelta(minutes=4, seconds=number / 10))
        batches = turns(at, 2)
        assert [len(batch.gaps) for batch in batches] == [0, 1]
        assert batches[1].gaps[0].started_at == NOW
        assert batches[1].is_saturated


def test_429_is_obeyed() -> None:
    with desk(**KEYLESS) as at:
        at.world.faults = [Fault(path="rss", status=429, headers={"retry-after": "90"})]
        with pytest.raises(RateLimited) as caught:
            at.poll()
        assert caught.value.retry_after_seconds == 90


def test_missing_feed_is_named_and_the_next_is_asked() -> None:
    with desk(subreddits=("gone", "acme"), **KEYLESS) as at:
        said = at.world.submit("acme", "talk")
        at.world.closed = {"/r/gone": 404}
        batches = turns(at, 3)
        assert "r/gone submissions: 404" in (batches[0].trouble or "")
        assert at.ids == {said}


def test_shut_out_address_needs_a_person() -> None:
    with desk(**KEYLESS) as at:
        at.world.faults = [Fault(path="rss", status=403)]
        with pytest.raises(Refused, match="403"):
            at.poll()
        assert at.poll(minutes=1).trouble is None


@pytest.mark.parametrize(
    "fault",
    [
        Fault(path="rss", status=503),
        Fault(path="rss", truncate=True),
        Fault(path="rss", body=b'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><entry><id>t3_1'),
        Fault(path="rss", body=b"<html><body>login</body></html>"),
        Fault(path="rss", body=b""),
        Fault(path="rss", drop=True),
    ],
    ids=["503", "truncated", "half", "html", "nothing", "dropped"],
)
def test_answer_that_is_no_feed_is_named_and_the_next_feed_is_asked(fault: Fault) -> None:
    with desk(**KEYLESS) as at:
        said = at.world.submit("acme", "talk")
        at.world.faults = [fault]
        with pytest.raises(CollectError):
            at.poll()
        turns(at, 5)
        assert at.ids == {said}


def test_feed_that_hangs_is_given_up() -> None:
    with desk(timeout_seconds=0.3, **KEYLESS) as at:
        at.world.faults = [Fault(path="rss", hang_seconds=20)]
        with pytest.raises(CollectError, match="cannot be reached"):
            at.poll()


def test_entries_that_lack_something_are_skipped_by_number() -> None:
    whole = (
        "<entry><id>t3_a1</id><updated>2026-11-03T15:00:00+00:00</updated><title>acme</title>"
        '<link href="https://www.reddit.com/r/acme/comments/a1/x/"/></entry>'
    )
    body = (
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">'
        f"<entry><id>t5_x</id></entry>{whole}{whole.replace('updated', 'other')}</feed>"
    )
    page = read_feed(body.encode(), "r/acme")
    assert [thing.name for thing in page.things] == ["t3_a1"]
    assert [skip.place for skip in page.skipped] == ["reddit r/acme, entry 1", "reddit r/acme, entry 3"]


def test_probe_asks_one_feed() -> None:
    with desk(**KEYLESS) as at:
        at.collector.probe()
        assert len(at.world.requests) == 1
