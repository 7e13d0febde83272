"""What the analysis concludes: readings, level, kind, severity, forecast, advice.

Written by `analysis`, carried by incidents, shown by alerts and screens. Decisions are enums with reasons; nothing
here computes a judgement.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from stormcone.models.explanations import Explanation
from stormcone.models.facts import Facts
from stormcone.models.levels import Kind, Level


class Trust(StrEnum):
    """How far the numbers behind a verdict can be trusted."""

    SETTLED = "settled"
    WARMING_UP = "warming up"  # too little history: wider, not blind
    GAP = "gap"  # part of the window was not collected
    SATURATED = "saturated"  # the platform had more than it gave
    STALE = "stale"  # no source has answered lately


class Axis(StrEnum):
    """What a reading speaks about. A pile-on needs abnormal VOLUME and abnormal COMPOSITION."""

    VOLUME = "volume"
    COMPOSITION = "composition"
    HARM = "harm"
    CONTEXT = "context"


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A share of what was said, 0..1, with its 80 % interval, shrunk to the brand's own usual share."""

    value: float
    low: float
    high: float
    usual: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One signal's value and expectation in a window, in its own unit, with a sentence that holds both.

    surprise: how many standard deviations (signed, of the expected spread) the value lies from the expectation; None
    where the signal gives context only. low, high: 80 % interval of the value, None where it is a plain count.
    """

    signal: str
    axis: Axis
    value: float
    expected: float | None
    text: str
    surprise: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastBand:
    """Mentions expected within the next `horizon`, with an 80 % interval."""

    horizon: timedelta
    low: float
    mid: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedPeak:
    """How fast it gets at its fastest: mentions a minute over ten minutes, with the bound that holds 4 times out of 5.

    low: the fastest seen so far. is_past: the rate is falling; more than `low` is then not expected.
    """

    low: float
    mid: float
    high: float
    is_past: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """Expected further mentions for 1, 3 and 6 hours. peak: None where nobody knows the rate of the last minutes."""

    bands: tuple[ForecastBand, ...]
    peak: ExpectedPeak | None = None


class Action(StrEnum):
    """What a team can do; the closed list of the advice contract."""

    NONE = "none"
    MONITOR = "monitor"
    HOLD = "hold"
    RESPOND = "respond"
    RESPOND_LIGHT = "respond_light"
    RESPOND_ONE_TO_ONE = "respond_one_to_one"
    CORRECT = "correct"
    APOLOGISE = "apologise"
    DELETE_WITH_NOTICE = "delete_with_notice"
    REMOVE_AFTER_APPROVAL = "remove_after_approval"
    STAND_BY = "stand_by"
    REFUTE = "refute"
    TAKE_DOWN_CAMPAIGN = "take_down_campaign"
    SECURE_ACCOUNT = "secure_account"
    STAND_DOWN = "stand_down"
    PAUSE_QUEUE = "pause_queue"
    STOP_AUTOMATION = "stop_automation"
    ESCALATE = "escalate"
    PRESERVE_EVIDENCE = "preserve_evidence"
    REPORT_ACCOUNTS = "report_accounts"
    INFORM_PEOPLE = "inform_people"
    PREPARE_STATEMENT = "prepare_statement"
    RESTORE_COMMENTS = "restore_comments"
    MEASURE_RECOVERY = "measure_recovery"


class Avoid(StrEnum):
    """What would make it worse."""

    JOKE = "joke"
    SILENT_DELETE = "silent_delete"
    DELETE_COMMENTS = "delete_comments"
    ARGUE = "argue"
    DENY = "deny"
    COPY_PASTE_REPLIES = "copy_paste_replies"
    CHANGE_COURSE_ON_VOLUME = "change_course_on_volume"
    BLAME_STAFF = "blame_staff"
    SPECULATE = "speculate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Because:
    """Why an action is advised: the rule, the sentence with the fact's value, and where the rule comes from."""

    rule: str
    text: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Precedent:
    """An earlier case chosen by likeness of facts. outcome: what came of it. why: the facts that both share."""

    case: str
    year: int
    did: str
    lesson: str
    outcome: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An answer that nobody has given yet, and the action it would lead to."""

    fact: str
    answer: str
    action: Action


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """One action with its deadline and reasons; a person decides.

    within_minutes: when a hold has to be decided again, for all else the time by which it should be done. ask: unknown
    facts whose answer could change the action, the most decisive first; changes: those answers.
    """

    action: Action
    within_minutes: int
    because: tuple[Because, ...]
    also: tuple[Action, ...] = ()
    precedents: tuple[Precedent, ...] = ()
    avoid: tuple[Avoid, ...] = ()
    ask: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StepReading:
    """The newest step of a brand's stream beside what was expected of it; None while that is not known."""

    minutes: int
    voices: float
    against: float
    usual_voices: float | None
    spread_voices: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is happening to a brand, or to one own post, at one instant.

    post: (platform, id) of the own post, None for the brand's stream. voices_now, voices_usual: distinct voices in the
    window that was judged (30 minutes of a thread, the most surprising one of the stream) and their expectation.
    against_now: the part of them against the brand. velocity_per_minute: mentions a minute over it, copies included.
    """

    brand: str
    at: datetime
    level: Level
    kind: Kind
    severity: int
    headline: str
    reasons: tuple[Reading, ...]
    trust: Trust
    forecast: Forecast
    advice: Advice
    facts: Facts = field(default_factory=Facts)  # what the advice was asked on; answers of people are added to these
    post: tuple[str, str] | None = None
    voices_now: float = 0.0
    voices_usual: float = 0.0
    against_now: float = 0.0
    velocity_per_minute: float = 0.0
    step: "StepReading | None" = None  # of the brand's stream only
    is_settling: bool = False  # the rate has fallen well below its peak
    is_rare: bool = False  # as rare as a warn, whatever the kind made of the level
    is_angry: bool = True  # a larger share is against the brand than usual; in a recovery wave it is not
    is_wave: bool = False  # told by the number of its arranged accounts alone: as a surge of voices it would be less
    explanation: Explanation | None = None  # None: not asked for; only what becomes a transition is explained

    def __post_init__(self) -> None:
        if not 1 <= self.severity <= 5:  # noqa: PLR2004 - the five-alarm scale itself
            raise ValueError(f"severity runs from 1 to 5, not {self.severity}")
