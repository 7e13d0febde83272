"""Every word the screens say, in one place.

Used by widgets and pages; numbers and instants get their form here, too. Holds no decision. A text of somebody else
never stands here: it goes through `escaping`.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from dashboard.figures import Happening
from dashboard.recent import Pace
from dashboard.state import Unknown
from stormcone.models import (
    Action,
    Confidence,
    Decision,
    Kind,
    Level,
    Moment,
    NoticeState,
    Outcome,
    SourceState,
    Standing,
    State,
    Trust,
)
from stormcone.models.heartbeats import Part, Pulse

PRODUCT = "Stormcone"
PAGE_TITLES = {"now": "Now", "incidents": "Incidents", "own_posts": "Own posts", "backtest": "Back-test"}

LEVEL_WORDS = {Level.CALM: "CALM", Level.WATCH: "WATCH", Level.WARN: "WARN", Level.PAGE: "PAGE"}
LEVEL_ICONS = {Level.CALM: "✓", Level.WATCH: "◉", Level.WARN: "▲", Level.PAGE: "⚑"}
UNKNOWN_WORD = "UNKNOWN"
UNKNOWN_ICON = "?"
WARMING_UP = "WARMING UP"
WARMING_UP_HELP = (
    "There is little history of this brand yet: what is usual is a wide guess, so a storm has to be larger."
)
LOWER_BOUND = "LOWER BOUND"
LOWER_BOUND_HELP = "Part of this time was not collected, or a platform had more than it gave. It can only be worse."

UNKNOWN_REASONS = {
    Unknown.DATABASE: "The database cannot be read.",
    Unknown.NO_VERDICT: "The detector has not looked at this brand yet.",
    Unknown.OLD_VERDICT: "The detector has not looked lately.",
    Unknown.NO_SOURCE: "No source has been started yet.",
    Unknown.SOURCES_DOWN: "No source is answering.",
    Unknown.SOURCE_SILENT: "A source is silent.",
    Unknown.STALE: "No source has answered lately, so the figures may be old.",
}
UNKNOWN_REMEDIES = {
    Unknown.DATABASE: "This page looks again every few seconds; `stormcone doctor` says what is wrong.",
    Unknown.NO_VERDICT: "It does so a few minutes after `stormcone run` has started.",
    Unknown.OLD_VERDICT: "Check that `stormcone run` is alive: `stormcone status`.",
    Unknown.NO_SOURCE: "Switch one on under [collectors] in config.toml and start `stormcone run`.",
    Unknown.SOURCES_DOWN: "See the sources below; `stormcone doctor` says what each needs.",
    Unknown.SOURCE_SILENT: "See the sources below; `stormcone doctor` says what each needs.",
    Unknown.STALE: "See the sources below; `stormcone doctor` says what each needs.",
}

STATE_WORDS = {
    State.OPEN: "open",
    State.ACK: "acknowledged",
    State.COOLING: "cooling",
    State.RESOLVED: "resolved",
    State.REOPENED: "reopened",
}
KIND_WORDS = {kind: kind.value for kind in Kind}
MOMENT_WORDS = {
    Moment.OPENED: "Opened",
    Moment.UPDATED: "Changed",
    Moment.ESCALATED: "Escalated",
    Moment.REMINDER: "Reminder",
    Moment.ACKNOWLEDGED: "Acknowledged",
    Moment.COOLING: "Cooling",
    Moment.RESOLVED: "Resolved",
    Moment.REOPENED: "Reopened",
    Moment.DECIDED: "Decided",
    Moment.SNOOZED: "Snoozed",
    Moment.EXPLAINED: "More is known",
    Moment.SOURCE_LOST: "Source lost",
    Moment.SOURCE_BACK: "Source back",
    Moment.UNWELL: "Not well",
    Moment.WELL_AGAIN: "Well again",
    Moment.DIGEST: "Digest",
    Moment.SUMMARY: "Summary",
    Moment.TEST: "Test",
}
DECISION_WORDS = {
    Decision.HOLD: "Hold",
    Decision.RESPOND: "Respond",
    Decision.CORRECT: "Correct",
    Decision.APOLOGISE: "Apologise",
    Decision.DELETE: "Delete",
    Decision.STAND_BY: "Stand by",
    Decision.FALSE_ALARM: "False alarm",
}
DECISION_ICONS = {
    Decision.HOLD: ":material/pause_circle:",
    Decision.RESPOND: ":material/reply:",
    Decision.CORRECT: ":material/edit:",
    Decision.APOLOGISE: ":material/handshake:",
    Decision.DELETE: ":material/delete:",
    Decision.STAND_BY: ":material/visibility:",
    Decision.FALSE_ALARM: ":material/do_not_disturb_on:",
}
DECISION_HELP = {
    Decision.HOLD: "Stop what is planned and find out first.",
    Decision.RESPOND: "Answer in public.",
    Decision.CORRECT: "Say what was wrong and what is right.",
    Decision.APOLOGISE: "Say sorry for what the brand did.",
    Decision.DELETE: "Take the post down, with a notice.",
    Decision.STAND_BY: "Keep the post and say why.",
    Decision.FALSE_ALARM: "There was no storm; this closes the incident.",
}
ACKNOWLEDGE = "Acknowledge"
RECORDED_ONLY = "Stormcone records this and tells nobody outside; the act itself is yours."
ADVICE_WORDS = {
    Action.NONE: "nothing; this is no crisis",
    Action.MONITOR: "watch it, nothing public yet",
    Action.HOLD: "hold: stop what is planned, find out",
    Action.RESPOND: "respond",
    Action.RESPOND_LIGHT: "respond lightly",
    Action.RESPOND_ONE_TO_ONE: "answer people one to one",
    Action.CORRECT: "correct what was wrong",
    Action.APOLOGISE: "apologise",
    Action.DELETE_WITH_NOTICE: "delete the post and say so",
    Action.REMOVE_AFTER_APPROVAL: "remove the post once approved",
    Action.STAND_BY: "stand by the post",
    Action.REFUTE: "refute it",
    Action.TAKE_DOWN_CAMPAIGN: "take the campaign down",
    Action.SECURE_ACCOUNT: "secure the account",
    Action.STAND_DOWN: "stand down",
    Action.PAUSE_QUEUE: "pause the queue of planned posts",
    Action.STOP_AUTOMATION: "stop automatic posts",
    Action.ESCALATE: "tell the lead",
    Action.PRESERVE_EVIDENCE: "keep the evidence",
    Action.REPORT_ACCOUNTS: "report the accounts",
    Action.INFORM_PEOPLE: "inform the people concerned",
    Action.PREPARE_STATEMENT: "prepare a statement",
    Action.RESTORE_COMMENTS: "restore the comments",
    Action.MEASURE_RECOVERY: "measure the recovery",
}
PACE_WORDS = {Pace.RISING: "still rising", Pace.STEADY: "holding steady", Pace.FALLING: "falling"}
SETTLING = "settling"
TRUST_WORDS = {
    Trust.SETTLED: "figures complete",
    Trust.WARMING_UP: "little history yet",
    Trust.GAP: "part not collected: a lower bound",
    Trust.SATURATED: "a platform had more than it gave: a lower bound",
    Trust.STALE: "no source has answered lately",
}
SOURCE_WORDS = {
    SourceState.OK: "ok",
    SourceState.WAITING: "waiting",
    SourceState.STALE: "late",
    SourceState.STOPPED: "stopped",
    SourceState.OFF: "off",
}
PULSE_WORDS = {Pulse.OK: "ok", Pulse.SILENT: "silent", Pulse.UNKNOWN: "never heard of"}
PART_HELP = {
    Part.DETECTOR: "Looks at every brand and climbs the ladder of open pages; so long ago it last did.",
    Part.SENDER: "Sends what people are told; so long ago it last looked for what is due.",
}
NOTICE_WORDS = {
    NoticeState.PENDING: "waiting",
    NoticeState.SENT: "arrived",
    NoticeState.SUPERSEDED: "overtaken",
    NoticeState.DEAD: "given up",
}
OUTCOME_WORDS = {Outcome.OK: "arrived", Outcome.FAILED: "failed", Outcome.REFUSED: "refused"}
HAPPENING_WORDS = {
    Happening.OWN_POST: "own post published",
    Happening.OPENED: "incident opened",
    Happening.DECISION: "decided",
    Happening.WOULD_PAGE: "would have paged",
    Happening.WOULD_WARN: "would have warned",
}
SIGNAL_WORDS = {
    "velocity": "Voices in the window",
    "stream": "Voices everywhere",
    "against_share": "Share against the brand",
    "copies": "Share of copies",
    "cues": "Share with a cue",
    "negative_share": "Mean probability of being negative",
    "hostile_share": "Share openly hostile",
    "hostile_authors": "Different people against",
    "ratio": "Replies and quotes per like",
    "strangers": "Never heard before",
    "first_person": "Speak from own experience",
    "reach": "Largest following",
    "commentary": "Comment as a trade",
    "coordination": "Accounts that look arranged",
    "press": "Press before the crowd",
    "severity": "Severity",
    "counted": "Mentions the platform counts",
    "budget": "Evidence a page needs",
}
SEVERITY_WORDS = {
    "severity:projected_volume": "Size",
    "severity:reach": "Reach",
    "severity:harm": "Harm",
    "severity:second_platform": "Second platform",
    "severity:press": "Press",
    "severity:competitor": "Competitor",
    "severity:executive": "Executive",
    "severity:sensitive_topic": "Sensitive topic",
    "severity:audience": "Audience",
    "severity:tolerance": "Tolerance",
}

RECOVERY_HELP = (
    "Of everything said about the brand, not of one post. Net sentiment is positive less negative, per mention: -1 to "
    "1. A shift is lasting where its 95 % interval leaves no room for none."
)
STANDING_WORDS = {
    Standing.LONGER: "not within two weeks",
    Standing.GAP: "unknown: gap in collection",
    Standing.NO_HISTORY: "unknown: too little was collected before it",
    Standing.TOO_FEW: "unknown: too few mentions a day",
}
NOT_ENDED_YET = "not known yet: it is still louder than that"
NOT_MEASURED = "Not measured yet; the watcher does so within minutes of the end."
NO_STORM = "Not measured: it was called a false alarm."
ONLY_A_WATCH = "Not measured: it never warned or paged."

CERTAINTY_HELP = (
    "Empty: the text could be read well. guess: its language is read with low confidence, so the figure beside it is "
    "one. not read: it holds no words, or is in a language Stormcone does not read; the figure is what is usual."
)
CERTAINTY_WORDS = {Confidence.NORMAL: "", Confidence.LOW: "guess", Confidence.NONE: "not read"}
LANGUAGE_WORDS = {
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fi": "Finnish",
    "fr": "French",
    "hu": "Hungarian",
    "it": "Italian",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "sv": "Swedish",
}

SILENCE = "Nobody said anything in this window."
NOTHING_CAME = "Nothing came in this window, and nobody can say whether that means silence."

NAME_LABEL = "Your name"
NAME_PLACEHOLDER = "recorded with what you decide; kept for this session"
UNNAMED = "dashboard"  # recorded as who decided where nobody gave a name
WHY_LABEL = "Why"
WHY_MISSING = "Say why in a few words; whoever looks at this in a month will ask."
RECORD = "Record"
SOMEBODY_WAS_FASTER = "Somebody was faster: the incident has just changed. Close this and look again."
SNOOZE = "Snooze {minutes} min"
SNOOZE_HELP = "Quiet about this incident for so long; a higher level ends it early, and then its steps go on."
END_SNOOZE = "End the snooze"
SILENCE_BRAND = "Silence the brand"
SILENCE_HELP = "Nobody is told of any incident of the brand until it ends; the screen goes on showing all of it."
END_SILENCE = "End the silence"
END_QUIET_HELP = "What is still owed is told within seconds."
HOW_LONG_LABEL = "For how long"
LEDGER_HELP = "Real: somebody decided anything but false alarm. In brackets Wilson's interval, at 80 %."
NOT_SAVED = "This could not be saved, nothing was recorded. Try again in a moment."


def number(value: float) -> str:
    """Return a count as people read it.

    >>> number(0.42), number(12.3), number(1900), number(75_400_000)
    ('0.4', '12', '1,900', '75.4 M')
    """
    if value >= 999_950:  # noqa: PLR2004 - from here thousands are hard to read
        return f"{value / 1_000_000:.1f} M"
    return f"{value:.1f}" if 0 < value < 10 and value != int(value) else f"{value:,.0f}"  # noqa: PLR2004 - below ten a decimal says more


def short(value: float) -> str:
    """Return a count for a narrow place.

    >>> short(87), short(1900), short(5000), short(99_999)
    ('87', '1.9k', '5k', '100k')
    """
    if value < 1000:  # noqa: PLR2004 - thousands
        return f"{value:,.0f}"
    thousands = value / 1000
    return f"{thousands:,.0f}k" if thousands >= 10 else f"{thousands:.1f}k".replace(".0k", "k")  # noqa: PLR2004 - below ten a decimal says more


def percent(share: float) -> str:
    """Return a share of 0..1 in percent.

    >>> percent(0.784)
    '78 %'
    """
    return f"{share * 100:.0f} %"


def certainty(confidence: Confidence, lang: str) -> str:
    """Return the mark beside a score that cannot be relied on, with the language of its text; empty beside others.

    Args: lang: cleaned tag of a language, empty where nobody knows it.
    >>> certainty(Confidence.LOW, "hu"), certainty(Confidence.NONE, ""), certainty(Confidence.NORMAL, "fi")
    ('guess, Hungarian', 'not read', '')
    """
    mark = CERTAINTY_WORDS[confidence]
    return f"{mark}, {LANGUAGE_WORDS.get(lang, lang)}" if mark and lang else mark


def unsure_line(share: float, texts: str) -> str:
    """Return the warning beside figures of which a large part is a guess.

    >>> unsure_line(0.34, "these texts")
    '34 % of these texts are in a language read with low confidence, or hold no words: take the shares as a guess.'
    """
    return (
        f"{percent(share)} of {texts} are in a language read with low confidence, or hold no words: "
        "take the shares as a guess."
    )


def duration(length: timedelta) -> str:
    """Return a length in the one or two units that matter.

    >>> duration(timedelta(seconds=4)), duration(timedelta(minutes=38)), duration(timedelta(hours=26))
    ('4 s', '38 min', '1 d 2 h')
    """
    seconds = max(0, int(length.total_seconds()))
    if seconds < 60:  # noqa: PLR2004 - seconds in a minute
        return f"{seconds} s"
    minutes = seconds // 60
    if minutes < 60:  # noqa: PLR2004 - minutes in an hour
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:  # noqa: PLR2004 - hours in a day
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"


def clock_time(instant: datetime, zone: ZoneInfo, *, now: datetime | None = None) -> str:
    """Return the local time of an instant, with its day where that is not the day of `now`.

    >>> clock_time(datetime(2026, 1, 1, 12, 0, tzinfo=UTC), ZoneInfo("Europe/Helsinki"))
    '14:00'
    """
    local = instant.astimezone(zone)
    if now is None or local.date() == now.astimezone(zone).date():
        return f"{local:%H:%M}"
    return f"{local:%d %b %H:%M}"


def in_utc(instant: datetime) -> str:
    """Return an instant in UTC, for tooltips."""
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
