"""Advice from measurements alone: one action by kind and severity, and nothing that cannot be taken back."""

from itertools import product

import pytest

from analysis.advice import MeasuredFacts, advise
from stormcone.models import Action, Kind

IRREVERSIBLE = {
    Action.DELETE_WITH_NOTICE,
    Action.REMOVE_AFTER_APPROVAL,
    Action.APOLOGISE,
    Action.CORRECT,
    Action.REFUTE,
    Action.STAND_BY,
    Action.TAKE_DOWN_CAMPAIGN,
    Action.RESPOND_LIGHT,
}


def make_facts(kind: Kind, severity: int, *, is_rising: bool = True, copies_share: float = 0.0) -> MeasuredFacts:
    return MeasuredFacts(kind=kind, severity=severity, copies_share=copies_share, is_rising=is_rising)


ALL = [
    make_facts(kind, severity, is_rising=rising) for kind, severity, rising in product(Kind, range(1, 6), [False, True])
]


@pytest.mark.parametrize(
    ("facts", "action", "rule"),
    [
        (make_facts(Kind.PRAISE, 1), Action.NONE, "no-crisis"),
        (make_facts(Kind.CAMPAIGN, 1), Action.NONE, "no-crisis"),
        (make_facts(Kind.BRIGADE, 2), Action.HOLD, "coordination"),
        (make_facts(Kind.SERVICE, 2), Action.RESPOND, "service-failure"),
        (make_facts(Kind.BACKLASH, 3), Action.HOLD, "serious-unknown-cause"),
        (make_facts(Kind.BACKLASH, 2), Action.MONITOR, "watch"),
        (make_facts(Kind.UNCLEAR, 1), Action.MONITOR, "watch"),
        (make_facts(Kind.NEWS, 5), Action.HOLD, "serious-unknown-cause"),
    ],
)
def test_action_follows_kind_and_severity(facts: MeasuredFacts, action: Action, rule: str) -> None:
    advice = advise(facts)
    assert (advice.action, advice.because[0].rule) == (action, rule)


@pytest.mark.parametrize("facts", ALL, ids=lambda facts: f"{facts.kind}-{facts.severity}-{facts.is_rising}")
def test_nothing_irreversible_is_advised_and_everything_is_explained(facts: MeasuredFacts) -> None:
    advice = advise(facts)
    assert not IRREVERSIBLE & {advice.action, *advice.also}
    assert advice.because[0].text
    assert advice.because[0].source
    assert len(advice.also) == len(set(advice.also))
    if advice.action is Action.NONE:
        assert (advice.also, advice.avoid, advice.ask, advice.within_minutes) == ((), (), (), 0)
    else:
        assert Action.PRESERVE_EVIDENCE in advice.also
        assert "silent_delete" in advice.avoid
        assert "cause" in advice.ask
        assert advice.within_minutes > 0


def test_serious_storm_has_less_time() -> None:
    assert advise(make_facts(Kind.BRIGADE, 3)).within_minutes < advise(make_facts(Kind.BRIGADE, 2)).within_minutes


def test_grave_outage_wakes_the_lead() -> None:
    assert Action.ESCALATE in advise(make_facts(Kind.SERVICE, 4)).also
    assert Action.ESCALATE not in advise(make_facts(Kind.SERVICE, 3)).also


def test_reason_holds_the_measured_number() -> None:
    assert "72%" in advise(make_facts(Kind.BRIGADE, 2, copies_share=0.72)).because[0].text
    assert "not rising" in advise(make_facts(Kind.BACKLASH, 2, is_rising=False)).because[0].text
