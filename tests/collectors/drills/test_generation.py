"""Generated drills: reproducible, in order, of the stated size, and calm before and after the storm."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from collectors.drills.generation import Drill, generate
from collectors.drills.scenario import drill_names, load_scenario
from stormcone.models import Engagement, Mention

MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
SEEDS = (1, 2, 3)


@cache
def drill(name: str, seed: int = 1, history_days: float = 0) -> Drill:
    scenario = load_scenario(name)
    return generate(scenario, start=scenario.start_on(MONDAY.date()), seed=seed, history_days=history_days)


def minute_of(of: Drill, mention: Mention) -> float:
    return (mention.posted_at - of.starts_at) / timedelta(minutes=1)


def own_post(of: Drill) -> Mention:
    return next(mention for mention in of.live if mention.is_own_post)


def thread(of: Drill) -> list[Mention]:
    return [mention for mention in of.live if mention.thread_id == own_post(of).id]


def free(of: Drill, low: float, high: float) -> list[Mention]:
    return [each for each in of.live if not each.is_own_post and low <= minute_of(of, each) < high]


def counts_at(of: Drill, age_minutes: int) -> Engagement:
    post = own_post(of)
    return next(
        each
        for each in of.engagements
        if each.post_id == post.id and each.seen_at == post.posted_at + timedelta(minutes=age_minutes)
    )


def replies_per_like(of: Drill, age_minutes: int) -> float:
    seen = counts_at(of, age_minutes)
    assert seen.likes is not None
    assert seen.replies is not None
    assert seen.quotes is not None
    return (seen.replies + seen.quotes) / seen.likes


@pytest.mark.parametrize("name", drill_names())
def test_same_seed_gives_the_same_rows_and_another_seed_others(name: str) -> None:
    scenario = load_scenario(name)
    again = generate(scenario, start=scenario.start_on(MONDAY.date()), seed=1, history_days=0)
    assert again == drill(name)
    assert drill(name, 2).mentions != again.mentions


def test_live_part_does_not_depend_on_the_length_of_history() -> None:
    long, short = drill("arms-photo-day", 1, 3.5), drill("arms-photo-day", 1, 0)
    assert long.live == short.live == short.mentions
    assert [each for each in long.engagements if each.seen_at > long.starts_at] == list(short.engagements)
    assert short.history == ()


@pytest.mark.parametrize("name", drill_names())
def test_rows_stand_in_the_order_they_were_seen_and_ids_are_unique(name: str) -> None:
    rows = drill(name, 1, 2).mentions
    seen = [row.seen_at for row in rows]
    assert seen == sorted(seen)
    assert len({row.id for row in rows}) == len(rows)
    times = [each.seen_at for each in drill(name, 1, 2).engagements]
    assert times == sorted(times)


def test_ids_count_in_the_order_of_posting() -> None:
    rows = sorted(drill("placeholder-post").live, key=lambda row: int(row.id[1:]))
    assert [row.id for row in rows] == [f"d{number}" for number in range(1, len(rows) + 1)]
    assert [row.posted_at for row in rows] == sorted(row.posted_at for row in rows)


@pytest.mark.parametrize("name", drill_names())
def test_nothing_is_seen_before_it_was_posted_or_more_than_twenty_seconds_late(name: str) -> None:
    of = drill(name)
    lateness = [row.seen_at - row.posted_at for row in of.mentions]
    assert min(lateness) >= timedelta(0)
    assert max(lateness) < timedelta(seconds=41)  # an answer may wait for what it answers
    assert max(row.seen_at for row in of.mentions) <= of.ends_at


@pytest.mark.parametrize("name", drill_names())
def test_answers_are_seen_after_what_they_answer(name: str) -> None:
    known = set()
    for row in drill(name, 1, 2).mentions:
        assert {row.parent_id, row.root_id} - {None} <= known
        known.add(row.id)


def test_handles_stand_for_one_person() -> None:
    people = {}
    for row in drill("arms-photo-day", 1, 3).mentions:
        told = (row.author_followers, row.author_created_at)
        assert people.setdefault(row.author, told) == told


def test_history_is_calm_with_posts_that_make_a_baseline() -> None:
    of = drill("arms-photo-day", 1, 14)
    posts = [row for row in of.history if row.is_own_post]
    replies = Counter(row.root_id for row in of.history if row.root_id)
    per_post = sorted(replies[post.id] for post in posts)
    mentions = sum(not row.is_own_post and row.root_id is None for row in of.history)
    assert 26 <= len(posts) <= 30
    assert 8 <= per_post[len(per_post) // 2] <= 16
    assert 19 <= mentions / (14 * 24) <= 21
    last = {each.post_id: each for each in of.engagements if each.seen_at <= of.starts_at}
    likes = sum(last[post.id].likes or 0 for post in posts)
    assert 6 <= likes / sum(per_post) <= 10


def test_history_covers_the_days_asked_for() -> None:
    of = drill("arms-photo-day", 1, 1.5)
    first = of.history[0].posted_at
    assert timedelta(hours=33) < of.starts_at - first <= timedelta(hours=36)


@pytest.mark.parametrize("seed", SEEDS)
def test_arms_photo_day_draws_hundreds_of_replies_in_three_hours(seed: int) -> None:
    of = drill("arms-photo-day", seed)
    replies = [minute_of(of, each) - 22 for each in thread(of)]
    peak = max(range(0, 160, 20), key=lambda low: sum(low <= minute < low + 20 for minute in replies))
    assert 380 <= sum(0 <= minute < 180 for minute in replies) <= 540
    assert 20 <= peak <= 60
    assert len({each.author for each in thread(of)}) / len(replies) > 0.85


@pytest.mark.parametrize("seed", SEEDS)
def test_large_accounts_join_the_main_drill(seed: int) -> None:
    reach = [each.author_followers or 0 for each in thread(drill("arms-photo-day", seed))]
    assert sum(followers >= 50_000 for followers in reach) >= 8


@pytest.mark.parametrize("seed", SEEDS)
def test_ratio_flips_in_the_pile_on_and_not_in_the_hit(seed: int) -> None:
    assert replies_per_like(drill("arms-photo-day", seed), 120) > 1
    assert replies_per_like(drill("praise-hit", seed), 120) < 0.2
    assert replies_per_like(drill("calm-week", seed), 120) < 0.6


@pytest.mark.parametrize("seed", SEEDS)
def test_praise_hit_is_ten_to_twenty_times_the_usual_volume(seed: int) -> None:
    of = drill("praise-hit", seed)
    busiest = max(len(free(of, low, low + 60)) for low in range(0, 300, 10))
    assert 200 <= busiest <= 460
    assert sum(each.text.startswith("RT @brightwick") for each in of.live) > 150


@pytest.mark.parametrize("seed", SEEDS)
def test_placeholder_draws_about_a_hundred_and_fifty_replies_at_night(seed: int) -> None:
    of = drill("placeholder-post", seed)
    assert 130 <= len(thread(of)) <= 210
    assert of.starts_at.hour == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_hijack_has_no_thread_but_a_bot_of_the_brand(seed: int) -> None:
    of = drill("hashtag-hijack", seed)
    own = [each for each in of.live if each.is_own_post]
    tagged = [each for each in of.live if "#sayitsweeter" in each.text.lower() and not each.is_own_post]
    assert not [each for each in of.live if each.thread_id]
    assert len(own) == 40
    assert len(tagged) > 200
    assert any("worthless" in each.text for each in own)


@pytest.mark.parametrize("seed", SEEDS)
def test_outage_draws_three_hundred_complaints_without_an_own_post(seed: int) -> None:
    of = drill("service-outage", seed)
    assert not [each for each in of.live if each.is_own_post]
    assert 300 <= len(free(of, 20, 140)) <= 440


@pytest.mark.parametrize("seed", SEEDS)
def test_brigade_is_three_hundred_new_accounts_with_few_texts(seed: int) -> None:
    of = drill("brigade", seed)
    wave = [each for each in of.live if each.text.endswith(("#BoycottTallowFinch", "🔥", "🚫", "‼️", "👎"))]
    wave = [each for each in wave if "its customers" in each.text or "customers. Do" in each.text]
    ages = [of.starts_at - each.author_created_at for each in wave if each.author_created_at]
    minutes = [minute_of(of, each) for each in wave]
    assert 260 <= len(wave) <= 340
    assert max(ages) < timedelta(days=10)
    assert sum(20 <= minute < 60 for minute in minutes) / len(wave) > 0.95
    assert len({each.text for each in wave}) / len(wave) < 0.5


@pytest.mark.parametrize("seed", SEEDS)
def test_troll_is_one_voice_with_two_echoes(seed: int) -> None:
    of = drill("one-angry-troll", seed)
    loudest, posts = Counter(each.author for each in of.live).most_common(1)[0]
    assert 100 <= posts <= 140
    calm = generate_without_phases("one-angry-troll", seed)
    assert len(of.live) - len(calm.live) == posts + 2
    assert loudest not in {each.author for each in calm.live}


def generate_without_phases(name: str, seed: int) -> Drill:
    scenario = load_scenario(name).model_copy(update={"phases": ()})
    return generate(scenario, start=scenario.start_on(MONDAY.date()), seed=seed, history_days=0)


@pytest.mark.parametrize("seed", SEEDS)
def test_calm_week_stays_calm_for_seven_days(seed: int) -> None:
    of = drill("calm-week", seed)
    hours = Counter(int(minute_of(of, each) // 60) for each in of.live if not each.is_own_post)
    assert of.ends_at - of.starts_at == timedelta(days=7)
    assert 13 <= sum(each.is_own_post for each in of.live) <= 15
    assert 3000 <= len(of.live) <= 4200
    assert max(hours.values()) <= 100


@pytest.mark.parametrize("name", [name for name in drill_names() if name != "calm-week"])
def test_brand_is_calm_in_the_lead_and_at_the_end(name: str) -> None:
    of, calm = drill(name), generate_without_phases(name, 1)
    assert timedelta(hours=10) <= of.ends_at - of.starts_at <= timedelta(hours=12)
    for low, high in ((0, 18), (660, 720)):
        extra = len(free(of, low, high)) - len(free(calm, low, high))
        assert abs(extra) <= 16


@pytest.mark.parametrize("name", [name for name in drill_names() if name not in {"brigade", "praise-hit"}])
def test_texts_differ_from_each_other(name: str) -> None:
    texts = [each.text for each in drill(name).live]
    assert len(set(texts)) / len(texts) > 0.9


def test_own_posts_are_measured_every_minute_for_two_hours_and_then_every_five() -> None:
    of = drill("arms-photo-day")
    ages = [(each.seen_at - own_post(of).posted_at) / timedelta(minutes=1) for each in of.engagements]
    assert ages[:120] == [float(minute) for minute in range(1, 121)]
    assert ages[120:123] == [125, 130, 135]


def test_reply_count_of_a_post_is_the_number_of_its_answers() -> None:
    of = drill("arms-photo-day")
    at = own_post(of).posted_at + timedelta(minutes=90)
    assert counts_at(of, 90).replies == sum(each.posted_at <= at for each in thread(of))


def test_start_that_is_not_utc_is_refused() -> None:
    with pytest.raises(ValueError, match="aware UTC"):
        generate(load_scenario("brigade"), start=datetime(2026, 1, 1), seed=1)  # noqa: DTZ001 - the point of the test


def test_negative_history_is_refused() -> None:
    with pytest.raises(ValueError, match="must not be negative"):
        generate(load_scenario("brigade"), start=MONDAY, seed=1, history_days=-1)


def test_every_mention_knows_the_pool_it_was_drawn_from() -> None:
    of = drill("one-angry-troll", history_days=0.5)
    written = {mention.id for mention in of.mentions if not mention.is_own_post}
    assert set(of.pools) == written
    assert set(of.pools.values()) <= set(load_scenario("one-angry-troll").pools)
