"""The Reddit collector, with the real praw, before a served Reddit: what is found, whose it is, what is never lost."""

from datetime import timedelta

import pytest

from collectors.reddit import RedditCollector, RedditSettings
from stormcone.models import Batch
from stormcone.plugins import discover
from stormcone.ports import Allowance, Collector, Thrift, WatchedAccount, WatchedBrand
from tests.collectors.reddit_desk import ACME, NOW, desk, stored

OTHER = WatchedBrand(name="Other", keywords=("other",))


def brands_of(batch: Batch, name: str) -> set[str]:
    return {each.brand for each in batch.mentions if each.id == name}


def test_collector_is_found_by_its_name() -> None:
    assert discover("collectors", Collector, key="platform")["reddit"] is RedditCollector  # type: ignore[type-abstract]


def test_defaults_are_those_of_the_contract() -> None:
    section = RedditSettings()
    assert section.base_url == "https://oauth.reddit.com"
    assert (section.client_id_env, section.client_secret_env) == ("REDDIT_CLIENT_ID", "REDDIT_CLIENT_SECRET")
    assert section.user_agent == "linux:stormcone:1.0 (by /u/YOUR_NAME)"
    assert section.max_tree_requests == 32
    assert section.poll_seconds == 60
    assert section.timeout_seconds == 20


def test_everything_in_a_watched_subreddit_is_a_mention_of_its_brand() -> None:
    with desk() as at:
        first = at.world.submit("Acme", "nothing said by name", text="only this")
        answer = at.world.comment(first, "me too", author="else")
        elsewhere = at.world.submit("pics", "a cat")
        batch = at.poll()
        found = {each.id: each for each in batch.mentions}
        assert elsewhere not in found
        assert found[first].text == "nothing said by name\n\nonly this"
        assert (found[first].platform, found[first].brand, found[first].is_own_post) == ("reddit", "Acme", False)
        assert found[first].url == f"https://www.reddit.com/r/Acme/comments/{first[3:]}/_/"
        assert (found[answer].parent_id, found[answer].root_id, found[answer].author) == (first, first, "else")
        assert batch.trouble is None


def test_search_finds_whole_words_everywhere() -> None:
    with desk(subreddits=()) as at:
        named = at.world.submit("tools", "My ACME broke")
        at.world.submit("tools", "acmeville is nice")
        assert {each.id for each in at.poll().mentions} == {named}


def test_hashtags_are_searched_too() -> None:
    brand = WatchedBrand(name="Acme", keywords=("acme tools",), hashtags=("AcmeDay",))
    with desk(subreddits=(), brands=[brand]) as at:
        named = at.world.submit("tools", "what a #AcmeDay")
        assert at.poll().mentions[0].id == named


def test_subreddit_of_nobody_belongs_to_all_unless_one_is_named() -> None:
    with desk(subreddits=("tools", "r/other"), brands=[ACME, OTHER]) as at:
        silent = at.world.submit("tools", "it broke again")
        one = at.world.submit("tools", "my acme broke again")
        namesake = at.world.submit("other", "it broke again")
        both = at.world.submit("other", "like acme did")
        batch = at.poll()
        assert brands_of(batch, silent) == {"Acme", "Other"}
        assert brands_of(batch, one) == {"Acme"}
        assert brands_of(batch, namesake) == {"Other"}
        assert brands_of(batch, both) == {"Acme", "Other"}


def test_own_submission_brings_counts_and_its_thread() -> None:
    with desk(subreddits=()) as at:
        own = at.world.submit("pics", "We are here", author="Acme_Team", score=7)
        reply = at.world.comment(own, "go away", author="angry")
        below = at.world.comment(reply, "indeed")
        batch = at.poll()
        found = {each.id: each for each in batch.mentions}
        assert found[own].is_own_post
        assert (found[own].account, found[own].author) == ("acme_team", "acme_team")
        assert (found[reply].brand, found[reply].root_id, found[reply].is_own_post) == ("Acme", own, False)
        assert found[below].parent_id == reply
        counts = [each for each in batch.engagements if each.post_id == own]
        assert [(each.likes, each.replies, each.reposts) for each in counts] == [(7, 2, 0)]


