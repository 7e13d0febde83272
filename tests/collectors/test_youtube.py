"""YouTube: own videos, comments and answers, against a loopback API."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from pydantic import ValidationError

from collectors.youtube import YouTubeCollector, YouTubeSettings
from stormcone.clock import ManualClock
from stormcone.plugins import discover
from stormcone.ports import (
    Collector,
    CollectorContext,
    SourceSettings,
    StoredPost,
    Thrift,
    WatchedAccount,
    WatchedBrand,
)
from tests.collectors.fake_youtube import ACME, BOLT, CHANNEL, NAMED, NOW, OWN, FakeYouTube, Shelf, Watch, at, comment
from tests.collectors.loopback import Loopback, loopback


@pytest.fixture
def api() -> FakeYouTube:
    return FakeYouTube()


@pytest.fixture
def server(api: FakeYouTube) -> Iterator[Loopback]:
    with loopback(api) as running:
        yield running


def paths(server: Loopback) -> list[str]:
    return [each.path.rpartition("/")[2] for each in server.asked]


def test_plug_in_is_found_by_scanning() -> None:
    found = discover("collectors", Collector, key="platform")  # type: ignore[type-abstract]  # a role, never built
    assert found["youtube"] is YouTubeCollector


def test_settings_are_checked() -> None:
    assert YouTubeSettings().requests_per_day == 10_000
    with pytest.raises(ValidationError):
        YouTubeSettings(videos=("https://www.youtube.com/watch?v=othervideo1",))
    context = CollectorContext(brands=(), clock=ManualClock(NOW), base_folder=".", secrets={})
    with pytest.raises(TypeError, match="SourceSettings"):
        YouTubeCollector(SourceSettings(), context)


def test_own_videos_are_own_posts_with_their_counts(api: FakeYouTube, server: Loopback) -> None:
    api.video(OWN, at(-3_600), "Our new bread", likeCount="120", commentCount="14", viewCount="9000")
    api.video("oldvideo001", at(-8 * 86_400), "Long ago")
    watch = Watch(server.url)
    batch = watch.poll()
    post = watch.stored[OWN, "Acme"]
    assert (post.is_own_post, post.author, post.account, post.text) == (True, "acme", "acme", "Our new bread")
    assert (post.likes, post.replies, post.url) == (120, 14, f"https://www.youtube.com/watch?v={OWN}")
    assert post.posted_at == NOW - timedelta(hours=1)
    assert [(each.post_id, each.likes, each.replies) for each in batch.engagements] == [(OWN, 120, 14)]
    assert watch.ids == {OWN}
    assert batch.requests == len(server.asked)


def test_counts_the_owner_hides_are_unknown(api: FakeYouTube, server: Loopback) -> None:
    api.video(OWN, at(-3_600), "Our new bread", viewCount="9000")
    (each,) = Watch(server.url).poll().engagements
    assert (each.likes, each.replies) == (None, None)


def test_comments_on_the_own_channel_are_mentions_whatever_they_say(api: FakeYouTube, server: Loopback) -> None:
    answer = comment("c1.a", at(-30), "true", parentId="c1")
    api.thread(comment("c1", at(-60), "shame on you", likeCount=7), answer, video=OWN)
    watch = Watch(server.url)
    watch.poll()
    top, reply = watch.stored["c1", "Acme"], watch.stored["c1.a", "Acme"]
    assert (top.author, top.likes, top.replies, top.parent_id, top.root_id) == ("@c1", 7, 1, OWN, OWN)
    assert (reply.parent_id, reply.root_id) == ("c1", OWN)
    assert top.url == f"https://www.youtube.com/watch?v={OWN}&lc=c1"
    assert not top.is_own_post


def test_what_the_brand_itself_comments_is_an_own_post(api: FakeYouTube, server: Loopback) -> None:
    ours = comment("c1.a", at(-30), "sorry", parentId="c1", authorChannelId={"value": CHANNEL})
    api.thread(comment("c1", at(-60), "shame"), ours, video=OWN)
    watch = Watch(server.url)
    watch.poll()
    assert watch.stored["c1.a", "Acme"].is_own_post
    assert watch.stored["c1.a", "Acme"].account == "acme"


def test_comments_on_a_named_video_belong_to_the_brands_it_names(api: FakeYouTube, server: Loopback) -> None:
    api.video(NAMED, at(-90_000), "I tested Bolt bikes", channel="UCother")
    api.thread(comment("c1", at(-60), "never again"), video=NAMED, channel="UCother")
    api.thread(comment("c2", at(-50), "acme is better"), video=NAMED, channel="UCother")
    watch = Watch(server.url, ACME, BOLT, videos=(NAMED,))
    watch.poll()
    assert set(watch.stored) == {("c1", "Bolt"), ("c2", "Bolt"), ("c2", "Acme")}
    assert (NAMED, "Bolt") not in watch.stored


def test_who_watches_one_brand_means_it_by_naming_a_video(api: FakeYouTube, server: Loopback) -> None:
    api.video(NAMED, at(-90_000), "A look around", channel="UCother")
    api.thread(comment("c1", at(-60), "never again"), video=NAMED, channel="UCother")
    one = Watch(server.url, BOLT, videos=(NAMED,))
    one.poll()
    assert set(one.stored) == {("c1", "Bolt")}
    two = Watch(server.url, ACME, BOLT, videos=(NAMED,))
    two.poll()
    assert two.stored == {}


def test_every_page_of_comments_and_answers_is_read(api: FakeYouTube, server: Loopback) -> None:
    answers = [comment(f"c0.{n}", at(-n), f"yes {n}", parentId="c0") for n in range(230)]
    api.thread(comment("c0", at(-1_000), "shame"), *answers, video=OWN)
    for n in range(1, 251):
        api.thread(comment(f"c{n}", at(-60 * n), "shame"), video=OWN)
    watch = Watch(server.url)
    watch.poll()
    assert len(watch.ids) == 1 + 230 + 250
    assert paths(server).count("comments") == 3


def test_answers_that_come_later_to_an_older_comment_are_found(api: FakeYouTube, server: Loopback) -> None:
    api.thread(comment("c1", at(-86_400), "shame"), video=OWN)
    watch = Watch(server.url)
    watch.poll()
    watch.later(minutes=2)
    api.thread(comment("c2", at(60), "new one"), video=OWN)
    watch.poll()
    watch.later(minutes=60)
    api.threads[0][3].extend(comment(f"c1.{n}", at(3_600), "true", parentId="c1") for n in range(4))
    watch.poll()
    assert {"c1", "c2", "c1.0", "c1.3"} <= watch.ids
    watch.later(minutes=2)
    before = len(server.asked)
    watch.poll()
    assert "comments" not in paths(server)[before:]


def test_an_edited_comment_is_told_once(api: FakeYouTube, server: Loopback) -> None:
    api.thread(comment("c1", at(-60), "fine"), video=OWN)
    watch = Watch(server.url)
    watch.poll()
    api.threads[0] = (CHANNEL, OWN, comment("c1", at(-60), "not fine", updatedAt=at(30)), [])
    watch.later(minutes=2)
    assert [(edit.id, edit.text, edit.edited_at) for edit in watch.poll().edits] == [
        ("c1", "not fine", NOW + timedelta(seconds=30))
    ]
    watch.later(minutes=2)
    assert watch.poll().edits == ()


def test_counts_of_stored_own_videos_follow_the_ladder(api: FakeYouTube, server: Loopback) -> None:
    api.video(OWN, at(-86_400 * 2), "Our bread", likeCount="5")
    api.thread(comment("c1", at(-60), "fine"), video=OWN)
    just_now = StoredPost(
        id=OWN, brand="Acme", posted_at=NOW - timedelta(days=2), is_own_post=True, account="acme", counted_at=NOW
    )
    watch = Watch(server.url, archive=Shelf(own=[just_now]))
    assert watch.poll().engagements == ()
    watch.later(hours=1)
    assert [each.post_id for each in watch.poll().engagements] == [OWN]
    assert (OWN, "Acme") not in watch.stored


def test_stored_posts_that_are_gone_are_missed(api: FakeYouTube, server: Loopback) -> None:
    api.video(OWN, at(-3_600), "Our bread")
    api.thread(comment("comment-still-there", at(-90_000), "hm"), video=OWN)
    posted = NOW - timedelta(days=1, hours=1)
    due = [
        StoredPost(id=each, brand="Acme", posted_at=posted, is_own_post=False)
        for each in ("comment-still-there", "comment-now-gone")
    ]
    own = [
        StoredPost(id=each, brand="Acme", posted_at=posted, is_own_post=True, account="acme")
        for each in (OWN, "gonevideo01")
    ]
    checks = Watch(server.url, archive=Shelf(own=own, due=due)).poll().checks
    assert {each.id: each.is_there for each in checks} == {
        "comment-still-there": True,
        "comment-now-gone": False,
        OWN: True,
        "gonevideo01": False,
    }


def test_an_empty_lookup_proves_nothing(server: Loopback) -> None:
    due = [StoredPost(id="comment-gone", brand="Acme", posted_at=NOW - timedelta(days=3), is_own_post=False)]
    assert Watch(server.url, archive=Shelf(due=due)).poll().checks == ()


def test_a_channel_is_looked_for_once(api: FakeYouTube, server: Loopback) -> None:
    watch = Watch(server.url, WatchedBrand(name="Acme", accounts=(WatchedAccount(handle=CHANNEL),)))
    watch.poll()
    watch.later(minutes=2)
    watch.poll()
    assert paths(server).count("channels") == 1
    assert server.asked[0].query["id"] == CHANNEL


def test_a_quiet_day_stays_within_the_free_quota(api: FakeYouTube, server: Loopback) -> None:
    api.video(OWN, at(-3_600), "Our bread", likeCount="5")
    api.thread(comment("c1", at(-60), "fine"), video=OWN)
    stored = StoredPost(id=OWN, brand="Acme", posted_at=NOW, is_own_post=True, account="acme")
    watch = Watch(server.url, archive=Shelf(own=[stored]))
    watch.poll()
    watch.later(minutes=2)
    assert watch.poll().requests * (86_400 / YouTubeSettings().poll_seconds) <= 10_000 / 2


def test_sampling_reads_the_newest_page_only(api: FakeYouTube, server: Loopback) -> None:
    for n in range(1, 251):
        api.thread(comment(f"c{n}", at(-60 * n), "shame"), video=OWN)
    batch = Watch(server.url).poll(thrift=Thrift.SAMPLED)
    assert len(batch.mentions) == 100
    assert len(batch.gaps) == 1


def test_counts_only_asks_nothing(server: Loopback) -> None:
    assert Watch(server.url).poll(thrift=Thrift.COUNTS_ONLY).requests == 0
    assert server.asked == []
