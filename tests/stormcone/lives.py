"""An incident led through its life by verdicts, people and the clock, for tests of that life.

Imported by tests as `from tests.stormcone.lives import Life`. Decides nothing: the life cycle is the real one.
"""

from typing import Any

from stormcone.config import DetectorSettings, EscalationSettings
from stormcone.incidents import acknowledge, decide, escalate, observe
from stormcone.models import Decision, Incident, Level, Moment
from tests.fakes import at, make_verdict

RULES = DetectorSettings()  # cooling after 30 minutes, resolved after 120, reopened within 24 hours
LADDER = EscalationSettings()  # steps after 0, 5 and 20 minutes


class Life:
    """One incident, led through its life by verdicts."""

    def __init__(self, incident: Incident | None = None, *, ladder: EscalationSettings = LADDER) -> None:
        self.incident = incident
        self.ladder = ladder

    def see(self, level: Level, minutes: float, **changes: Any) -> Moment | None:
        """Observe a verdict; return what was told of it."""
        change = observe(self.incident, make_verdict(level, minutes, **changes), RULES, self.ladder)
        self.incident = change.incident or self.incident
        return change.transition.moment if change.transition else None

    def see_each(self, level: Level, minutes: list[float], **changes: Any) -> list[Moment | None]:
        return [self.see(level, each, **changes) for each in minutes]

    @property
    def now(self) -> Incident:
        assert self.incident is not None
        return self.incident

    def ack(self, minutes: float, by: str = "ann") -> None:
        self.incident = acknowledge(self.now, by=by, at=at(minutes)).incident

    def decide(self, decision: Decision, minutes: float) -> None:
        self.incident = decide(self.now, decision, by="ann", why="because", at=at(minutes)).incident

    def escalate(self, minutes: float) -> bool:
        transition = escalate(self.now, self.ladder, at=at(minutes))
        self.incident = transition.incident if transition else self.incident
        return transition is not None


def paged() -> Life:
    life = Life()
    assert life.see(Level.PAGE, 0) is Moment.OPENED
    return life


def cooling() -> Life:
    """Return a page, seen at 0, that settles from 10 and cools from 40 on."""
    life = paged()
    assert life.see_each(Level.WARN, [10, 39.9, 40], is_settling=True, velocity_per_minute=2.0) == [
        None,
        None,
        Moment.COOLING,
    ]
    return life


def resolved() -> Life:
    """Return a page that is calm from 10 on: cooling at 40, resolved at 130."""
    life = paged()
    assert life.see_each(Level.CALM, [10, 40, 129.9, 130]) == [None, Moment.COOLING, None, Moment.RESOLVED]
    return life
