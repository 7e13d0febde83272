"""How bad it can get, 1 to 5 ("five-alarm"), apart from how surprising it is.

Used by the verdict. Starts at 1; every step up or down is a reason with a stable name, its value and a sentence. What
the storm is makes it worse (size, reach, harm, whom it drew in); the brand's profile moves that. Never raises a page by
itself: level does that. Pure.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from analysis.crossing import Crossing, Crowd
from stormcone.config import BrandProfile, SeveritySettings

_LEAST, _MOST = 1, 5
_SHOWN_CHARACTERS = 40  # of a platform's name
_TOPICS_SHOWN = 3


class SeverityFactor(StrEnum):
    """What moves the severity; the values are the names of readings, in journals and on screens, and stay."""

    PROJECTED_VOLUME = "severity:projected_volume"
    REACH = "severity:reach"
    HARM = "severity:harm"
    SECOND_PLATFORM = "severity:second_platform"
    PRESS = "severity:press"
    COMPETITOR = "severity:competitor"
    EXECUTIVE = "severity:executive"
    SENSITIVE_TOPIC = "severity:sensitive_topic"
    AUDIENCE = "severity:audience"
    TOLERANCE = "severity:tolerance"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityReason:
    """What moved the severity, by how many steps (below 0: milder), its value, what is usual, and a sentence."""

    factor: SeverityFactor
    adds: int
    value: float
    text: str
    expected: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Severity:
    """1 to 5, which is 1 and what the reasons add, within these bounds."""

    value: int
    reasons: tuple[SeverityReason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityFacts:
    """What is known of a storm's size and company.

    projected_against: voices against expected within six hours, >= 0. top_reach: followers of the largest account
    against, None where unknown. harm_share: share of voices that speak of victims, threats or outrage, 0..1.
    is_benign: praise, a planned campaign or one text repeated, which is never worse than 1.
    """

    projected_against: float
    top_reach: int | None = None
    harm_share: float = 0.0
    crossing: Crossing = field(default_factory=Crossing)
    is_benign: bool = False


def assess(facts: SeverityFacts, *, profile: BrandProfile, settings: SeveritySettings) -> Severity:
    """Return the severity with a reason for each step.

    Source: Stormcone's own steps, tried on the drills; which facts count follows what crisis teams name: author
        influence, spread, mainstream pickup, harm, history of tolerance.
    >>> storm = SeverityFacts(projected_against=400, top_reach=2_000_000)
    >>> severity = assess(storm, profile=BrandProfile(tolerance="low"), settings=SeveritySettings())
    >>> severity.value, [(reason.factor.value, reason.adds) for reason in severity.reasons]
    (5, [('severity:projected_volume', 2), ('severity:reach', 1), ('severity:tolerance', 1)])
    """
    if facts.is_benign:
        return Severity(value=_LEAST, reasons=())
    found = [
        _projected_volume(facts, settings),
        _reach(facts, settings),
        _harm(facts, settings),
        _second_platform(facts.crossing, settings),
        _press(facts.crossing, settings),
        _competitor(facts.crossing),
        _executive(facts.crossing, settings),
        _sensitive_topic(facts.crossing, settings),
        _audience(facts, profile, settings),
    ]
    reasons = [reason for reason in found if reason is not None]
    added = sum(reason.adds for reason in reasons)
    tolerance = _tolerance(profile) if added > 0 else None
    if tolerance is not None:
        reasons.append(tolerance)
        added += tolerance.adds
    return Severity(value=min(max(_LEAST, _LEAST + added), _MOST), reasons=tuple(reasons))


def _projected_volume(facts: SeverityFacts, settings: SeveritySettings) -> SeverityReason | None:
    steps = _size_steps(facts, settings)
    if not steps:
        return None
    text = f"about {facts.projected_against:,.0f} voices against expected within 6 h"
    return SeverityReason(factor=SeverityFactor.PROJECTED_VOLUME, adds=steps, value=facts.projected_against, text=text)


def _reach(facts: SeverityFacts, settings: SeveritySettings) -> SeverityReason | None:
    if not _is_large(facts, settings):
        return None
    reach = facts.top_reach or 0
    text = f"an account with {reach:,} followers joined in"
    return SeverityReason(factor=SeverityFactor.REACH, adds=1, value=float(reach), text=text)


def _harm(facts: SeverityFacts, settings: SeveritySettings) -> SeverityReason | None:
    if facts.harm_share < settings.harm_share:
        return None
    text = f"{facts.harm_share:.0%} speak of harm or outrage"
    return SeverityReason(factor=SeverityFactor.HARM, adds=1, value=facts.harm_share, text=text)


def _second_platform(crossing: Crossing, settings: SeveritySettings) -> SeverityReason | None:
    """A crowd on another platform than the post's; around the whole stream, on a second one beside the largest."""
    crowds = [crowd for crowd in crossing.crowds if _is_unusual(crowd, settings, least=settings.crossing_people)]
    home = crossing.home or (crowds[0].platform if crowds else "")
    others = [crowd for crowd in crowds if crowd.platform != home]
    if not others:
        return None
    where = ", ".join(f"{_shown(each.platform)} ({each.people} people against)" for each in others)
    text = f"it spread from {_shown(home)} to {where} within {_length(crossing)}{_usually(others[0].usual)}"
    return SeverityReason(
        factor=SeverityFactor.SECOND_PLATFORM,
        adds=1,
        value=float(others[0].people),
        expected=others[0].usual,
        text=text,
    )


