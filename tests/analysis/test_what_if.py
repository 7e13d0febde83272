"""What would change a verdict: every number that is told is true, and the smallest that is."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.composition import ShareBaseline
from analysis.cues import CueTable
from analysis.verdicts import Case, Evidence, Judge, share_surprise
from analysis.what_if import changed, what_would_change
from stormcone.config import BrandSettings, DetectorSettings
from stormcone.config.brands import PlannedEvent
from stormcone.models import Kind, Level, Lever, Trust, WouldChange
from tests.analysis.signals.views import VIEW
from tests.fakes import AT, POST

JUDGE = Judge(DetectorSettings(), [], CueTable.load("en"))
ACME = BrandSettings(name="acme")
SERVICE_CUE, CONTEMPT_CUE = "refund", "read the room"
CALM = replace(VIEW, copies=0.0, cues={})
THREAD = Case(
    at=AT,
    brand=ACME,
    view=CALM,
    evidence=Evidence(monthly_rate=0.1, is_composition_abnormal=True, share_surprise=2.0),
    trust=Trust.SETTLED,
    post=POST,
    posted_at=AT - timedelta(hours=1),
    usual_mentions_per_minute=0.1,
    is_settling=False,
)


def of_stream(*, voices: float, against: float, **changes: Any) -> Case:
    """Return a case whose evidence fits its view, as the stream's does."""
    view = replace(CALM, voices=voices, against=against, mentions=voices + 5, post_age_minutes=None)
    view = replace(view, spread_against_share=0.3 / max(voices, 1.0) ** 0.5)
    surprise = share_surprise(view, view)
    case = replace(
        THREAD,
        post=None,
        view=view,
        evidence=Evidence(monthly_rate=0.1, is_composition_abnormal=surprise >= 2.0, share_surprise=surprise),
    )
    return replace(case, **changes)


def told(case: Case) -> dict[Lever, WouldChange]:
    return {each.lever: each for each in what_would_change(case, JUDGE)}


def with_rate(case: Case, rate: float) -> Case:
    return replace(case, evidence=replace(case.evidence, monthly_rate=rate))


def test_two_more_people_openly_against_would_page() -> None:
    case = replace(THREAD, view=replace(CALM, hostile_authors=2))
    assert JUDGE.rule(case).level is Level.WARN
    more = told(case)[Lever.HOSTILE_AUTHORS]
    assert (more.now, more.needed, more.level) == (2, 4, Level.PAGE)
    assert more.text == "With 2 more people openly against, it would be a page."


def test_a_warn_says_at_which_rate_it_would_page_in_the_budget_of_its_brand() -> None:
    few = with_rate(replace(THREAD, view=replace(CALM, hostile_authors=4)), 3.2)
    assert told(few)[Lever.RARITY].text == (
        "If calm times brought such a surge no more than 1.5 times a month (now 3.2), it would be a page."
    )
    rich = replace(few, brand=BrandSettings(name="acme", false_pages_per_month=4))
    assert Lever.RARITY not in told(rich)  # where four a month are allowed, that one is paged already


def test_a_thread_says_how_few_voices_against_make_it_calm() -> None:
    fewer = told(THREAD)[Lever.AGAINST]
    assert (fewer.needed, fewer.level) == (1.9, Level.CALM)
    assert fewer.text == "With no more than 1.9 voices against in 30 min (now 30.0), it would be calm."
    assert Lever.VOICES not in told(THREAD)  # the same said twice


def test_a_stream_says_at_which_share_its_make_up_is_usual_again() -> None:
    case = of_stream(voices=40, against=28)
    assert JUDGE.rule(case).level is Level.PAGE
    share = told(case)[Lever.AGAINST_SHARE]
    assert share.level < Level.PAGE
    assert share.now == pytest.approx(0.7)
    below = of_stream(voices=40, against=40 * share.needed)
    above = of_stream(voices=40, against=40 * (share.needed + 0.01))
    assert JUDGE.rule(below).level < Level.PAGE is JUDGE.rule(above).level


def test_a_surge_that_is_not_angry_says_what_would_make_it_praise_or_campaign() -> None:
    case = of_stream(voices=40, against=13)
    assert JUDGE.rule(case).kind is Kind.UNCLEAR
    found = told(case)
    assert found[Lever.PLANNED].kind is Kind.CAMPAIGN
    event = PlannedEvent(name="sale", first_day=AT.date(), last_day=AT.date())
    planned = replace(case, brand=BrandSettings(name="acme", planned_events=(event,)))
    assert JUDGE.rule(planned).kind is Kind.CAMPAIGN
    assert found[Lever.FRIENDS].kind is Kind.PRAISE
    assert Lever.PLANNED not in told(planned)


