"""The memory of company: bounds, order, restarts, reposts, entries, and what hostile texts cost."""

import random
import time
from datetime import timedelta

import pytest

from analysis.brand_watch import BrandWatch
from analysis.company import CompanyMemory
from analysis.hostility import HostilityReader
from analysis.verdicts import Judge
from stormcone.config import BrandSettings, DetectorSettings
from stormcone.models import ScoredMention
from stormcone.models.signal_views import Company
from tests.analysis.crowds import SCRIPT, arranged, in_order, natural, said
from tests.fakes import at, make_own_post, make_scored

HEADLINE = "Bakery in Millgate accused of selling old bread to schools for years"


def fed(mentions: list[ScoredMention], memory: CompanyMemory | None = None) -> CompanyMemory:
    memory = memory or CompanyMemory()
    for each in mentions:
        memory.add(each)
    return memory


def company(mentions: list[ScoredMention]) -> Company:
    return fed(mentions).measure(since=at(-1), until=at(90))


def test_reposts_of_one_post_are_spread_and_nobody_is_arranged() -> None:
    wave = [said(f"RT @someone: {SCRIPT}", f"p{n}", 4 * n, is_copy=n > 0) for n in range(100)]
    found = company(wave)
    assert found.spread == 100
    assert found.accounts == found.hostile_accounts == 0
    assert found.coordination.high == 0.0


def test_headline_passed_on_with_its_link_is_spread() -> None:
    wave = [said(f"{HEADLINE} https://post.example/2026/11/{n % 2}", f"p{n}", 9 * n) for n in range(40)]
    assert company(wave).spread == 40


def test_own_words_of_the_brand_are_spread() -> None:
    own = make_scored(make_own_post(text=HEADLINE, posted_at=at(-5), seen_at=at(-5)))
    assert company([own, *(said(HEADLINE, f"p{n}", 9 * n) for n in range(40))]).spread == 40


def test_thread_has_its_own_company() -> None:
    elsewhere = [said(SCRIPT, f"e{n}", 5 * n) for n in range(30)]
    here = [said(f"{n} loaves and none was fresh", f"h{n}", 20 * n, thread="post-1") for n in range(10)]
    memory = fed(in_order([*elsewhere, *here]))
    found = memory.measure(since=at(-1), until=at(90), thread=("x", "post-1"))
    assert (found.accounts, found.coordination.high) == (10, 0.0)
    assert memory.measure(since=at(-1), until=at(90)).accounts == 40


def test_hashtag_of_entries_is_found_unless_it_is_everyday_or_the_brands_own() -> None:
    entries = [said(f"my cake number {n} #WinACake #acme", f"p{n}", 10 * n, hostility=0.1) for n in range(30)]
    memory = fed(entries, CompanyMemory(own_names=("Acme",)))
    found = memory.measure(since=at(0), until=at(30))
    assert (found.entry_hashtag, found.entry_share) == ("winacake", 1.0)
    before = [said(f"cake {n} #winacake", f"b{n}", -60 * n - 60, hostility=0.1) for n in range(30)]
    again = fed(in_order([*before, *entries]), CompanyMemory(own_names=("acme",))).measure(since=at(0), until=at(30))
    assert again.entry_hashtag is None


def test_commenting_accounts_are_counted_among_the_hostile() -> None:
    trade = [said(f"case study in how not to do marketing {n}", f"t{n}", n) for n in range(4)]
    public = [said(f"{n} loaves and none was fresh", f"p{n}", 5 + n) for n in range(6)]
    found = company([*trade, *public])
    assert (found.commenting_accounts, found.hostile_accounts) == (4, 10)


def test_late_mentions_find_their_place() -> None:
    wave = arranged(random.Random(2), age_days=4)
    shuffled = random.Random(5).sample(wave, len(wave))
    assert company(shuffled) == company(wave)


def test_same_mentions_give_the_same_answer_however_often_somebody_asks() -> None:
    wave = in_order([*natural(random.Random(1), 80), *arranged(random.Random(2))])
    asked, silent = CompanyMemory(), CompanyMemory()
    for each in wave:
        asked.add(each)
        asked.measure(since=at(-1), until=each.mention.posted_at)
        silent.add(each)
    assert asked.measure(since=at(-1), until=at(90)) == silent.measure(since=at(-1), until=at(90))


def test_answer_is_kept_until_the_crowd_has_grown_or_five_minutes_have_passed() -> None:
    memory = fed([said(f"{n} loaves", f"p{n}", n) for n in range(100)])
    window = timedelta(minutes=30)

    def ask(minutes: float) -> int:
        return memory.measure(since=at(minutes) - window, until=at(minutes)).accounts

    assert ask(2) == 100
    memory.add(said("one more", "late", 125))
    assert ask(3) == 100
    for number in range(10):
        memory.add(said("and more", f"later {number}", 130 + number))
    assert ask(3) == 111
    memory.add(said("and one", "last", 185))
    assert ask(7.9) == 111
    assert ask(8) == 112


def test_memory_is_bounded_by_number_and_by_age() -> None:
    memory = CompanyMemory()
    for number in range(20_000):
        memory.add(
            said(f"{number} loaves and not one of them was fresh or even baked today", f"p{number}", number / 10)
        )
    assert memory.measure(since=at(-1), until=at(90)).accounts == 6_000
    memory.forget_before(at(60 * 5))
    assert memory.measure(since=at(-1), until=at(90)) == Company()
    assert not memory._likeness._by_key
    assert not memory._notes


def test_unread_mentions_are_forgotten_with_age_too() -> None:
    memory = fed([said("one loaf", "p", 0)])
    memory.forget_before(at(60 * 5))
    assert not memory._unread


@pytest.mark.parametrize(
    "text", ["word " * 200_000, "🔥" * 10_000, "\x00\ud800\u202e" * 1_000, '"“' * 100_000, "#a" * 300_000]
)
def test_enormous_texts_are_cut_when_they_come_in(text: str) -> None:
    memory = fed([said(text, f"p{n}", n) for n in range(20)])
    assert all(len(each.mention.text) <= 600 for each in memory._unread)
    assert memory.measure(since=at(-1), until=at(90)).accounts == 20


def test_feeding_costs_microseconds_and_reading_hardly_more() -> None:
    wave = natural(random.Random(4), 2_000, minutes=60)
    memory = CompanyMemory()
    began = time.process_time()
    fed(wave, memory)
    fed_at = time.process_time()
    memory.measure(since=at(-1), until=at(90))
    read_at = time.process_time()
    assert (fed_at - began) / len(wave) < 15e-6
    assert (read_at - fed_at) / len(wave) < 300e-6  # 40 measured, once a mention and only in a surge


def test_restart_keeps_the_company() -> None:
    settings = DetectorSettings()
    judge = Judge(settings, (), HostilityReader.load(["en"]))
    before, after = (BrandWatch(BrandSettings(name="acme"), settings, judge, step_minutes=5) for _ in range(2))
    for each in arranged(random.Random(1)):
        before.feed(each)
        after.remember(each)
    window = {"since": at(-1), "until": at(90)}
    assert after._company.measure(**window) == before._company.measure(**window)
    assert after._company.measure(**window).coordination.low > 0.5