def _press(crossing: Crossing, settings: SeveritySettings) -> SeverityReason | None:
    press = crossing.press
    if press is None or not _is_unusual(press, settings, least=1):
        return None
    outlets = "1 outlet of the press" if press.people == 1 else f"{press.people} outlets of the press"
    text = f"{outlets} wrote about it within {_length(crossing)}{_usually(press.usual)}"
    return SeverityReason(
        factor=SeverityFactor.PRESS, adds=1, value=float(press.people), expected=press.usual, text=text
    )


def _competitor(crossing: Crossing) -> SeverityReason | None:
    if not crossing.competitors:
        return None
    text = f"a competitor joined in: {', '.join(crossing.competitors)}"
    return SeverityReason(factor=SeverityFactor.COMPETITOR, adds=1, value=float(len(crossing.competitors)), text=text)


def _executive(crossing: Crossing, settings: SeveritySettings) -> SeverityReason | None:
    """An executive's own post, or enough of those against who speak of an executive's account."""
    is_many = _is_part(crossing.executive_people, crossing, settings, share=settings.executive_share)
    if not (crossing.is_executive_post or is_many):
        return None
    about = "the post is by" if crossing.is_executive_post else "they speak of"
    text = f"{about} an executive: {', '.join(crossing.executives)} ({crossing.executive_people} people against)"
    return SeverityReason(factor=SeverityFactor.EXECUTIVE, adds=1, value=float(crossing.executive_people), text=text)


def _sensitive_topic(crossing: Crossing, settings: SeveritySettings) -> SeverityReason | None:
    if not _is_part(crossing.topic_people, crossing, settings, share=settings.topic_share):
        return None
    mentions = sorted(crossing.topics.items(), key=lambda pair: (-pair[1], pair[0]))
    heard = ", ".join(f'"{topic}" in {count}' for topic, count in mentions[:_TOPICS_SHOWN])
    text = f"sensitive for the brand: {heard} hostile mentions, by {crossing.topic_people} people"
    return SeverityReason(factor=SeverityFactor.SENSITIVE_TOPIC, adds=1, value=float(crossing.topic_people), text=text)


def _audience(facts: SeverityFacts, profile: BrandProfile, settings: SeveritySettings) -> SeverityReason | None:
    """What the same size means for those who usually hear the brand.

    Sizes grow with the square root of the audience: of many followers, a smaller part speaks up (own definition).
    """
    if profile.audience is None:
        return None
    scale = (profile.audience / settings.usual_audience) ** 0.5
    there = _size_steps(facts, settings, scale) + _is_large(facts, settings, scale)
    adds = there - _size_steps(facts, settings) - _is_large(facts, settings)
    if not adds:
        return None
    text = f"for an audience of {profile.audience:,} this size makes the severity {_steps(adds)}"
    return SeverityReason(factor=SeverityFactor.AUDIENCE, adds=adds, value=float(profile.audience), text=text)


def _tolerance(profile: BrandProfile) -> SeverityReason | None:
    adds = {"low": 1, "normal": 0, "high": -1}[profile.tolerance]
    if not adds:
        return None
    text = f"tolerance {profile.tolerance}: severity comes one step {'earlier' if adds > 0 else 'later'}"
    return SeverityReason(factor=SeverityFactor.TOLERANCE, adds=adds, value=float(adds), text=text)


def _size_steps(facts: SeverityFacts, settings: SeveritySettings, scale: float = 1.0) -> int:
    return sum(facts.projected_against >= size * scale for size in settings.projected_against)


def _is_large(facts: SeverityFacts, settings: SeveritySettings, scale: float = 1.0) -> bool:
    return facts.top_reach is not None and facts.top_reach >= settings.large_account_followers * scale


def _is_unusual(crowd: Crowd, settings: SeveritySettings, *, least: int) -> bool:
    return crowd.people >= max(float(least), settings.crossing_times * (crowd.usual or 0.0))


def _is_part(people: int, crossing: Crossing, settings: SeveritySettings, *, share: float) -> bool:
    return people >= max(float(settings.crossing_people), share * crossing.people)


def _length(crossing: Crossing) -> str:
    return f"{crossing.minutes / 60:g} h" if crossing.minutes % 30 == 0 else f"{crossing.minutes} min"


def _usually(usual: float | None) -> str:
    if usual is None:
        return "; nobody knows yet what is usual there"
    shown = f"{usual:.1f}"
    return ", where none is usual" if shown == "0.0" else f", where {shown} are usual"


def _steps(adds: int) -> str:
    return f"{abs(adds)} step{'s' if abs(adds) > 1 else ''} {'higher' if adds > 0 else 'lower'}"


def _shown(platform: str) -> str:
    """Return a platform's name with nothing in it that a screen would obey."""
    return "".join(each for each in platform if each.isprintable())[:_SHOWN_CHARACTERS] or "unnamed"
