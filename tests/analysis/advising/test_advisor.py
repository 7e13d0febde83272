"""Advice as a table anyone can extend (cases.toml), and what holds for whatever facts."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.advising import Advisor
from stormcone.config import AdviceSettings
from stormcone.fact_file import read_facts
from stormcone.models import (
    Action,
    Advice,
    Avoid,
    Cause,
    Facts,
    Kind,
    PostStatus,
    Responsibility,
    Role,
    Said,
    Trend,
    Trigger,
)

CASES = tomllib.loads((Path(__file__).parent / "cases.toml").read_text(encoding="utf-8"))["case"]
ADVISOR = Advisor()
FINAL = {
    Action.DELETE_WITH_NOTICE,
    Action.REMOVE_AFTER_APPROVAL,
    Action.APOLOGISE,
    Action.REFUTE,
    Action.TAKE_DOWN_CAMPAIGN,
}
ONLY_BESIDES = {
    Action.PAUSE_QUEUE,
    Action.STOP_AUTOMATION,
    Action.ESCALATE,
    Action.PRESERVE_EVIDENCE,
    Action.REPORT_ACCOUNTS,
    Action.INFORM_PEOPLE,
    Action.PREPARE_STATEMENT,
    Action.RESTORE_COMMENTS,
    Action.MEASURE_RECOVERY,
}

shares = st.none() | st.floats(0, 1)
answers = st.none() | st.booleans()
any_facts = st.builds(
    Facts,
    trigger=st.none() | st.sampled_from(Trigger),
    account_role=st.none() | st.sampled_from(Role),
    cause=st.none() | st.sampled_from(Cause),
    kind=st.none() | st.sampled_from(Kind),
    severity=st.none() | st.integers(1, 5),
    trend=st.none() | st.sampled_from(Trend),
    post_status=st.none() | st.sampled_from(PostStatus),
    coordination=shares,
    commentator_share=shares,
    similar_incidents_12m=st.none() | st.integers(0, 3),
    scheduled_posts_next_24h=st.none() | st.integers(0, 3),
    platforms=st.none() | st.integers(1, 4),
    press=answers,
    support_tickets_up=answers,
    automation_running=answers,
    asks_for_content=answers,
    harm_to_people=answers,
    claim_true=answers,
    responsibility=st.none() | st.sampled_from(Responsibility),
    stands_by=answers,
    legal_hold=answers,
    public_record_body=answers,
    removal_approved=answers,
    deleted_comments=answers,
    said=st.lists(st.sampled_from([each for each in Said if each is not Said.NONE]), max_size=2, unique=True).map(
        tuple
    ),
)


def advised(advice: Advice) -> set[Action]:
    return {advice.action, *advice.also}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case_gets_its_advice(case: Mapping[str, Any]) -> None:
    advice = ADVISOR.advise(read_facts(json.dumps(case["facts"])))
    assert (str(advice.action), advice.because[0].rule) == (case["action"], case["rule"])
    assert set(case.get("also", ())) <= {str(each) for each in advice.also}
    assert not set(case.get("never", ())) & {str(each) for each in advised(advice)}
    assert advice.within_minutes <= case.get("within", 120)
    if "exactly" in case:
        assert [str(each) for each in advice.also] == case["exactly"]
    if "minutes" in case:
        assert advice.within_minutes == case["minutes"]


@given(any_facts)
def test_every_advice_is_one_action_with_sourced_reasons_and_time(facts: Facts) -> None:
    advice = ADVISOR.advise(facts)
    assert advice.action not in ONLY_BESIDES
    assert len(advice.also) == len(set(advice.also))
    assert advice.action not in advice.also
    assert advice.because
    assert all(each.rule and each.text and each.source and "{" not in each.text for each in advice.because)
    assert (advice.within_minutes == 0) == (advice.action is Action.NONE)
    if advice.action in {Action.NONE, Action.STAND_DOWN}:
        assert set(advice.also) <= {Action.MEASURE_RECOVERY}
    else:
        assert Action.PRESERVE_EVIDENCE in advice.also
        assert {Avoid.SILENT_DELETE, Avoid.DELETE_COMMENTS} <= set(advice.avoid)


@given(any_facts)
def test_nothing_final_is_advised_while_nobody_knows_the_cause(facts: Facts) -> None:
    assert not FINAL & advised(ADVISOR.advise(replace(facts, cause=None)))


@given(any_facts)
def test_after_an_apology_nothing_is_denied_or_defended(facts: Facts) -> None:
    advice = ADVISOR.advise(replace(facts, said=(Said.APOLOGY,)))
    assert not {Action.REFUTE, Action.STAND_BY} & advised(advice)


@given(any_facts)
def test_a_denial_that_is_true_is_never_repeated(facts: Facts) -> None:
    assert Action.REFUTE not in advised(ADVISOR.advise(replace(facts, said=(Said.DENIAL,), claim_true=True)))


@given(any_facts)
def test_a_post_is_removed_in_one_way_and_only_where_there_is_one(facts: Facts) -> None:
    advice = ADVISOR.advise(facts)
    removals = {Action.DELETE_WITH_NOTICE, Action.REMOVE_AFTER_APPROVAL} & advised(advice)
    assert len(removals) <= 1
    if facts.post_status in {PostStatus.DELETED, PostStatus.NONE}:
        assert not removals
    if (facts.public_record_body or facts.legal_hold) and not facts.removal_approved:
        assert Action.DELETE_WITH_NOTICE not in removals


@given(any_facts)
def test_nothing_is_taken_lightly_where_people_are_hurt(facts: Facts) -> None:
    assert Action.RESPOND_LIGHT not in advised(ADVISOR.advise(replace(facts, harm_to_people=True)))


@given(any_facts)
def test_a_hold_always_expires_sooner_when_it_is_serious(facts: Facts) -> None:
    advice = ADVISOR.advise(facts)
    if advice.action is Action.HOLD:
        assert advice.within_minutes == (30 if (facts.severity or 0) >= 3 else 120)


@given(any_facts, st.sampled_from(Cause))
def test_coordination_reports_accounts_and_reverses_no_known_cause(facts: Facts, cause: Cause) -> None:
    calm = replace(facts, cause=cause, coordination=0.0)
    crowd = replace(calm, coordination=0.9)
    known = cause not in {
        Cause.NONE,
        Cause.VALUES_CHALLENGE,
        Cause.POLICY_CHANGE,
        Cause.CUSTOMER_COMPLAINT,
        Cause.TROLL,
    }
    if known:
        assert ADVISOR.advise(calm).action is ADVISOR.advise(crowd).action
    if ADVISOR.advise(crowd).action not in {Action.NONE, Action.STAND_DOWN}:
        assert Action.REPORT_ACCOUNTS in advised(ADVISOR.advise(crowd))


@given(any_facts)
def test_the_brand_decides_nothing(facts: Facts) -> None:
    assert ADVISOR.advise(replace(facts, brand="Acme")) == ADVISOR.advise(replace(facts, brand="Zenith"))


@given(any_facts)
def test_an_answer_that_is_asked_for_changes_the_action(facts: Facts) -> None:
    advice = ADVISOR.advise(facts)
    assert list(advice.ask) == list(dict.fromkeys(each.fact for each in advice.changes))
    for change in advice.changes[:3]:
        value = _parsed(change.fact, change.answer)
        after = ADVISOR.advise(replace(facts, **{change.fact: value}))
        assert after.action is change.action
        assert after.action is not advice.action


def _parsed(fact: str, answer: str) -> Any:
    given_as: Any = [answer] if fact == "said" else answer
    if answer in {"true", "false"}:
        given_as = answer == "true"
    elif answer.replace(".", "").isdigit():
        given_as = float(answer)
    return getattr(read_facts(json.dumps({fact: given_as})), fact)


def test_the_most_decisive_question_comes_first() -> None:
    assert ADVISOR.advise(Facts(severity=4, kind=Kind.BACKLASH)).ask[0] == "cause"
    unsure = ADVISOR.advise(Facts(severity=3, cause=Cause.OFFENSIVE_OR_TONE_DEAF))
    assert {"harm_to_people", "responsibility"} <= set(unsure.ask)


def test_where_sources_disagree_both_sides_are_told() -> None:
    advice = ADVISOR.advise(Facts(cause=Cause.OFFENSIVE_OR_TONE_DEAF, harm_to_people=True))
    assert any(each.rule == "tone-deaf-harm, the other side" and "screenshots" in each.text for each in advice.because)


def test_reasons_hold_the_value_of_the_fact() -> None:
    assert "46 %" in ADVISOR.advise(Facts(coordination=0.46)).because[0].text
    assert "severity 4" in ADVISOR.advise(Facts(severity=4, cause=Cause.CUSTOMER_COMPLAINT)).because[0].text


def test_thresholds_are_settings() -> None:
    strict = Advisor(AdviceSettings(coordinated_share=0.2, serious_hold_minutes=10))
    advice = strict.advise(Facts(coordination=0.25, severity=3))
    assert (advice.because[0].rule, advice.within_minutes) == ("arranged", 10)
