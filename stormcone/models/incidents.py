"""An incident: one pile-on from its first surprise to its end, and everything that happened to it.

Changed only by the pure life cycle in `stormcone.incidents`, saved by the store together with its notices.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from stormcone.models.levels import Kind, Level
from stormcone.models.mentions import Confidence
from stormcone.models.verdicts import Verdict


class State(StrEnum):
    """Where an incident stands in its life."""

    OPEN = "open"
    ACK = "ack"
    COOLING = "cooling"
    RESOLVED = "resolved"
    REOPENED = "reopened"

    @property
    def is_live(self) -> bool:
        """True until the incident is resolved."""
        return self is not State.RESOLVED


class Moment(StrEnum):
    """Why a transition happened; the `event` of notices. The last seven are of no single incident."""

    OPENED = "opened"
    UPDATED = "updated"  # level, kind or severity changed
    ESCALATED = "escalated"  # nobody acknowledged in time: the next step is told
    REMINDER = "reminder"
    ACKNOWLEDGED = "acknowledged"
    COOLING = "cooling"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    DECIDED = "decided"
    SNOOZED = "snoozed"  # somebody asked for quiet: kept for the screen, told to nobody
    EXPLAINED = "explained"  # nothing but what is known of it has changed: kept for the screen, told to nobody
    SOURCE_LOST = "source_lost"  # of no incident: a source has gone silent, so calm is not known
    SOURCE_BACK = "source_back"
    UNWELL = "unwell"  # Stormcone itself does not do its work, or a channel does not deliver
    WELL_AGAIN = "well_again"
    DIGEST = "digest"  # several notices that had to wait, in one message
    SUMMARY = "summary"  # the pages of one storm beyond what a person can read, in one message
    TEST = "test"


class Decision(StrEnum):
    """What a person decided. Stormcone records it and never acts on a platform."""

    HOLD = "hold"
    RESPOND = "respond"
    CORRECT = "correct"
    APOLOGISE = "apologise"
    DELETE = "delete"
    STAND_BY = "stand_by"
    FALSE_ALARM = "false_alarm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One step of the ladder as it was frozen: who is told so long after the page. notify: roles or ids of people."""

    delay_seconds: float
    notify: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One pile-on on an own post, or on the brand where no own post carries it.

    level and severity only rise while the incident lives; `level_now` follows the newest verdict. settling_since,
    calm_since: since when the surge has stayed far below its peak, or calm altogether; None while it has not.
    peak_velocity_per_minute: of its whole life. ladder: the steps as the settings were when it opened; empty in a
    database older than they. step, next_step_at: where escalation stands, and when the next step, reminder or the end
    of a snooze is due. is_reminded: whoever acknowledged it was asked for a decision. paged_velocity_per_minute,
    paged_facts: what was known when people were last paged, so that only news pages again. version: for optimistic
    writes.
    """

    brand: str
    state: State
    level: Level
    level_now: Level
    kind: Kind
    severity: int
    headline: str
    opened_at: datetime
    updated_at: datetime
    id: int | None = None  # None until it is stored
    post: tuple[str, str] | None = None
    peak_velocity_per_minute: float = 0.0
    cooling_since: datetime | None = None
    settling_since: datetime | None = None
    calm_since: datetime | None = None
    resolved_at: datetime | None = None
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    pending_kind: Kind | None = None  # a kind seen once; believed when it is seen again
    reopened_count: int = 0
    is_false_alarm: bool = False  # a person said so; only a far larger surge may contradict
    step: int = 0
    next_step_at: datetime | None = None
    ladder: tuple[Rung, ...] = ()
    is_reminded: bool = False
    snoozed_until: datetime | None = None
    snoozed_by: str | None = None
    paged_velocity_per_minute: float = 0.0
    paged_facts: tuple[str, ...] = ()
    version: int = 0

    def is_snoozed(self, at: datetime) -> bool:
        """Tell whether somebody has asked for quiet that still lasts."""
        return self.snoozed_until is not None and at < self.snoozed_until


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One change of an incident: what it became, why, and what was known at that instant."""

    at: datetime
    moment: Moment
    incident: Incident
    verdict: Verdict | None = None  # None where a person or the clock, not a reading, moved it
    by: str | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentEvent:
    """A stored transition, as the timeline shows it."""

    incident_id: int
    at: datetime
    moment: Moment
    state: State
    level: Level
    kind: Kind
    severity: int
    headline: str
    by: str | None
    why: str | None
    verdict_json: str | None  # the verdict as it was, in the words of `stormcone replay --json`


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRecord:
    """A decision with who and why."""

    at: datetime
    incident_id: int
    decision: Decision
    by: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A mention kept because it explains an incident, as it read when it was captured.

    p_against, cues, confidence, lang: what the scorer said of it then.
    """

    incident_id: int
    captured_at: datetime
    platform: str
    mention_id: str
    author: str | None
    author_followers: int | None
    text: str
    url: str | None
    p_against: float
    cues: tuple[str, ...]
    confidence: Confidence = Confidence.NORMAL
    lang: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Nobody is told of incidents of a brand, a kind, or both, until it ends; the screen goes on showing them.

    brand, kind: None means any. id: None until it is stored.
    """

    brand: str | None
    kind: Kind | None
    begins_at: datetime
    until: datetime
    by: str
    why: str
    id: int | None = None

    def covers(self, incident: Incident, at: datetime) -> bool:
        """Tell whether people are not told of the incident at an instant."""
        is_meant = self.brand in {None, incident.brand} and self.kind in {None, incident.kind}
        return is_meant and self.begins_at <= at < self.until
