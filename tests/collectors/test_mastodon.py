"""The Mastodon collector with the real Mastodon.py against `mastodon_mock`, a stateful instance on loopback."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from mastodon_mock.config import SeedAccount, SeedConfig
from mastodon_mock.testing import MockServer

from collectors.mastodon import MastodonCollector, MastodonSettings, PublicTimeline
from stormcone.clock import ManualClock
from stormcone.models import Batch
from stormcone.ports import (
    Allowance,
    CollectorContext,
    EmptyArchive,
    StoredPost,
    Thrift,
    WatchedAccount,
    WatchedBrand,
)

_NAMES = [f"acme{number}" for number in range(30)]
_HANDLES = iter(_NAMES)


@pytest.fixture(scope="module")
def instance() -> Iterator[MockServer]:
    accounts = [SeedAccount(username=name, access_token=f"token-of-{name}") for name in (*_NAMES, "bob", "carol")]
    with MockServer(seed=SeedConfig(accounts=accounts)) as server:
        yield server


@dataclass
class Archive(EmptyArchive):
    """What the tests say is stored."""

    own: Sequence[StoredPost] = ()
    hot: Sequence[StoredPost] = ()
    due: Sequence[StoredPost] = ()

    def own_posts(self, *, since: datetime) -> Sequence[StoredPost]:
        return [post for post in self.own if post.posted_at > since]

    def hot_threads(self, *, limit: int) -> Sequence[StoredPost]:
        return self.hot[:limit]

    def due_for_check(self, *, checked_before: datetime, limit: int) -> Sequence[StoredPost]:
        return self.due[:limit]


@dataclass
class Place:
    """A brand of its own on the shared instance: own handle, own hashtag, and somebody who talks about it."""

    server: MockServer
    handle: str
    clock: ManualClock = field(default_factory=lambda: ManualClock(datetime.now(UTC) + timedelta(seconds=1)))
    archive: Archive = field(default_factory=Archive)
    with_token: bool = False
    settings: dict[str, Any] = field(default_factory=dict)
    cursor: str | None = None

    @property
    def brand(self) -> WatchedBrand:
        return WatchedBrand(
            name="Acme",
            keywords=(f"{self.handle} tools",),
            hashtags=(f"{self.handle}day",),
            accounts=(WatchedAccount(handle=self.handle),),
        )

    def collector(self, *brands: WatchedBrand) -> MastodonCollector:
        context = CollectorContext(
            brands=brands or (self.brand,),
            clock=self.clock,
            base_folder=".",
            secrets={"TOKEN": f"token-of-{self.handle}"} if self.with_token else {},
            archive=self.archive,
        )
        settings = MastodonSettings(
            base_url=self.server.base_url, access_token_env="TOKEN", timeout_seconds=5, **self.settings
        )
        return MastodonCollector(settings, context)

    def poll(self, *brands: WatchedBrand, after_seconds: float = 60, allowance: Allowance | None = None) -> Batch:
        """Poll as a program that is started anew each time."""
        batch = self.collector(*brands).poll(
            self.cursor, allowance or Allowance(), self.clock.now() + timedelta(seconds=15)
        )
        self.cursor = batch.cursor
        self.clock.move_to(self.clock.now() + timedelta(seconds=after_seconds))
        return batch

    def say(self, text: str, by: str = "bob", **how: Any) -> Any:
        return self.server.client(by).status_post(text, **how)

    def stored(self, status: Any, **how: Any) -> StoredPost:
        return StoredPost(
            id=str(status["id"]),
            brand="Acme",
            posted_at=status["created_at"].astimezone(UTC),
            is_own_post=how.pop("is_own_post", True),
            account=self.handle,
            **how,
        )


@pytest.fixture
def place(instance: MockServer) -> Place:
    return Place(server=instance, handle=next(_HANDLES))


def _texts(batch: Batch) -> list[str]:
    return [mention.text for mention in batch.mentions]


def test_without_a_token_hashtags_come_page_by_page_and_each_status_once(place: Place) -> None:
    wanted = {str(place.say(f"broken again, no {number} #{place.handle}day")["id"]) for number in range(95)}

    first = place.poll()
    place.cursor, again = first.cursor, place.poll()

    assert {mention.id for mention in first.mentions} == wanted
    assert len(first.mentions) == len(wanted)
    assert {mention.id for mention in again.mentions} <= wanted
    assert first.trouble is None
    assert first.gaps == ()


def test_a_status_in_text_is_plain_with_its_lines_links_and_warning(place: Place) -> None:
    place.say(f"Broken & <b>sold</b>\nas new #{place.handle}day", spoiler_text="angry")

    [mention] = place.poll().mentions

    assert mention.text == f"angry\n\nBroken & <b>sold</b>\nas new #{place.handle}day"
    assert (mention.author, mention.platform, mention.brand) == ("bob", "mastodon", "Acme")
    assert mention.seen_at >= mention.posted_at


def test_what_is_said_between_two_polls_comes_with_the_second(place: Place) -> None:
    place.say(f"first #{place.handle}day")
    place.poll()
    late = {str(place.say(f"second {number} #{place.handle}day")["id"]) for number in range(85)}
    place.poll(after_seconds=600)
    later = str(place.say(f"third #{place.handle}day")["id"])

    assert later in {mention.id for mention in place.poll().mentions}
    place.cursor = None
    assert late < {mention.id for mention in place.poll().mentions}


def test_an_old_poll_is_left_behind_once_its_overlap_is_over(place: Place) -> None:
    for number in range(5):
        place.say(f"early {number} #{place.handle}day")
    place.poll(after_seconds=400)
    place.poll(after_seconds=400)

    assert place.poll().mentions == ()


def test_a_walk_that_the_allowance_cut_off_is_a_gap_and_filled_by_later_polls(place: Place) -> None:
    wanted = {str(place.say(f"storm {number} #{place.handle}day")["id"]) for number in range(130)}
    seen: set[str] = set()
    # account lookup, own statuses, one page of the hashtag
    first = place.poll(allowance=Allowance(requests=3))
    seen |= {mention.id for mention in first.mentions}

    second = place.poll()
    seen |= {mention.id for mention in second.mentions}

    assert len(first.mentions) == 40
    assert len(first.gaps) == 1
    assert second.filled == first.gaps
    assert seen == wanted


def test_own_posts_carry_their_counts_and_replies_below_them_are_mentions_whatever_they_say(place: Place) -> None:
    own = place.say("We raise our prices.", by=place.handle)
    reply = place.say(f"@{place.handle} no words", in_reply_to_id=own["id"])
    nested = place.say("same here", by="carol", in_reply_to_id=reply["id"])
    place.server.client("carol").status_favourite(own["id"])

    batch = place.poll()
    by_id = {mention.id: mention for mention in batch.mentions}

    assert by_id[str(own["id"])].is_own_post
    assert by_id[str(own["id"])].author == place.handle
    assert by_id[str(nested["id"])].root_id == str(own["id"])
    assert by_id[str(nested["id"])].parent_id == str(reply["id"])
    [counts] = batch.engagements
    assert (counts.post_id, counts.likes, counts.replies) == (str(own["id"]), 1, 1)


def test_a_new_reply_is_read_at_the_next_poll_and_a_quiet_thread_costs_nothing(place: Place) -> None:
    own = place.say("We raise our prices.", by=place.handle)
    place.say("boo", in_reply_to_id=own["id"])
    place.clock.move_to(place.clock.now() + timedelta(hours=3))
    place.poll(after_seconds=30)
    quiet = place.poll(after_seconds=30)
    new = place.say("boo again", by="carol", in_reply_to_id=own["id"])
    loud = place.poll()

    assert str(new["id"]) in {mention.id for mention in loud.mentions}
    assert loud.requests == quiet.requests + 1


def test_a_hot_thread_of_somebody_else_is_read(place: Place) -> None:
    root = place.say(f"{place.handle} tools hurt my hand")
    answer = place.say("mine too", by="carol", in_reply_to_id=root["id"])
    place.archive.hot = [place.stored(root, is_own_post=False)]

    found = {mention.id: mention for mention in place.poll().mentions}

    assert found[str(answer["id"])].root_id == str(root["id"])


def test_with_a_token_mentions_and_words_are_found(place: Place) -> None:
    place.with_token = True
    mention = place.say(f"@{place.handle} answer me")
    words = place.say(f"my {place.handle} tools broke", by="carol")
    place.say(f"{place.handle} toolshed is another firm", by="carol")

    batch = place.poll()

    assert {each.id for each in batch.mentions} == {str(mention["id"]), str(words["id"])}
    assert {each.account for each in batch.mentions} == {place.handle, None}
    assert batch.trouble is None


def test_letters_are_never_taken(place: Place) -> None:
    place.with_token = True
    place.say(f"@{place.handle} between us #{place.handle}day", visibility="direct")

    assert place.poll().mentions == ()


def test_an_edited_status_comes_with_its_new_text_under_its_first_id(place: Place) -> None:
    status = place.say(f"it works #{place.handle}day")
    place.poll()
    place.server.client("bob").status_update(status["id"], status=f"it broke #{place.handle}day")

    [edit] = place.poll().edits

    assert (edit.id, edit.brand, edit.text) == (str(status["id"]), "Acme", f"it broke #{place.handle}day")


def test_a_deleted_own_post_is_missed_at_the_next_poll(place: Place) -> None:
    gone, kept = (place.say(text, by=place.handle) for text in ("first", "second"))
    place.archive.own = [place.stored(each, counted_at=place.clock.now()) for each in (gone, kept)]
    assert place.poll(after_seconds=10).checks == ()
    place.server.client(place.handle).status_delete(gone["id"])

    [check] = place.poll().checks

    assert (check.id, check.is_there) == (str(gone["id"]), False)


def test_stored_posts_of_others_are_looked_up_and_only_a_404_is_a_miss(place: Place) -> None:
    gone, kept = place.say("boo"), place.say("hm")
    place.archive.due = [place.stored(each, is_own_post=False) for each in (gone, kept)]
    place.server.client("bob").status_delete(gone["id"])

    checks = place.poll().checks

    assert {(check.id, check.is_there) for check in checks} == {(str(gone["id"]), False), (str(kept["id"]), True)}


def test_a_status_that_names_two_brands_is_a_mention_of_each(place: Place) -> None:
    other = WatchedBrand(name="Bolt", keywords=("bolt works",))
    place.say(f"rather bolt works than #{place.handle}day")

    assert {mention.brand for mention in place.poll(place.brand, other).mentions} == {"Acme", "Bolt"}


def test_the_public_timeline_is_searched_where_that_is_asked_for(place: Place) -> None:
    place.settings = {"public_timeline": PublicTimeline.LOCAL}
    status = place.say(f"my {place.handle} tools broke, untagged")

    assert [mention.id for mention in place.poll().mentions] == [str(status["id"])]


@pytest.mark.parametrize(
    ("thrift", "finds_words"), [(Thrift.NONE, True), (Thrift.NO_SEARCH, False), (Thrift.SAMPLED, False)]
)
def test_thrift_drops_the_search_first(instance: MockServer, thrift: Thrift, finds_words: bool) -> None:
    place = Place(server=instance, handle=_NAMES[-1], with_token=True)
    words = str(place.say(f"{place.handle} tools, {thrift.name}")["id"])
    tagged = str(place.say(f"{thrift.name} #{place.handle}day")["id"])

    found = {mention.id for mention in place.poll(allowance=Allowance(thrift=thrift)).mentions}

    assert (words in found) is finds_words
    assert tagged in found


def test_counts_only_asks_nothing_and_keeps_the_cursor(place: Place) -> None:
    place.cursor = '{"walks":{}}'

    batch = place.poll(allowance=Allowance(thrift=Thrift.COUNTS_ONLY))

    assert (batch.requests, batch.cursor, batch.is_empty) == (0, '{"walks":{}}', True)


def test_an_unknown_account_is_named_and_holds_nothing_up(place: Place) -> None:
    brand = replace(place.brand, accounts=(WatchedAccount(handle="nobody-of-that-name"),))
    place.say(f"boo #{place.handle}day")

    batch = place.poll(brand)

    assert len(batch.mentions) == 1
    assert "nobody-of-that-name" in (batch.trouble or "")


def test_a_cursor_of_somebody_else_is_named_and_read_past(place: Place) -> None:
    place.cursor = "not json"
    place.say(f"boo #{place.handle}day")

    batch = place.poll()

    assert len(batch.mentions) == 1
    assert "cursor" in batch.skipped[0].place
    assert json.loads(batch.cursor or "")


def test_probe_asks_for_the_token_or_a_hashtag(place: Place) -> None:
    place.collector().probe()
    place.with_token = True
    place.collector().probe()


def test_nothing_to_ask_for_is_said_before_the_first_poll(place: Place) -> None:
    assert "hashtags" in (place.collector(WatchedBrand(name="Acme")).check() or "")
    assert place.collector(WatchedBrand(name="Acme", keywords=("acme",))).check() is None
