"""What to do, from what was measured: the first rules of the advice contract, those that need no person's facts.

Used by the verdict. The cause of a storm is not known to a detector, so nothing irreversible is ever advised here; what
a person could answer to change the advice is named in `ask`. Pure: same facts, same answer.
"""

from dataclasses import dataclass

from stormcone.models import Action, Advice, Because, Kind

_OWN = "Stormcone's own threshold"
_SERIOUS = 3  # severity from which a team holds and prepares instead of watching
_GRAVE = 4  # severity from which the lead is woken
_HOLD_SERIOUS_MINUTES = 30
_HOLD_MINUTES = 120
_ACT_MINUTES = 60
_ASK = ("cause", "harm_to_people", "responsibility")


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredFacts:
    """What is known without asking anybody."""

    kind: Kind
    severity: int
    copies_share: float
    is_rising: bool


def advise(facts: MeasuredFacts) -> Advice:
    """Return one action with its deadline and reasons.

    >>> advise(MeasuredFacts(kind=Kind.BACKLASH, severity=4, copies_share=0, is_rising=True)).action
    <Action.HOLD: 'hold'>
    """
    if facts.kind in {Kind.PRAISE, Kind.CAMPAIGN}:
        text = f"The surge is {facts.kind.value}, not anger: no crisis action."
        return _advice(Action.NONE, 0, "no-crisis", text, _OWN, also=(), ask=())
    if facts.kind is Kind.BRIGADE:
        text = f"{facts.copies_share:.0%} of the mentions repeat each other: an estimate of arrangement, not a proof."
        source = "measurements of one event's automated share that differ by half (44.5 % and 21 %, 2025)"
        return _advice(Action.HOLD, _hold_minutes(facts), "coordination", text, source, also=(Action.REPORT_ACCOUNTS,))
    if facts.kind is Kind.SERVICE:
        text = "The words are about service: say what is known, and when more will be."
        source = "Coombs 2009: protect and inform people first"
        also = (Action.INFORM_PEOPLE, *_escalations(facts))
        return _advice(Action.RESPOND, _ACT_MINUTES, "service-failure", text, source, also=also)
    if facts.severity >= _SERIOUS:
        text = f"Severity {facts.severity} and the cause is not known yet: hold, find out, prepare a statement."
        return _advice(
            Action.HOLD,
            _hold_minutes(facts),
            "serious-unknown-cause",
            text,
            _OWN,
            also=(Action.PREPARE_STATEMENT, Action.PAUSE_QUEUE, Action.ESCALATE),
        )
    direction = "rising" if facts.is_rising else "not rising"
    text = f"Severity {facts.severity} and {direction}: watch it, nothing public yet."
    return _advice(Action.MONITOR, _ACT_MINUTES, "watch", text, _OWN, also=())


def _advice(
    action: Action,
    within_minutes: int,
    rule: str,
    text: str,
    source: str,
    *,
    also: tuple[Action, ...],
    ask: tuple[str, ...] = _ASK,
) -> Advice:
    kept = also if action is Action.NONE else (*also, Action.PRESERVE_EVIDENCE)
    return Advice(
        action=action,
        within_minutes=within_minutes,
        because=(Because(rule=rule, text=text, source=source),),
        also=tuple(dict.fromkeys(kept)),
        avoid=() if action is Action.NONE else ("silent_delete", "delete_comments"),
        ask=ask,
    )


def _escalations(facts: MeasuredFacts) -> tuple[Action, ...]:
    return (Action.ESCALATE,) if facts.severity >= _GRAVE else ()


def _hold_minutes(facts: MeasuredFacts) -> int:
    return _HOLD_SERIOUS_MINUTES if facts.severity >= _SERIOUS else _HOLD_MINUTES