def test_own_comment_is_an_own_reply_and_its_answers_are_found() -> None:
    with desk(subreddits=()) as at:
        strange = at.world.submit("games", "a game")
        own = at.world.comment(strange, "the intent is pride", author="acme_team", score=-900)
        batch = at.poll()
        mine = next(each for each in batch.mentions if each.id == own)
        assert (mine.is_own_post, mine.parent_id, mine.root_id, mine.likes) == (True, strange, strange, -900)
        at.shelf.own = [stored(own, own=True, url=mine.url)]
        answer = at.world.comment(own, "no")
        deeper = at.world.comment(answer, "never")
        at.world.comment(strange, "about something else")
        later = at.poll(minutes=1)
        assert {each.id for each in later.mentions if not each.is_own_post} == {answer, deeper}
        assert [(each.post_id, each.likes) for each in later.engagements] == [(own, -900)]


def test_comments_below_a_strangers_submission_titled_with_the_brand_are_mentions() -> None:
    with desk(subreddits=()) as at:
        about = at.world.submit("games", "Acme did it again")
        passing = at.world.submit("games", "my week", text="on tuesday I saw acme")
        inside = at.world.comment(about, "shame")
        at.world.comment(passing, "nice week")
        batch = at.poll()
        assert {each.id for each in batch.mentions} == {about, passing, inside}


def test_few_new_comments_of_strangers_wait_and_many_do_not() -> None:
    with desk(subreddits=()) as at:
        about = at.world.submit("games", "Acme did it again")
        at.world.comment(about, "first")
        at.poll()
        at.world.comment(about, "second")
        at.poll(minutes=1)
        assert not at.world.paths("/comments/")
        for number in range(4):
            at.world.comment(about, f"more {number}")
        at.poll(minutes=1)
        assert len(at.world.paths("/comments/")) == 1
        at.world.comment(about, "late")
        at.poll(minutes=11)
        assert len(at.ids) == 8


def test_thread_that_did_not_change_is_not_read_again() -> None:
    with desk(subreddits=()) as at:
        own = at.world.submit("pics", "We are here", author="acme_team")
        at.world.comment(own, "hm")
        at.poll()
        at.shelf.own = [stored(own, own=True)]
        at.poll(minutes=4)
        at.poll(minutes=1)
        assert not at.world.paths("/comments/")
        at.poll(minutes=61)
        assert len(at.world.paths("/comments/")) == 1


def test_busy_place_is_paged_until_the_walks_overlap() -> None:
    with desk() as at:
        head = at.world.submit("acme", "talk")
        at.world.comment(head, "first")
        at.poll()
        for number in range(450):
            at.world.comment(head, f"number {number}", at=NOW + timedelta(seconds=240 + number / 10))
        batch = at.poll(minutes=5)
        assert at.ids == set(at.world.posts)
        assert not batch.gaps
        assert len(at.world.paths("/r/acme/comments")) == 5


def test_comment_that_is_listed_late_is_found() -> None:
    with desk() as at:
        head = at.world.submit("acme", "talk")
        late = at.world.comment(head, "late", late=timedelta(minutes=2))
        for number in range(150):
            at.world.comment(head, f"number {number}", at=NOW + timedelta(seconds=number / 10))
        at.poll(minutes=1)
        assert late not in at.ids
        at.poll(minutes=1)
        assert late in at.ids


def test_allowance_that_ends_a_walk_leaves_a_gap_that_is_filled() -> None:
    with desk(brands=[WatchedBrand(name="Acme")]) as at:
        head = at.world.submit("acme", "talk")
        at.poll()
        for number in range(450):
            at.world.comment(head, f"number {number}", at=NOW + timedelta(seconds=60 + number / 10))
        short = at.poll(Allowance(requests=3), minutes=5)
        assert len(short.gaps) == 1
        assert short.is_saturated
        assert short.gaps[0].brand == "Acme"
        assert len(at.ids) < 450
        batch = at.poll(minutes=1)
        assert batch.filled == short.gaps
        assert at.ids == set(at.world.posts)
        assert not at.poll(minutes=1).filled