def test_a_brigade_says_how_many_copies_less_would_make_it_a_backlash() -> None:
    case = replace(THREAD, view=replace(CALM, mentions=60.0, copies=50.0))
    assert JUDGE.rule(case).kind is Kind.BRIGADE
    fewer = told(case)[Lever.COPIES]
    assert (fewer.level, fewer.kind) == (Level.PAGE, Kind.BACKLASH)
    assert fewer.text.startswith(f"Without {50 - fewer.needed:.0f} of the 50 copies, it would be a page")


def test_words_of_service_are_a_near_miss_only_where_some_were_heard() -> None:
    heard = replace(THREAD, view=replace(CALM, cues={SERVICE_CUE: 4, CONTEMPT_CUE: 6}))
    more = told(heard)[Lever.SERVICE]
    assert (more.now, more.needed, more.kind) == (4, 7, Kind.SERVICE)
    assert more.text == "With 3 more texts about service, it would be called service."
    assert Lever.SERVICE not in told(THREAD)


def test_what_cannot_change_it_alone_is_not_told() -> None:
    unknown = replace(THREAD, evidence=replace(THREAD.evidence, monthly_rate=None))
    assert Lever.RARITY not in told(unknown)
    assert Lever.HOSTILE_AUTHORS not in told(THREAD)  # a page has nowhere to rise
    empty = replace(THREAD, view=replace(CALM, mentions=0.0, voices=0.0, against=0.0, positive=0.0))
    assert {each.level for each in what_would_change(empty, JUDGE)} <= set(Level)


def test_another_view_of_a_stream_has_the_surprise_that_its_baseline_would_say() -> None:
    share = ShareBaseline(half_life_voices=1000)
    share.learn(voices=400, against=90, positive=120)
    view = replace(
        CALM,
        voices=36.0,
        against=20.0,
        usual_against_share=share.against_share,
        spread_against_share=(share.variance_of_a_voice / 36.0) ** 0.5,
    )
    surprise = share.surprise(voices=36, against=20)
    case = replace(
        THREAD,
        post=None,
        view=view,
        evidence=Evidence(monthly_rate=0.1, is_composition_abnormal=True, share_surprise=surprise),
    )
    other = JUDGE.seen_anew(case, replace(view, voices=50.0, against=21.0))
    assert other.evidence.share_surprise == pytest.approx(share.surprise(voices=50, against=21))
    assert JUDGE.seen_anew(case, view) == case


@st.composite
def cases(draw: st.DrawFn) -> Case:
    voices = draw(st.floats(0, 200))
    against = voices * draw(st.floats(0, 1))
    mentions = voices + draw(st.integers(0, 120))
    view = replace(
        VIEW,
        voices=voices,
        against=against,
        mentions=mentions,
        copies=float(draw(st.integers(0, int(mentions)))),
        positive=(voices - against) * draw(st.floats(0, 1)),
        hostile_authors=draw(st.integers(0, 60)),
        cues=draw(st.dictionaries(st.sampled_from([SERVICE_CUE, CONTEMPT_CUE, "delete this"]), st.integers(1, 40))),
    )
    rate = draw(st.none() | st.floats(1e-6, 1e4))
    if draw(st.booleans()):
        return replace(THREAD, view=view, evidence=replace(THREAD.evidence, monthly_rate=rate))
    return (
        with_rate(of_stream(voices=voices, against=against, view=view), rate)
        if rate
        else of_stream(voices=voices, against=against)
    )


@given(cases())
@settings(max_examples=300, deadline=None)
def test_every_change_that_is_told_gives_the_verdict_that_is_told(case: Case) -> None:
    before = JUDGE.rule(case)
    for each in what_would_change(case, JUDGE):
        after = JUDGE.rule(changed(case, each.lever, each.needed, JUDGE))
        assert (after.level, after.kind) == (each.level, each.kind), each.text
        assert (after.level, after.kind) != (before.level, before.kind), each.text


@given(cases())
@settings(max_examples=150, deadline=None)
def test_one_step_less_of_what_is_told_does_not_do_it(case: Case) -> None:
    steps = {
        Lever.HOSTILE_AUTHORS: 1,
        Lever.FRIENDS: 1,
        Lever.SERVICE: 1,
        Lever.AGAINST: 0.1,
        Lever.AGAINST_SHARE: 0.01,
    }
    for each in what_would_change(case, JUDGE):
        step = steps.get(each.lever, 0)
        less = each.needed - step if each.needed > each.now else each.needed + step
        if step and (less - each.now) * (each.needed - each.now) > 0:
            after = JUDGE.rule(changed(case, each.lever, less, JUDGE))
            assert (after.level, after.kind) != (each.level, each.kind), each.text
