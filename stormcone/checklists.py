"""What to do now for an advised action: the playbook's steps with who does each and by when.

Reads the verdicts of an incident's timeline; called by the command line and the dashboard. Pure. Stormcone does none of
the steps itself, and does not know which are done.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from stormcone.config import PlaybookSettings
from stormcone.journal import StoredVerdict, read_verdict
from stormcone.models import Action, Advice, IncidentEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class DueStep:
    """One step. who: the role, with the person who holds it where the playbook names one."""

    action: Action
    text: str
    who: str
    due_at: datetime

    def is_late(self, now: datetime) -> bool:
        """Tell whether its time is over."""
        return now > self.due_at


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingAdvice:
    """What is advised on an incident. since: when this action was first advised without a change since."""

    advice: Advice
    since: datetime


def verdicts_of(events: Iterable[IncidentEvent]) -> tuple[StoredVerdict, ...]:
    """Return the verdicts of a timeline, newest first. Args: events: oldest first."""
    found = []
    for event in events:
        try:
            found.append(read_verdict(event.verdict_json or ""))
        except (KeyError, TypeError, ValueError):  # what a person or the clock did bears none
            continue
    return tuple(reversed(found))


def standing_advice(verdicts: Sequence[StoredVerdict]) -> StandingAdvice | None:
    """Return what is advised now, None where nothing ever was. Args: verdicts: newest first."""
    if not verdicts:
        return None
    newest = verdicts[0]
    since = newest.at
    for earlier in verdicts[1:]:
        if earlier.advice.action is not newest.advice.action:
            break
        since = earlier.at
    return StandingAdvice(advice=newest.advice, since=since)


def checklist(standing: StandingAdvice, playbook: PlaybookSettings) -> tuple[DueStep, ...]:
    """Return the steps of the advised action, then those of the further ones; a step that both have comes once."""
    holders = {each.role.casefold(): each.who for each in playbook.roles}
    steps: dict[str, DueStep] = {}
    for action in (standing.advice.action, *standing.advice.also):
        for each in playbook.steps_of(action):
            holder = holders.get(each.who.casefold())
            step = DueStep(
                action=action,
                text=each.text,
                who=f"{each.who} ({holder})" if holder else each.who,
                due_at=standing.since + timedelta(minutes=each.within_minutes),
            )
            steps.setdefault(each.text.casefold(), step)
    return tuple(steps.values())