def test_what_lies_deeper_than_reddit_lists_stays_a_gap() -> None:
    with desk(brands=[WatchedBrand(name="Acme")]) as at:
        head = at.world.submit("acme", "talk")
        at.world.comment(head, "before")
        at.poll()
        for number in range(1200):
            at.world.comment(head, f"number {number}", at=NOW + timedelta(minutes=10, seconds=number / 10))
        batch = at.poll(minutes=20)
        assert len(batch.gaps) == 1
        assert batch.gaps[0].ended_at == NOW + timedelta(minutes=10, seconds=20)
        assert not at.poll(minutes=1).filled


def test_first_poll_goes_back_a_week_and_not_for_years() -> None:
    with desk(brands=[WatchedBrand(name="Acme")]) as at:
        head = at.world.submit("acme", "talk", at=NOW - timedelta(days=300))
        for number in range(350):
            at.world.comment(head, f"number {number}", at=NOW - timedelta(days=number / 10))
        batch = at.poll()
        assert len(at.world.paths("/r/acme/comments")) == 1
        assert len(batch.mentions) == 101
        assert not batch.gaps


def test_what_is_old_is_not_handed_on_again() -> None:
    with desk() as at:
        old = at.world.submit("acme", "talk", at=NOW - timedelta(days=30))
        assert {each.id for each in at.poll().mentions} == {old}
        new = at.world.submit("acme", "talk")
        at.poll(minutes=1)
        assert {each.id for each in at.poll(minutes=1).mentions} == {new}


def test_long_thread_is_read_within_its_bound_and_the_rest_is_filled() -> None:
    with desk(subreddits=(), max_tree_requests=3) as at:
        at.world.inline = 50
        own = at.world.submit("pics", "We are here", author="acme_team")
        for number in range(600):
            at.world.comment(own, f"number {number}")
        first = at.poll()
        assert len(at.world.paths("morechildren")) == 2
        assert len(first.gaps) == 1
        later = [at.poll(minutes=1) for _ in range(2)]
        assert at.ids == set(at.world.posts)
        assert [gap for batch in later for gap in batch.filled] == list(first.gaps)
        assert not any(batch.gaps for batch in later)


def test_edit_keeps_the_id_and_shows_the_newest_text() -> None:
    with desk() as at:
        head = at.world.submit("acme", "talk", text="before")
        at.poll()
        at.world.posts[head].text = "after"
        at.world.posts[head].edited_at = NOW + timedelta(minutes=1)
        batch = at.poll(minutes=2)
        assert [(each.id, each.brand, each.text) for each in batch.edits] == [(head, "Acme", "talk\n\nafter")]
        assert batch.edits[0].edited_at == NOW + timedelta(minutes=1)


@pytest.mark.parametrize("by", ["user", "moderator"])
def test_deleted_comment_is_a_miss_and_no_mention(by: str) -> None:
    with desk() as at:
        head = at.world.submit("acme", "talk")
        said = at.world.comment(head, "something")
        at.poll()
        at.world.posts[said].gone_by = by
        batch = at.poll(minutes=1)
        assert [(each.id, each.brand, each.is_there) for each in batch.checks] == [(said, "Acme", False)]
        assert said not in {each.id for each in batch.mentions}
        assert all("[" not in each.text for each in batch.mentions)


def test_stored_posts_are_looked_up_by_the_hundred() -> None:
    with desk(subreddits=()) as at:
        names = [at.world.submit("pics", f"number {number}") for number in range(100)]
        at.world.posts[names[3]].gone_by = "user"
        del at.world.posts[names[5]]
        at.shelf.due = [stored(name) for name in names]
        batch = at.poll()
        assert len(at.world.paths("/api/info")) == 1
        missed = {each.id for each in batch.checks if not each.is_there}
        assert missed == {names[3], names[5]}
        assert len(batch.checks) == 100


