"""Precedents: the nearest cases by facts, never by name, with what is shared; nothing where nothing is alike."""

from collections import Counter
from dataclasses import fields, replace

import pytest

from analysis.casebook import load_casebook
from analysis.cases import Case, Casebook
from analysis.precedents import TRAITS, nearest, precedents
from stormcone.models import Cause, Facts, Kind, PostStatus, Responsibility, Role, Trigger

# The worked examples of the advice: facts as they would be known, numbers included.
EXAMPLES = {
    "usaf-2018-yanny-laurel": Facts(
        brand="US Air Force",
        trigger=Trigger.OWN_POST,
        account_role=Role.OFFICIAL,
        cause=Cause.OFFENSIVE_OR_TONE_DEAF,
        kind=Kind.BACKLASH,
        severity=4,
        post_status=PostStatus.LIVE,
        post_age_min=60,
        harm_to_people=True,
        responsibility=Responsibility.PREVENTABLE,
        press=True,
        platforms=1,
        public_record_body=True,
    ),
    "mcdonalds-2017-placeholder": Facts(
        brand="McDonald's",
        trigger=Trigger.OWN_POST,
        account_role=Role.OFFICIAL,
        cause=Cause.TYPO_UNFINISHED,
        kind=Kind.UNCLEAR,
        severity=2,
        post_status=PostStatus.LIVE,
        post_age_min=10,
        harm_to_people=False,
        similar_incidents_12m=0,
        competitor_joined=True,
        scheduled_posts_next_24h=6,
        platforms=1,
        press=False,
    ),
    "amazon-2018-earth-day": Facts(
        brand="Amazon",
        trigger=Trigger.OWN_POST,
        account_role=Role.EXECUTIVE,
        cause=Cause.VALUES_CHALLENGE,
        kind=Kind.BACKLASH,
        severity=3,
        post_status=PostStatus.LIVE,
        harm_to_people=False,
        claim_true=True,
        notable_amplifier=True,
        platforms=1,
        scheduled_posts_next_24h=1,
        asks_for_content=False,
    ),
    "lockheed-2018-photo-day": Facts(
        brand="Lockheed Martin",
        trigger=Trigger.OWN_POST,
        account_role=Role.OFFICIAL,
        cause=Cause.VALUES_CHALLENGE,
        kind=Kind.BACKLASH,
        severity=4,
        post_status=PostStatus.LIVE,
        asks_for_content=True,
        press=True,
        platforms=1,
        scheduled_posts_next_24h=2,
    ),
    "snapchat-2018-rihanna-ad": Facts(
        brand="Snapchat",
        trigger=Trigger.OWN_AD,
        cause=Cause.OFFENSIVE_OR_TONE_DEAF,
        kind=Kind.BACKLASH,
        severity=5,
        post_status=PostStatus.LIVE,
        harm_to_people=True,
        responsibility=Responsibility.PREVENTABLE,
        press=True,
        notable_amplifier=True,
        platforms=3,
    ),
    "cruz-2017-like": Facts(
        brand="Office of Senator Cruz",
        trigger=Trigger.OWN_LIKE,
        account_role=Role.OFFICIAL,
        cause=Cause.INAPPROPRIATE_LIKE,
        kind=Kind.BACKLASH,
        severity=3,
        harm_to_people=False,
        press=True,
        platforms=2,
    ),
    "coca-cola-2015-makeithappy": Facts(
        brand="Coca-Cola",
        trigger=Trigger.AUTOMATED_POST,
        account_role=Role.OFFICIAL,
        cause=Cause.CAMPAIGN_HIJACK,
        kind=Kind.BRIGADE,
        severity=3,
        automation_running=True,
        asks_for_content=True,
        harm_to_people=False,
        responsibility=Responsibility.VICTIM,
        press=True,
        platforms=1,
        commentator_share=0.6,
        coordination=0.1,
    ),
}
TONE_DEAF = Facts(cause=Cause.OFFENSIVE_OR_TONE_DEAF, trigger=Trigger.OWN_POST)


def ids(facts: Facts, casebook: Casebook | None = None) -> list[str]:
    return [each.case.id for each in nearest(facts, casebook)]


def book(**facts_of: Facts) -> Casebook:
    model = load_casebook().cases[0]
    return Casebook(cases=tuple(replace(model, id=name, facts=facts) for name, facts in facts_of.items()))


def without(case: Case) -> Casebook:
    return Casebook(cases=tuple(each for each in load_casebook().cases if each.id != case.id))


@pytest.mark.parametrize("case_id", EXAMPLES)
def test_worked_example_finds_its_own_case(case_id: str) -> None:
    assert case_id in [each.case for each in precedents(EXAMPLES[case_id])]


@pytest.mark.parametrize("case_id", EXAMPLES)
def test_renaming_the_brand_changes_nothing(case_id: str) -> None:
    facts = EXAMPLES[case_id]
    assert nearest(replace(facts, brand="Somebody else")) == nearest(facts)
    assert nearest(replace(facts, brand=None)) == nearest(facts)


@pytest.mark.parametrize("case_id", EXAMPLES)
def test_measurements_change_no_precedent(case_id: str) -> None:
    facts = EXAMPLES[case_id]
    assert nearest(replace(facts, severity=1, post_age_min=9999, coordination=0.9, press=None)) == nearest(facts)


def test_at_most_three_are_shown_and_the_nearest_comes_first() -> None:
    shown = nearest(EXAMPLES["usaf-2018-yanny-laurel"])
    assert len(shown) == 3
    assert [each.alike for each in shown] == sorted((each.alike for each in shown), reverse=True)
    assert shown[0].case.id == "usaf-2018-yanny-laurel"


