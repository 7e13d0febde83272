"""Invented people: one handle is one person, and crowds differ in reach and age."""

import random
from datetime import UTC, datetime
from statistics import median

from collectors.drills.people import Community, regulars

START = datetime(2026, 11, 2, 13, tzinfo=UTC)


def community(stretch: int, seed: int = 1) -> Community:
    known = regulars(seed="s", starts_at=START)
    return Community(known=known, rng=random.Random(seed), starts_at=START, stretch=stretch)


def test_no_two_strangers_share_a_handle_in_any_stretch() -> None:
    handles = [one.stranger().handle for stretch in (0, 1, 366) for one in [community(stretch)] for _ in range(2000)]
    assert len(set(handles)) == 6000


def test_strangers_have_about_three_hundred_followers_and_old_accounts() -> None:
    one = community(0)
    people = [one.stranger() for _ in range(2000)]
    assert 250 < median(person.followers for person in people) < 360
    assert min((START - person.created_at).days for person in people) >= 199


def test_large_account_has_fifty_thousand_to_two_million_followers() -> None:
    one = community(0)
    reach = [one.stranger(is_large=True).followers for _ in range(200)]
    assert min(reach) >= 50_000
    assert max(reach) <= 2_000_000


def test_new_accounts_are_days_old() -> None:
    one = community(0)
    ages = [(START - one.stranger(age_days=(0.5, 9)).created_at).total_seconds() / 86400 for _ in range(200)]
    assert 0.49 < min(ages) < max(ages) < 9.01


def test_regulars_come_back_and_some_talk_much_more() -> None:
    one = community(0)
    handles = [one.somebody(stranger_share=0).handle for _ in range(600)]
    most = max(handles.count(handle) for handle in set(handles))
    assert len(set(handles)) < 450
    assert most >= 5
