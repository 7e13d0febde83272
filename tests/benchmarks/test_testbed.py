"""The test-bed: same plan same rows, labels that fit the rows, splits apart, stories that are what they say."""

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from analysis.cleaning import fingerprint
from benchmarks.testbed.generating import generate_stream
from benchmarks.testbed.labels import Plan, Size, Split, Story, Stream, Tone, Trouble
from benchmarks.testbed.plans import RATES, all_plans, quick_plans
from benchmarks.testbed.playing import packs_of
from stormcone.models import Engagement, Gap, Mention

MINUTE = timedelta(minutes=1)
PLAN = Plan(
    story=Story.PILE_ON,
    split=Split.TUNE,
    per_hour=4,
    seed=1,
    history_days=1,
    tone=Tone.PLAIN,
    size=Size.MEDIUM,
)


@cache
def stream_of(plan: Plan) -> Stream:
    return generate_stream(plan)


def of_story(story: Story, *, split: Split = Split.TUNE, per_hour: int = 4) -> Stream:
    return stream_of(Plan(story=story, split=split, per_hour=per_hour, seed=1, history_days=1))


def mentions(stream: Stream) -> list[Mention]:
    return [row.mention for row in stream.rows if row.mention and not row.mention.is_own_post]


def thread(stream: Stream) -> list[Mention]:
    return [m for m in mentions(stream) if (m.platform, m.thread_id) == stream.truth.post]


def story_mentions(stream: Stream) -> list[Mention]:
    onset = stream.truth.onset
    assert onset is not None
    return [m for m in mentions(stream) if m.posted_at >= onset]


def per_hour(found: Sequence[Mention], hours: float) -> float:
    return len(found) / hours


def test_same_plan_gives_the_same_rows_whatever_the_budget() -> None:
    again = generate_stream(PLAN, budget=4.0)
    assert again.rows == stream_of(PLAN).rows
    assert again.truth == stream_of(PLAN).truth
    assert again.brand.false_pages_per_month == 4.0


def test_another_seed_gives_other_rows() -> None:
    other = generate_stream(replace(PLAN, seed=2))
    assert {m.text for m in mentions(other)} != {m.text for m in mentions(stream_of(PLAN))}
    assert other.truth.onset != stream_of(PLAN).truth.onset


def test_rows_stand_in_the_order_they_were_seen_and_name_one_brand() -> None:
    stream = stream_of(PLAN)
    assert [row.seen_at for row in stream.rows] == sorted(row.seen_at for row in stream.rows)
    assert {row.brand for row in stream.rows} == {stream.brand.name} == {PLAN.name}
    assert all(m.seen_at >= m.posted_at for m in mentions(stream))


def test_labels_of_a_pile_on_fit_its_rows() -> None:
    stream = stream_of(PLAN)
    truth = stream.truth
    assert truth.onset is not None
    assert truth.end is not None
    replies = {m.posted_at for m in thread(stream)}
    assert 0.6 * PLAN.size.messages < len(truth.hostile_at) < PLAN.size.messages if PLAN.size else False
    assert set(truth.hostile_at) <= replies
    assert truth.hostile_at[0] == truth.onset
    assert list(truth.hostile_at) == sorted(truth.hostile_at)
    assert truth.hostile_at[-1] <= truth.end <= stream.ends_at
    assert sum(truth.hostile_by_minute.values()) == len(truth.hostile_at)
    assert truth.hostile_before(truth.onset) == 0
    assert truth.hostile_before(truth.end + MINUTE) == len(truth.hostile_at)


def test_calm_before_the_storm_is_as_busy_as_the_plan_says() -> None:
    stream = stream_of(replace(PLAN, story=Story.CALM, tone=None, size=None, per_hour=20, history_days=7))
    free = [m for m in mentions(stream) if m.thread_id is None]
    assert per_hour(free, 7 * 24) == pytest.approx(20, rel=0.08)
    nights = [m for m in free if m.posted_at.hour < 6]
    assert len(nights) < 0.15 * len(free)  # a quarter of the day
    assert stream.truth.onset is None


def test_ordinary_posts_are_answered_as_fast_as_real_ones() -> None:
    stream = stream_of(replace(PLAN, story=Story.CALM, tone=None, size=None, per_hour=20, history_days=12))
    posted = {row.mention.id: row.mention.posted_at for row in stream.rows if row.mention and row.mention.is_own_post}
    ages = [(m.posted_at - posted[m.thread_id]) / MINUTE for m in mentions(stream) if m.thread_id in posted]
    assert statistics.median(ages) == pytest.approx(18, abs=2.5)
    assert sum(age <= 90 for age in ages) / len(ages) == pytest.approx(0.81, abs=0.025)