def test_nothing_known_finds_nothing() -> None:
    assert nearest(Facts()) == ()
    assert nearest(Facts(brand="Coca-Cola", severity=5, platforms=3, press=True)) == ()


def test_too_little_in_common_is_not_shown() -> None:
    assert ids(Facts(kind=Kind.BACKLASH, account_role=Role.OFFICIAL)) == []


def test_mostly_different_case_is_not_shown_even_where_the_cause_is_the_same() -> None:
    other = Facts(
        cause=Cause.HACKED,
        trigger=Trigger.OTHERS,
        harm_to_people=False,
        responsibility=Responsibility.VICTIM,
        kind=Kind.NEWS,
        account_role=Role.SUPPORT,
        claim_true=False,
    )
    ours = Facts(
        cause=Cause.HACKED,
        trigger=Trigger.OWN_POST,
        harm_to_people=True,
        responsibility=Responsibility.PREVENTABLE,
        kind=Kind.BACKLASH,
        account_role=Role.OFFICIAL,
        claim_true=True,
    )
    assert ids(ours, book(other=other)) == []
    assert ids(ours, book(other=ours)) == ["other"]


def test_cause_counts_for_more_than_any_other_trait() -> None:
    assert max(TRAITS, key=lambda each: each.weight).name == "cause"
    same_cause = Facts(cause=Cause.OFFENSIVE_OR_TONE_DEAF, trigger=Trigger.OWN_AD)
    same_trigger = Facts(cause=Cause.TROLL, trigger=Trigger.OWN_POST)
    assert ids(TONE_DEAF, book(a=same_trigger, b=same_cause)) == ["b"]


@pytest.mark.parametrize(
    "unknown", ["trigger", "harm_to_people", "kind", "account_role", "responsibility", "claim_true"]
)
def test_what_nobody_knows_neither_helps_nor_hurts(unknown: str) -> None:
    ours = replace(EXAMPLES["usaf-2018-yanny-laurel"], claim_true=True)
    blank = replace(ours, **{unknown: None})
    (theirs_unknown,) = nearest(ours, book(a=blank))
    (ours_unknown,) = nearest(blank, book(a=ours))
    (both_unknown,) = nearest(blank, book(a=blank))
    assert theirs_unknown.alike == ours_unknown.alike == both_unknown.alike
    assert unknown not in theirs_unknown.shared


def test_what_differs_costs_less_than_what_agrees_gives() -> None:
    with_kind = replace(TONE_DEAF, kind=Kind.BACKLASH)
    (agrees,) = nearest(with_kind, book(a=with_kind))
    (differs,) = nearest(with_kind, book(a=replace(TONE_DEAF, kind=Kind.NEWS)))
    (unknown,) = nearest(with_kind, book(a=TONE_DEAF))
    assert agrees.alike > unknown.alike > differs.alike
    assert agrees.alike - unknown.alike > unknown.alike - differs.alike


def test_sharing_a_lack_is_less_than_sharing_a_thing() -> None:
    has = replace(TONE_DEAF, automation_running=True)
    lacks = replace(TONE_DEAF, automation_running=False)
    (both_have,) = nearest(has, book(a=has))
    (both_lack,) = nearest(lacks, book(a=lacks))
    assert both_have.alike > both_lack.alike
    assert "automation_running" in both_have.shared
    assert "automation_running" not in both_lack.shared


def test_ties_are_broken_by_id_whatever_the_order_of_the_book() -> None:
    assert ids(TONE_DEAF, book(c=TONE_DEAF, a=TONE_DEAF, d=TONE_DEAF, b=TONE_DEAF)) == ["a", "b", "c"]


def test_crossing_platforms_is_compared_and_not_their_number() -> None:
    crossed = replace(TONE_DEAF, platforms=2)
    (near,) = nearest(replace(TONE_DEAF, platforms=5), book(a=crossed))
    assert "crossed_platforms" in near.shared


def test_precedent_says_why_it_is_near() -> None:
    near = nearest(EXAMPLES["lockheed-2018-photo-day"])[0]
    assert near.why == (
        "alike in cause (values challenge), trigger (own post), asks for content, kind (backlash), "
        "account role (official)"
    )


def test_precedent_shows_what_was_done_and_the_lesson() -> None:
    case = load_casebook().case("cruz-2017-like")
    shown = next(each for each in precedents(EXAMPLES["cruz-2017-like"]) if each.case == case.id)
    assert (shown.year, shown.did, shown.lesson) == (2017, case.done.text, case.lesson)


def test_nearest_other_case_usually_has_the_same_cause() -> None:
    cases = load_casebook().cases
    alone = {cause for cause, number in Counter(case.facts.cause for case in cases).items() if number == 1}
    judged = [case for case in cases if case.facts.cause not in alone]
    same = 0
    for case in judged:
        near = nearest(case.facts, without(case), limit=1)
        same += bool(near) and near[0].case.facts.cause is case.facts.cause
    assert same >= 0.9 * len(judged)


def test_every_case_finds_itself_among_its_precedents_or_cases_just_like_it() -> None:
    for case in load_casebook().cases:
        found = nearest(case.facts)
        assert found, case.id
        itself = [each.alike for each in nearest(case.facts, Casebook(cases=(case,)))]
        assert found[0].alike == itself[0], case.id


def test_traits_are_facts_or_drawn_from_them() -> None:
    known = {each.name for each in fields(Facts)} | {"crossed_platforms"}
    assert {each.name for each in TRAITS} <= known
    assert "brand" not in {each.name for each in TRAITS}