def test_empty_lookup_deletes_nothing() -> None:
    with desk(subreddits=()) as at:
        at.shelf.due = [stored("t1_nobody")]
        at.shelf.own = [stored("t3_nothing", own=True)]
        assert at.poll().checks == ()


def test_own_posts_are_counted_at_each_poll() -> None:
    with desk(subreddits=()) as at:
        own = at.world.submit("pics", "We are here", author="acme_team", at=NOW - timedelta(minutes=5))
        at.poll()
        at.shelf.own = [stored(own, own=True)]
        for score in (10, 3):
            at.world.posts[own].score = score
            batch = at.poll(minutes=1)
            assert [(each.likes, each.seen_at) for each in batch.engagements] == [(score, at.clock.now())]
            assert [each.is_there for each in batch.checks] == [True]


def test_sparing_polls_leave_out_search_then_depth_then_everything() -> None:
    with desk() as at:
        at.world.submit("acme", "talk")
        at.poll(Allowance(thrift=Thrift.NO_SEARCH))
        assert not at.world.paths("search")
        assert at.world.paths("/r/acme/new")
        sampled = at.poll(Allowance(thrift=Thrift.SAMPLED), minutes=1)
        assert sampled.requests == 4
        nothing = at.poll(Allowance(thrift=Thrift.COUNTS_ONLY), minutes=1)
        assert (nothing.requests, nothing.cursor) == (0, sampled.cursor)


def test_sampled_poll_of_a_busy_place_is_a_gap() -> None:
    with desk() as at:
        head = at.world.submit("acme", "talk")
        at.world.comment(head, "first")
        at.poll()
        for number in range(300):
            at.world.comment(head, f"number {number}", at=NOW + timedelta(minutes=4, seconds=number / 10))
        batch = at.poll(Allowance(thrift=Thrift.SAMPLED), minutes=5)
        assert len(batch.gaps) == 1
        assert at.poll(minutes=1).filled == batch.gaps
        assert at.ids == set(at.world.posts)


def test_requests_stay_within_the_allowance() -> None:
    with desk() as at:
        head = at.world.submit("acme", "talk")
        for number in range(400):
            at.world.comment(head, f"number {number}")
        for allowed in (1, 2, 5):
            assert at.poll(Allowance(requests=allowed), minutes=1).requests <= allowed
            assert len(at.world.requests) <= allowed


def test_token_is_asked_for_once() -> None:
    with desk() as at:
        at.poll()
        assert len(at.world.paths("access_token")) == 1
        at.poll(minutes=1)
        assert not at.world.paths("access_token")


def test_cursor_nobody_wrote_is_named_and_the_walk_begins_anew() -> None:
    with desk() as at:
        head = at.world.submit("acme", "talk")
        at.cursor = "{'not': json"
        batch = at.poll()
        assert batch.skipped[0].place == "cursor of collectors.reddit"
        assert at.ids == {head}


def test_two_handles_and_odd_spellings_are_understood() -> None:
    brand = WatchedBrand(name="Acme", accounts=(WatchedAccount(handle="u/One"), WatchedAccount(handle="two")))
    with desk(subreddits=("/r/acme/",), brands=[brand]) as at:
        names = [at.world.submit("acme", "hi", author=author) for author in ("one", "TWO")]
        batch = at.poll()
        assert {each.id: each.account for each in batch.mentions if each.is_own_post} == dict(
            zip(names, ("u/One", "two"), strict=True)
        )


def test_hostile_texts_come_through_whole() -> None:
    texts = ["\ud800 alone", "a\x00b", "\u202eevil", "=1+1", "<script>", "\U0001f4a5" * 10_000, "x" * 1_000_000]
    with desk() as at:
        head = at.world.submit("acme", "talk")
        names = [at.world.comment(head, text) for text in texts]
        batch = at.poll()
        found = {each.id: each.text for each in batch.mentions}
        assert found[names[0]] == "\ufffd alone"
        assert found[names[1]] == "ab"
        assert [found[name] for name in names[2:]] == texts[2:]
