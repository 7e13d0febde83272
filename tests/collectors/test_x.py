"""X through the real tweepy against a server on loopback: what is collected, and what it costs."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from collectors.x import XSettings
from stormcone.clock import ManualClock
from stormcone.models import Mention
from stormcone.ports import Allowance, Thrift, WatchedAccount, WatchedBrand
from tests.collectors.fake_x import FakeX
from tests.collectors.x_watch import ACME, HOURS, MINUTES, SECONDS, START, XWatch, after, executive, storm


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def x(clock: ManualClock) -> Iterator[FakeX]:
    with FakeX(clock) as world:
        world.user("acme")
        yield world


def stored(watch: XWatch, post_id: int) -> Mention:
    return next(each for (found, _), each in watch.shelf.mentions.items() if found == str(post_id))


def test_storm_of_300_replies_is_stored_whole_within_cost_and_requests(clock: ManualClock, x: FakeX) -> None:
    watch = XWatch(x.url, clock)
    watch.poll()
    storm(x, replies=300, seconds=90)
    for _ in range(14):
        after(clock, 20 * SECONDS)
        watch.poll()
    assert len(x.served()) == 303
    assert watch.shelf.ids == x.served()
    assert not watch.shelf.gaps
    assert watch.shelf.cost == pytest.approx(x.cost())
    # 303 posts at half a cent, one account at a cent, a count every five minutes, and nothing besides.
    assert watch.shelf.cost <= 303 * 0.005 + 0.010 + 2 * 0.005
    assert watch.shelf.requests == len(x.log)
    assert watch.shelf.requests <= 15 * 14


def test_restart_at_every_request_loses_nothing_and_doubles_nothing(clock: ManualClock, x: FakeX) -> None:
    watch = XWatch(x.url, clock)
    watch.poll()
    storm(x, replies=220, seconds=60, late_share=0)
    after(clock, 3 * MINUTES)
    for requests in range(1, 14):
        watch.collector = watch.started()
        watch.fetch(Allowance(requests=requests))  # killed before it is saved
        watch.collector = watch.started()
        watch.poll(Allowance(requests=requests))
        after(clock, 5 * SECONDS)
    assert watch.shelf.ids == x.served()
    assert not watch.shelf.gaps


def test_overflow_is_a_gap_until_it_is_filled(clock: ManualClock, x: FakeX) -> None:
    watch = XWatch(x.url, clock)
    watch.poll()
    for number in range(450):
        x.post("someone", f"@acme number {number}", at=START + (1 + number % 50) * SECONDS)
    after(clock, MINUTES)
    first = watch.poll(Allowance(requests=3, thrift=Thrift.NONE))
    assert first.is_saturated
    assert watch.shelf.gaps
    assert all(START - HOURS * 24 <= gap.started_at < gap.ended_at <= clock.now() for gap in watch.shelf.gaps)
    after(clock, MINUTES)
    watch.poll()
    assert not watch.shelf.gaps
    assert watch.shelf.ids == x.served()


def test_more_than_the_mentions_timeline_holds_is_found_by_search(clock: ManualClock, x: FakeX) -> None:
    watch = XWatch(x.url, clock, brands=(WatchedBrand(name="Acme", accounts=(WatchedAccount(handle="acme"),)),))
    watch.poll()
    for number in range(1300):
        x.post("someone", f"@acme number {number}", at=START + timedelta(seconds=1 + number / 10))
    after(clock, 4 * MINUTES)
    for _ in range(4):
        watch.poll()
        after(clock, MINUTES)
    assert watch.shelf.ids == x.served()
    assert not watch.shelf.gaps


def test_post_indexed_two_minutes_late_is_found(clock: ManualClock, x: FakeX) -> None:
    watch = XWatch(x.url, clock)
    watch.poll()
    late = x.post("someone", "@acme I waited", at=START + SECONDS, indexed_at=START + 121 * SECONDS)
    for step in range(12):
        x.post("other", f"@acme number {step}", at=clock.now())
        after(clock, 10 * SECONDS)
        watch.poll()
    assert str(late) not in watch.shelf.ids
    after(clock, 20 * SECONDS)
    watch.poll()
    assert str(late) in watch.shelf.ids


def test_reply_that_names_nobody_is_found_below_an_old_own_post(clock: ManualClock, x: FakeX) -> None:
    own = x.post("acme", "Good morning", at=START - 20 * HOURS)
    watch = XWatch(x.url, clock)
    watch.poll()
    after(clock, MINUTES)
    reply = x.post("someone", "seriously?", reply_to=own)
    nested = x.post("another", "right", reply_to=reply)
    quote = x.post("third", "look at these people", quote_of=own)
    for _ in range(3):
        after(clock, MINUTES)
        watch.poll()
    found = stored(watch, reply)
    assert (found.brand, found.root_id, found.parent_id, found.account) == ("Acme", str(own), str(own), "acme")
    assert stored(watch, nested).root_id == str(own)
    assert stored(watch, nested).parent_id == str(reply)
    assert stored(watch, quote).root_id == str(own)
    assert not found.is_own_post


def test_quiet_old_threads_cost_no_search(clock: ManualClock, x: FakeX) -> None:
    for number in range(20):
        x.post("acme", f"Old news {number}", at=START - 30 * HOURS)
    watch = XWatch(x.url, clock, brands=(WatchedBrand(name="Acme", accounts=ACME.accounts),))
    watch.poll()
    x.log.clear()
    after(clock, MINUTES)
    watch.poll()
    assert x.asked("search") == []


def test_own_post_carries_handle_role_and_figures_at_every_poll(clock: ManualClock, x: FakeX) -> None:
    own = x.post("acme", "Fish & chips <3", at=START - HOURS)
    watch = XWatch(x.url, clock)
    first = watch.poll()
    post = stored(watch, own)
    assert post.is_own_post
    assert (post.author, post.account, post.text) == ("acme", "acme", "Fish & chips <3")
    assert post.posted_at == START - HOURS
    assert [each.likes for each in first.engagements] == [0]
    for likes in (3, 9):
        x.posts[own].likes = likes
        after(clock, MINUTES)
        assert [each.likes for each in watch.poll().engagements] == [likes]


def test_replies_of_a_support_account_are_own_posts_of_its_brand(clock: ManualClock, x: FakeX) -> None:
    x.user("acmehelp")
    question = x.post("someone", "@acmehelp my order is late")
    answer = x.post("acmehelp", "Sorry to hear that", reply_to=question)
    brand = WatchedBrand(name="Acme", accounts=(*ACME.accounts, WatchedAccount(handle="AcmeHelp")))
    watch = XWatch(x.url, clock, brands=(brand,))
    watch.poll()
    assert stored(watch, answer).is_own_post
    assert stored(watch, answer).account == "AcmeHelp"
    assert stored(watch, question).account == "AcmeHelp"


def test_deleted_own_post_is_missed_and_a_failed_lookup_misses_nothing(clock: ManualClock, x: FakeX) -> None:
    own = x.post("acme", "Good morning", at=START - HOURS)
    kept = x.post("acme", "Good evening", at=START - 2 * HOURS)
    watch = XWatch(x.url, clock)
    watch.poll()
    x.posts[own].is_gone = True
    after(clock, MINUTES)
    checks = {each.id: each.is_there for each in watch.poll().checks}
    assert checks == {str(own): False, str(kept): True}
    after(clock, MINUTES)
    watch.poll()
    after(clock, MINUTES)
    assert {each.id for each in watch.poll().checks} == {str(kept)}


def test_posts_of_others_are_looked_up_within_the_daily_bound(clock: ManualClock, x: FakeX) -> None:
    x.post("someone", "@acme zero", at=START - 4 * HOURS)
    gone = x.post("someone", "@acme one", at=START - 3 * HOURS)
    edited = x.post("someone", "@acme two", at=START - 2 * HOURS)
    newest = x.post("someone", "@acme three", at=START - HOURS)  # every walk reads it again: that costs nothing more
    watch = XWatch(x.url, clock, deletion_checks_per_day=2)
    watch.poll()
    watch.shelf.checkable = True
    x.posts[gone].is_gone = True
    x.edit(edited, "now without the name")
    after(clock, 24 * HOURS)
    batch = watch.poll()
    assert {each.id: each.is_there for each in batch.checks} == {
        str(gone): False,
        str(edited): True,
        str(newest): True,
    }
    assert [(each.id, each.text) for each in batch.edits] == [(str(edited), "now without the name")]
    after(clock, MINUTES)
    assert {each.id for each in watch.poll().checks} == {
        str(edited),
        str(newest),
    }  # paid for today; the bound is reached


def test_edited_post_keeps_the_id_of_its_first_version(clock: ManualClock, x: FakeX) -> None:
    first = x.post("someone", "@acme you are fine")
    own = x.post("acme", "We belive in you")
    watch = XWatch(x.url, clock)
    watch.poll()
    after(clock, MINUTES)
    x.edit(first, "@acme you are not fine")
    x.edit(own, "We believe in you")
    quote = x.post("third", "what a typo", quote_of=x.posts[own].history[-1])
    after(clock, MINUTES)
    batch = watch.poll()
    assert {each.id: each.text for each in batch.edits} == {
        str(first): "@acme you are not fine",
        str(own): "We believe in you",
    }
    assert all(each.edited_at == START + MINUTES for each in batch.edits)
    assert watch.shelf.ids == {str(first), str(own), str(quote)}
    assert stored(watch, quote).root_id == str(own)


def test_both_spellings_of_the_contract_are_read_alike(clock: ManualClock) -> None:
    found = []
    for new_names in (False, True):
        with FakeX(clock, new_names=new_names) as x:
            x.user("acme")
            own = x.post("acme", "Good morning", at=START - HOURS)
            x.post("someone", "hm", at=START - 30 * MINUTES, reply_to=own)
            x.edit(x.post("someone", "@acme hm", at=START - 20 * MINUTES), "@acme no")
            watch = XWatch(x.url, clock)
            batch = watch.poll()
            found.append((batch.mentions, batch.engagements, batch.edits, batch.volumes))
    assert found[0] == found[1]
    assert len(found[0][0]) == 3
    assert found[0][1][0].replies == 1


def test_counts_per_minute_come_at_their_own_pace(clock: ManualClock, x: FakeX) -> None:
    watch = XWatch(x.url, clock)
    for number in range(7):
        x.post("someone", f"acme {number}", at=START - 3 * MINUTES + number * SECONDS)
    first = watch.poll()
    assert {each.minute: each.mentions for each in first.volumes if each.mentions} == {START - 3 * MINUTES: 7}
    assert len(first.volumes) == 24 * 60 - 1  # the newest minute is not over for X
    assert first.cost_usd == pytest.approx(0.005)
    after(clock, MINUTES)
    assert not watch.poll().volumes
    after(clock, 4 * MINUTES)
    assert 10 <= len(watch.poll().volumes) <= 15


def test_new_likes_of_official_and_executive_accounts_are_told_once(clock: ManualClock, x: FakeX) -> None:
    boss = x.user("boss")
    old = x.post("someone", "an old joke", at=START - 40 * HOURS)
    young = x.post("someone", "a nasty joke", at=START - HOURS)
    x.liked[boss] = [old, young]
    watch = XWatch(x.url, clock, brands=(executive("boss"),))
    assert [(each.id, each.account, each.brand) for each in watch.poll().likes] == [(str(young), "boss", "Acme")]
    later = x.post("someone", "a worse joke", at=START - 50 * HOURS)
    x.liked[boss] = [old, young, later]
    after(clock, 15 * MINUTES)
    assert [(each.id, each.liked_at) for each in watch.poll().likes] == [(str(later), clock.now())]
    after(clock, 15 * MINUTES)
    assert not watch.poll().likes


def test_authors_are_asked_for_only_where_wanted(clock: ManualClock, x: FakeX) -> None:
    mention = x.post("someone", "@acme hello")
    plain = XWatch(x.url, clock)
    plain.poll()
    assert stored(plain, mention).author == x.posts[mention].author_id
    assert stored(plain, mention).author_followers is None
    rich = XWatch(x.url, clock, resolve_authors=True)
    batch = rich.poll()
    assert (stored(rich, mention).author, stored(rich, mention).author_followers) == ("someone", 100)
    assert f"user {x.posts[mention].author_id}" in {each.thing for each in batch.billed}


def test_mentions_of_the_owner_of_the_token_cost_a_fifth(clock: ManualClock) -> None:
    with FakeX(clock) as x:
        x.user("acme", is_owner=True)
        mention = x.post("someone", "@acme hello")
        watch = XWatch(x.url, clock, brands=(WatchedBrand(name="Acme", accounts=ACME.accounts),))
        prices = {each.thing: each.price_usd for each in watch.poll().billed}
        assert prices[f"post {mention}"] == pytest.approx(0.001)
        after(clock, MINUTES)
        watch.poll()
        assert len(x.asked("users/me")) == 1
        assert len(x.asked("users/by")) == 1


def test_post_that_names_two_brands_is_a_mention_of_each(clock: ManualClock, x: FakeX) -> None:
    post = x.post("acme", "We are better than umbra")
    watch = XWatch(x.url, clock, brands=(ACME, WatchedBrand(name="Umbra", keywords=("umbra",))))
    after(clock, MINUTES)
    watch.poll()
    assert watch.shelf.mentions[str(post), "Acme"].is_own_post
    assert not watch.shelf.mentions[str(post), "Umbra"].is_own_post


def test_defaults_are_those_of_the_contract_for_configurations() -> None:
    settings = XSettings()
    assert (settings.base_url, settings.bearer_token_env) == ("https://api.x.com", "X_BEARER_TOKEN")
    assert (settings.poll_seconds, settings.deletion_check_seconds) == (60, 86400)