def test_some_posts_are_liked_much_more_than_others() -> None:
    stream = stream_of(replace(PLAN, story=Story.CALM, tone=None, size=None, per_hour=20, history_days=12))
    likes = Counter[str]()
    for row in stream.rows:
        if isinstance(row.record, Engagement):
            likes[row.record.post_id] = max(likes[row.record.post_id], row.record.likes or 0)
    counts = sorted(likes.values())
    assert counts[-1] > 5 * counts[len(counts) // 2]


@pytest.mark.parametrize("is_delayed", [False, True])
def test_crowd_comes_at_once_or_after_half_an_hour(is_delayed: bool) -> None:
    stream = stream_of(replace(PLAN, is_delayed=is_delayed))
    post = next(
        row.mention
        for row in stream.rows
        if row.mention and (row.mention.platform, row.mention.id) == stream.truth.post
    )
    assert stream.truth.onset is not None
    waited = (stream.truth.onset - post.posted_at) / MINUTE
    assert 29 <= waited <= 135 if is_delayed else 3 <= waited <= 30


def test_likes_follow_where_the_plan_says_so() -> None:
    def likes(stream: Stream) -> int:
        assert stream.truth.post is not None
        looks = [row.record for row in stream.rows if isinstance(row.record, Engagement)]
        return max(look.likes or 0 for look in looks if look.post_id == stream.truth.post[1])

    assert likes(stream_of(replace(PLAN, likes_follow=True))) > likes(stream_of(PLAN)) + 200


@pytest.mark.parametrize("split", list(Split))
def test_sarcasm_uses_friendly_words(split: Split) -> None:
    vader = SentimentIntensityAnalyzer()

    def tone(which: Tone) -> float:
        stream = stream_of(replace(PLAN, split=split, tone=which))
        return statistics.fmean(vader.polarity_scores(m.text)["compound"] for m in thread(stream))

    assert tone(Tone.PLAIN) < 0
    assert tone(Tone.SARCASTIC) > 0.2


def test_splits_share_no_text() -> None:
    def texts(split: Split) -> set[int]:
        others = (of_story(story, split=split) for story in Story if story != PLAN.story)
        told = [*(stream_of(replace(PLAN, split=split, tone=tone)) for tone in Tone), *others]
        return {fingerprint(m.text) for stream in told for m in mentions(stream)} - {0}

    tune, held = texts(Split.TUNE), texts(Split.HELD)
    assert min(len(tune), len(held)) > 1500
    assert not tune & held


def test_splits_differ_in_how_a_crowd_arrives() -> None:
    def answers(split: Split) -> float:
        found = thread(stream_of(replace(PLAN, split=split, size=Size.LARGE)))
        return sum(m.parent_id != m.root_id for m in found) / len(found)

    def median_minute(split: Split) -> float:
        truth = stream_of(replace(PLAN, split=split, size=Size.LARGE)).truth
        assert truth.onset is not None
        return statistics.median((at - truth.onset) / MINUTE for at in truth.hostile_at)

    assert answers(Split.HELD) > 1.5 * answers(Split.TUNE)
    assert median_minute(Split.HELD) > 1.05 * median_minute(Split.TUNE)


def test_texts_of_a_large_pile_on_are_no_copies() -> None:
    for tone in Tone:
        found = Counter(fingerprint(m.text) for m in thread(stream_of(replace(PLAN, tone=tone, size=Size.LARGE))))
        copies = sum(count - 1 for text, count in found.items() if text)
        assert copies < 0.12 * found.total()


@pytest.mark.parametrize(("story", "authors"), [(Story.TROLL, 1), (Story.TROLLS, 3)])
def test_trolls_are_as_few_as_they_are(story: Story, authors: int) -> None:
    stream = of_story(story)
    hostile = set(stream.truth.hostile_at)
    assert len(hostile) >= 60
    assert len({m.author for m in thread(stream) if m.posted_at in hostile}) == authors


def test_brigade_is_many_young_accounts_with_one_text_in_bursts() -> None:
    stream = of_story(Story.BRIGADE)
    hostile = set(stream.truth.hostile_at)
    crowd = [m for m in mentions(stream) if m.posted_at in hostile]
    assert len({m.author for m in crowd}) == len(crowd) > 120
    ages = [m.posted_at - m.author_created_at for m in crowd if m.author_created_at]
    assert max(ages) < timedelta(days=14)
    words = [frozenset(m.text.lower().split()) for m in crowd]
    assert statistics.median(len(words[0] & each) / len(words[0] | each) for each in words) > 0.5
    busiest = sorted(stream.truth.hostile_by_minute.values())[-15:]
    assert sum(busiest) > 0.5 * len(crowd)


def test_reposts_are_copies_of_one_text() -> None:
    crowd = story_mentions(of_story(Story.REPOSTS))
    [(text, count)] = Counter(fingerprint(m.text) for m in crowd).most_common(1)
    assert text
    assert count > 0.75 * len(crowd)
    assert count > 100


@pytest.mark.parametrize("story", [Story.PRAISE_POST, Story.PRAISE_FREE, Story.CAMPAIGN_GIVEAWAY])
def test_benign_surges_are_surges_without_hostility(story: Story) -> None:
    stream = of_story(story)
    assert len(story_mentions(stream)) > 60
    assert not stream.truth.hostile_at
    assert (stream.truth.post is None) == (story is Story.PRAISE_FREE)
    assert not stream.brand.planned_events


def test_planned_campaign_is_in_the_calendar() -> None:
    stream = of_story(Story.CAMPAIGN_PLANNED)
    assert stream.truth.onset is not None
    [event] = stream.brand.planned_events
    assert event.first_day <= stream.truth.onset.date() <= event.last_day


@pytest.mark.parametrize("story", [Story.OUTAGE, Story.HIJACK])
def test_free_storms_hang_on_no_post(story: Story) -> None:
    stream = of_story(story)
    assert stream.truth.post is None
    assert len(stream.truth.hostile_at) >= 50
    free = {m.posted_at for m in mentions(stream) if m.thread_id is None}
    assert set(stream.truth.hostile_at) <= free


def test_gap_leaves_a_hole_and_says_so() -> None:
    stream = stream_of(replace(PLAN, trouble=Trouble.GAP))
    [gap] = [row.record for row in stream.rows if isinstance(row.record, Gap)]
    assert gap.ended_at - gap.started_at == timedelta(minutes=40)
    assert stream.truth.onset is not None
    assert gap.started_at > stream.truth.onset
    assert not [m for m in mentions(stream) if gap.started_at < m.seen_at <= gap.ended_at]
    assert any(gap.started_at < at < gap.ended_at for at in stream.truth.hostile_at)


def test_late_rows_come_long_after_they_were_posted() -> None:
    stream = stream_of(replace(PLAN, trouble=Trouble.LATE))
    late = [m for m in story_mentions(stream) if m.seen_at - m.posted_at >= timedelta(minutes=40)]
    assert 0.3 < len(late) / len(story_mentions(stream)) < 0.7


@pytest.mark.parametrize("trouble", [Trouble.CAPPED, Trouble.CAPPED_TOLD])
def test_capped_polls_bring_the_newest_few(trouble: Trouble) -> None:
    stream = stream_of(replace(PLAN, trouble=trouble, size=Size.LARGE))
    live = Counter(m.seen_at for m in mentions(stream) if m.seen_at > stream.starts_at + timedelta(days=1))
    assert max(live.values()) == 16
    whole = stream_of(replace(PLAN, size=Size.LARGE))
    assert len(story_mentions(stream)) < 0.8 * len(story_mentions(whole))
    gaps = [row for row in stream.rows if isinstance(row.record, Gap)]
    assert bool(gaps) == (trouble is Trouble.CAPPED_TOLD)


def test_full_run_tells_every_story_at_every_rate_and_holds_a_year_of_calm() -> None:
    plans = all_plans(Split.HELD, seeds=1)
    assert len({plan.name for plan in plans}) == len(plans)
    assert {plan.story for plan in plans} == set(Story)
    assert {plan.trouble for plan in plans} == set(Trouble)
    for rate in RATES:
        assert {Story.PILE_ON, Story.PRAISE_POST, Story.BRIGADE} <= {p.story for p in plans if p.per_hour == rate}
    pile_ons = Counter(plan.tone for plan in plans if plan.size and plan.trouble is Trouble.NONE)
    assert pile_ons[Tone.PLAIN] == pile_ons[Tone.SARCASTIC]
    assert sum(plan.history_days for plan in plans) > 15 * 30
    assert sum(plan.history_days for plan in plans if plan.story is Story.CALM) > 7 * 30
    assert {plan.split for plan in plans} == {Split.HELD}
    assert {plan.name for plan in quick_plans(Split.HELD)} - {"calm-4h-held101"} <= {plan.name for plan in plans}


def test_packs_hold_every_plan_once_and_plans_of_equal_length() -> None:
    plans = all_plans(Split.TUNE, seeds=2)
    packs = packs_of(plans)
    assert sorted(plan.name for pack in packs for plan in pack) == sorted(plan.name for plan in plans)
    assert all(len({plan.history_days for plan in pack}) == 1 for pack in packs)
