"""The clock of an incident: from the post to detection, notice, acknowledgement, decision and first public answer.

Asked by the command line, the report and the incident's page. Compares nobody with anybody, judges no delay.
"""

from datetime import datetime

from stormcone.models import Moment
from stormcone.models.effects import ClockFacts, ClockTime, Hand, IncidentClock, Passed


def clock_of(facts: ClockFacts) -> IncidentClock:
    """Return every instant of an incident that is known, and why the others are not.

    Source: own definition. The first acknowledgement counts, and the first decision, whatever came later. An own post
    counts as a public answer whether or not it speaks of the matter: that a person must judge.
    """
    incident = facts.incident
    missing = Passed.NOT_YET if incident.state.is_live else Passed.NEVER
    unanswered = missing if facts.is_own_collected else Passed.UNKNOWN
    has_post = incident.post is not None
    taken = next((each for each in facts.events if each.moment is Moment.ACKNOWLEDGED), None)
    decided = facts.decisions[0] if facts.decisions else None
    answer, below = facts.answer, facts.answer_below
    posted_at = facts.post.posted_at if facts.post else None
    start = posted_at or incident.opened_at

    def hand(hand: Hand, at: datetime | None, otherwise: Passed, by: str | None = None) -> ClockTime:
        return ClockTime(
            hand=hand,
            at=at,
            standing=otherwise if at is None else Passed.KNOWN,
            minutes=None if at is None else (at - start).total_seconds() / 60,
            by=by,
        )

    return IncidentClock(
        times=(
            hand(Hand.POSTED, posted_at, Passed.UNKNOWN if has_post else Passed.NONE),
            hand(Hand.DETECTED, incident.opened_at, Passed.UNKNOWN),
            hand(Hand.NOTICED, facts.notified_at, missing),
            hand(Hand.ACKNOWLEDGED, taken.at if taken else None, missing, taken.by if taken else None),
            hand(Hand.DECIDED, decided.at if decided else None, missing, decided.by if decided else None),
            hand(Hand.ANSWERED, answer.posted_at if answer else None, unanswered, answer.account if answer else None),
            hand(
                Hand.ANSWERED_BELOW,
                below.posted_at if below else None,
                unanswered if has_post else Passed.NONE,
                below.account if below else None,
            ),
        )
    )
