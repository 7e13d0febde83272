"""The clock of an incident and the measured effect in calm sentences; what is not known is named.

Last step of the look back at an incident; for the command line, the report and the incident's page. Quotes nobody,
claims no cause, praises and blames no decision.
"""

import math
from collections.abc import Iterator

from analysis.complaint_sentences import duration, share_text
from stormcone.models.effects import ClockTime, Echo, Hand, IncidentEffect, Pace, Sayable, Slope, Tone, Turn

_NAMES = {
    Hand.POSTED: "own post",
    Hand.DETECTED: "detected",
    Hand.NOTICED: "first notice arrived",
    Hand.ACKNOWLEDGED: "acknowledged",
    Hand.DECIDED: "decided",
    Hand.ANSWERED: "first public answer",
    Hand.ANSWERED_BELOW: "first answer in the thread",
}
_WHY_NOT = {
    Sayable.TOO_EARLY: "too early to say: less than half an hour has passed",
    Sayable.TOO_FEW: "too few to say",
    Sayable.NO_BEFORE: "there is too little before it to compare with",
    Sayable.GAP: "part of that time was not collected, so this is unknown",
}


def clock_line(time: ClockTime) -> str:
    """Return one hand of the clock, without its instant and without a name of anybody.

    >>> from stormcone.models.effects import Passed
    >>> clock_line(ClockTime(hand=Hand.DECIDED, at=None, standing=Passed.NOT_YET, minutes=None))
    'decided: not yet'
    """
    name = _NAMES[time.hand]
    if time.at is None or time.minutes is None:
        return f"{name}: {time.standing.value}"
    return f"{name}: {'after ' + duration(time.minutes) if time.minutes else 'start of the clock'}"


def effect_sentences(effect: IncidentEffect) -> tuple[str, ...]:
    """Return what changed after the answer, each decision and a deletion."""
    return tuple(_sentences(effect))


def _sentences(effect: IncidentEffect) -> Iterator[str]:
    what = "hostile mentions of the brand" if effect.is_brand_wide else "hostile replies"
    if effect.answer is None:
        yield "No public answer of the brand is known, so there is no effect of one to measure."
    elif effect.is_answer_assumed:
        yield "The answer is the first own post since; whether it speaks of the matter, a person must judge."
    if effect.slope is not None:
        yield f"After the answer: {slope_sentence(effect.slope, what)}"
    if effect.tone is not None:
        yield tone_sentence(effect.tone)
    for each in effect.decisions:
        yield f"After the decision {each.record.decision.value}: {slope_sentence(each.slope, what)}"
    if effect.echo is not None:
        yield from echo_sentences(effect.echo, is_gone_seen=effect.is_gone_seen)
    if effect.slope is not None or effect.decisions:
        yield "This is what came after, not what caused it: most storms fade by themselves."


def slope_sentence(slope: Slope, what: str) -> str:
    """Return how a pace changed, in one or two sentences.

    >>> from datetime import UTC, datetime
    >>> early = Slope(at=datetime(2026, 1, 2, tzinfo=UTC), standing=Sayable.TOO_EARLY, window_minutes=12.0)
    >>> slope_sentence(early, "hostile replies")
    'too early to say: less than half an hour has passed.'
    """
    before, after = slope.before, slope.after
    if before is None or after is None:
        return f"{_WHY_NOT[slope.standing]}."
    window = duration(slope.window_minutes)
    counted = f"{before.count} {what} in the {window} before, {after.count} in the {window} after"
    if slope.standing is not Sayable.KNOWN:
        return f"{counted}: {_WHY_NOT[slope.standing]}."
    if slope.ratio is None:
        return f"{counted}{'; that is more than chance' if slope.turn is Turn.ROSE else ''}."
    change = f"{_percent(slope.ratio.value)} ({_percent(slope.ratio.low)} to {_percent(slope.ratio.high)})"
    verdict = {
        Turn.FELL: f"fewer than before, {change}",
        Turn.ROSE: f"more than before, {change}",
        Turn.UNSURE: f"no sure change, {change}",
    }[slope.turn]
    return f"{counted}: {verdict}. {_bend(slope, before, after)}".rstrip()


def tone_sentence(tone: Tone) -> str:
    """Return how the replies to the statement sound beside those before it."""
    if tone.below is None:
        return "Nobody is known to have replied to the statement."
    against = round(tone.below.value * tone.below.n)
    said = f"{against} of {tone.below.n} people who replied to the statement were against: {share_text(tone.below)}"
    if tone.standing is Sayable.TOO_FEW:
        return f"{said}; too few to compare."
    if tone.before is None or tone.standing is not Sayable.KNOWN:
        return f"{said}; too few spoke before it to compare."
    verdict = {
        Turn.FELL: "a smaller share than before it",
        Turn.ROSE: "a larger share than before it",
        Turn.UNSURE: "no sure difference to before it",
    }[tone.turn]
    return f"{said}; {verdict}, {share_text(tone.before)} of {tone.before.n}."


def echo_sentences(echo: Echo, *, is_gone_seen: bool) -> Iterator[str]:
    """Yield what people say of the deletion, and whether the post's own words go on being said."""
    if not is_gone_seen:
        yield "The post was decided to be deleted; whether it is gone was not seen."
    yield f"Since then: {slope_sentence(echo.told, 'mentions of deleting or of screenshots')}"
    if echo.quoted is None:
        yield "The post has too few words to be recognised where they are repeated."
    else:
        yield f"Since then: {slope_sentence(echo.quoted, 'mentions that repeat the words of the post')}"
    if echo.unread:
        yield f"{echo.unread} mentions since can no longer be read."


def _bend(slope: Slope, before: Pace, after: Pace) -> str:
    if slope.bend is None or before.growth is None or after.growth is None:
        return ""
    was, became = _hourly(before.growth), _hourly(after.growth)
    verdict = {
        Turn.FELL: "the trend turned down",
        Turn.ROSE: "the trend turned up",
        Turn.UNSURE: "whether the trend changed cannot be told",
    }[slope.bend_turn]
    return f"Their rate changed by {was} an hour before and {became} an hour after: {verdict}."


def _hourly(growth: float) -> str:
    return _percent(math.exp(min(growth, 50.0)))


def _percent(factor: float) -> str:
    """Return a factor as a change; a large one as itself.

    >>> _percent(0.4), _percent(1.25), _percent(12.3)
    ('-60 %', '+25 %', '12 times')
    """
    return f"{factor:.0f} times" if factor >= 10 else f"{(factor - 1) * 100:+.0f} %"  # noqa: PLR2004 - +900 % is hard to read
