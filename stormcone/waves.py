"""What comes after a storm: a second wave, the relief of its end, or the last of it. Pure judgements.

Under the life cycle in `stormcone.incidents`, and asked by the desk before a surge becomes an incident of its own.
Never reads a clock, never changes an incident.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from stormcone.config import DetectorSettings
from stormcone.models import Incident, Kind, Level, State, Verdict

_ORDINALS = {1: "Second", 2: "Third"}
_LATER = (State.COOLING, State.RESOLVED)
_ANGRY = {Kind.BACKLASH, Kind.SERVICE, Kind.BRIGADE}
_RELIEF = 2.0  # times the storm's peak that its relief may be as loud; beyond it somebody must look


def ended_within(current: Incident, at: datetime, hours: float) -> bool:
    """Tell whether an incident was resolved so lately."""
    return at - (current.resolved_at or current.updated_at) <= timedelta(hours=hours)


def without_relief(current: Incident, verdict: Verdict, rules: DetectorSettings) -> Verdict:
    """Return the verdict with the level of a recovery wave taken back.

    When the trouble ends people come again, with thanks, questions and relief: as loud as the storm, with no larger
    share against the brand than usual. Up to twice the storm's own peak that is calm; beyond it somebody should look,
    and nobody is woken.
    """
    if current.state not in _LATER or verdict.is_angry or not _is_aftermath(current, verdict.at, rules):
        return verdict
    return replace(verdict, level=min(verdict.level, Level.CALM if _is_as_loud(current, verdict) else Level.WARN))


def is_relief(verdict: Verdict, incidents: Iterable[Incident], rules: DetectorSettings) -> bool:
    """Tell whether a surge of the stream that has no incident is the recovery wave of one of the brand's posts.

    Args: incidents: of the brand, live and resolved lately.
    """
    return not verdict.is_angry and any(
        each.state in _LATER
        and each.kind in _ANGRY
        and _is_aftermath(each, verdict.at, rules)
        and _is_as_loud(each, verdict)
        for each in incidents
    )


def is_last_of_it(ended: Incident, verdict: Verdict, rules: DetectorSettings) -> bool:
    """Tell whether what is heard after the end is no more than the storm's tail.

    A handful under a post that hundreds stormed is no new storm an hour later; a day later it is one. Half of what a
    tail may bring is forgotten every `wave_half_life_minutes`; fewer voices than a warn needs never are a wave.
    """
    if verdict.voices_now < rules.least_voices_to_warn:
        return True
    calm_for = verdict.at - (ended.calm_since or ended.resolved_at or ended.updated_at)
    faded: float = 0.5 ** (max(0.0, calm_for / timedelta(minutes=rules.wave_half_life_minutes)))
    return verdict.velocity_per_minute < rules.settling_share * faded * ended.peak_velocity_per_minute


def is_same_matter(ended: Incident, verdict: Verdict, rules: DetectorSettings) -> bool:
    """Tell whether a new storm belongs to the one that ended: on the same post always, in the stream by its anger.

    In the hours after the end a surge whose mood is not clear yet belongs to it as well; the day after it may turn into
    anything, and is told as what it is.
    """
    if ended.post is not None or (verdict.kind in _ANGRY and verdict.kind is ended.kind):
        return True
    is_clear = verdict.kind in _ANGRY and ended.kind in _ANGRY
    return not is_clear and ended_within(ended, verdict.at, rules.aftermath_hours)


def is_first_page(current: Incident, verdict: Verdict) -> bool:
    """Tell whether a warning reaches the highest level only while it cools: late, and no second wave."""
    return current.state is State.COOLING and verdict.level is Level.PAGE and current.level < Level.PAGE


def in_waves(reopened_count: int, headline: str) -> str:
    """Return the headline of an incident that has come back, with the number of its wave.

    >>> in_waves(1, "Acme: backlash, 40 voices in 30 min")
    'Second wave: Acme: backlash, 40 voices in 30 min'
    >>> in_waves(3, "Acme: backlash"), in_waves(0, "Acme: backlash")
    ('Wave 4: Acme: backlash', 'Acme: backlash')
    """
    if reopened_count == 0:
        return headline
    ordinal = _ORDINALS.get(reopened_count)
    return f"{ordinal} wave: {headline}" if ordinal else f"Wave {reopened_count + 1}: {headline}"


def why_reopened(current: Incident, verdict: Verdict) -> str:
    """Return in words why an incident is reopened; the timeline shows it.

    Args: current: as it was before.
    """
    if is_first_page(current, verdict):
        return "it pages for the first time while it cools"
    if current.state is State.COOLING:
        return "it rose again while it cooled"
    if current.is_false_alarm:
        return "far louder than what was called a false alarm"
    minutes = max(0, int((verdict.at - (current.resolved_at or current.updated_at)) / timedelta(minutes=1)))
    hours, rest = divmod(minutes, 60)
    return f"a new storm {f'{hours} h {rest} min' if hours else f'{rest} min'} after the end"


def _is_as_loud(storm: Incident, verdict: Verdict) -> bool:
    return verdict.velocity_per_minute <= _RELIEF * storm.peak_velocity_per_minute


def _is_aftermath(current: Incident, at: datetime, rules: DetectorSettings) -> bool:
    return current.state is State.COOLING or ended_within(current, at, rules.aftermath_hours)
