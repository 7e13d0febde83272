"""Turns evidence and measurements into a verdict: level, kind, severity, reasons, forecast, advice.

Last step of the analysis. The level comes from how rare the evidence is, measured against the brand's budget of false
pages; the kind can only lower it. Pure; knows no history of incidents.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from analysis.advice import MeasuredFacts, advise
from analysis.cues import CueGroup
from analysis.forecast import forecast
from analysis.headlines import headline
from analysis.hostility import HostilityReader
from analysis.kinds import Composition, classify
from analysis.severity import assess
from stormcone.config import BrandSettings, DetectorSettings
from stormcone.models import Axis, Kind, Level, Reading, StepReading, Trust, Verdict
from stormcone.ports import Signal, SignalView

_HIGHEST = {
    Kind.PRAISE: Level.WATCH,
    Kind.CAMPAIGN: Level.WATCH,
    Kind.NEWS: Level.WATCH,
    Kind.BRIGADE: Level.WARN,
    Kind.UNCLEAR: Level.WARN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """How surprising it is, in the two currencies the verdict knows.

    monthly_rate: episodes a month at least this surprising that calm times would bring; None where nothing can be
    called rare. is_composition_abnormal: the composition alone speaks for a pile-on.
    """

    monthly_rate: float | None
    is_composition_abnormal: bool
    share_surprise: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything about one window that a verdict is made of."""

    at: datetime
    brand: BrandSettings
    view: SignalView
    evidence: Evidence
    trust: Trust
    post: tuple[str, str] | None
    posted_at: datetime | None
    usual_mentions_per_minute: float
    is_settling: bool
    step: StepReading | None = None


class Judge:
    """Makes verdicts; built once with the signals and the settings."""

    def __init__(self, settings: DetectorSettings, signals: Sequence[Signal], hostility: HostilityReader) -> None:
        self._settings = settings
        self._signals = tuple(signals)
        self._hostility = hostility

    def judge(self, case: Case) -> Verdict:
        """Return the verdict of one case."""
        view = case.view
        groups = self._groups(view.cues)
        kind = classify(self._composition(case, groups))
        rarity = self._level(case)
        level = min(rarity, _HIGHEST.get(kind, Level.PAGE))
        velocity = view.mentions / view.window_minutes
        outlook = forecast(rate_per_minute=velocity, usual_per_minute=case.usual_mentions_per_minute)
        share = min(1.0, view.against / view.voices) if view.voices else 0.0
        harm = groups.get(CueGroup.OUTRAGE, 0) + groups.get(CueGroup.THREAT, 0)
        severity = assess(
            projected_against=outlook.bands[-1].mid * share * min(1.0, view.voices / max(view.mentions, 1.0)),
            top_reach=view.top_reach,
            harm_share=harm / view.voices if view.voices else 0.0,
            is_benign=kind in {Kind.PRAISE, Kind.CAMPAIGN, Kind.NEWS},
        )
        facts = MeasuredFacts(
            kind=kind,
            severity=severity.value,
            copies_share=view.copies / view.mentions if view.mentions else 0.0,
            is_rising=not case.is_settling,
        )
        return Verdict(
            brand=case.brand.name,
            at=case.at,
            level=level,
            kind=kind,
            severity=severity.value,
            headline=self._headline(case, kind),
            reasons=(*self._readings(view), *(_severity_reading(severity.value, text) for text in severity.reasons)),
            trust=case.trust,
            forecast=outlook,
            advice=advise(facts),
            post=case.post,
            voices_now=view.voices,
            voices_usual=view.usual_voices or 0.0,
            against_now=view.against,
            velocity_per_minute=velocity,
            step=case.step,
            is_settling=case.is_settling,
            is_rare=rarity >= Level.WARN,
        )

    def _level(self, case: Case) -> Level:
        """Compare the rate of such episodes with the budget; few people, or usual company, never page."""
        rate, view, settings = case.evidence.monthly_rate, case.view, self._settings
        if rate is None or view.voices < settings.least_voices:
            return Level.CALM
        budget = case.brand.false_pages_per_month
        is_crowd = view.hostile_authors >= settings.least_hostile_authors
        if rate <= budget / 2 and case.evidence.is_composition_abnormal and is_crowd:
            return Level.PAGE  # the other half of the budget belongs to the other detector
        if rate <= budget * settings.warn_factor and view.voices >= settings.least_voices_to_warn:
            return Level.WARN
        return Level.WATCH if rate <= budget * settings.watch_factor else Level.CALM

    def _composition(self, case: Case, groups: Mapping[CueGroup, int]) -> Composition:
        view = case.view
        voices = max(view.voices, 1e-9)
        today = case.at.astimezone(case.brand.zone).date()
        return Composition(
            mentions=view.mentions,
            copies=view.copies,
            share_surprise=case.evidence.share_surprise,
            against_share=view.against / voices,
            positive_share=view.positive / voices,
            usual_positive_share=view.usual_positive_share,
            cue_groups=groups,
            is_abnormal=case.evidence.is_composition_abnormal,
            is_planned=any(event.first_day <= today <= event.last_day for event in case.brand.planned_events),
        )

    def _groups(self, cues: Mapping[str, int]) -> Counter[CueGroup]:
        groups: Counter[CueGroup] = Counter()
        for name, count in cues.items():
            group = self._hostility.group_of(name)
            if group is not None:
                groups[group] += count
        return groups

    def _readings(self, view: SignalView) -> tuple[Reading, ...]:
        readings = [reading for signal in self._signals if (reading := signal.read(view)) is not None]
        order = {Axis.VOLUME: 0, Axis.COMPOSITION: 1, Axis.HARM: 2, Axis.CONTEXT: 3}
        return tuple(sorted(readings, key=lambda reading: (order[reading.axis], reading.signal)))

    def _headline(self, case: Case, kind: Kind) -> str:
        view = case.view
        return headline(
            brand=case.brand.name,
            kind=kind,
            voices=view.voices,
            against=view.against,
            usual_voices=view.usual_voices,
            window_minutes=view.window_minutes,
            posted_at=case.posted_at,
            zone=case.brand.zone,
        )


def _severity_reading(value: int, text: str) -> Reading:
    return Reading(signal="severity", axis=Axis.HARM, value=float(value), expected=None, text=text)


def rate_of_evidence(log_evidence: float, posts_per_month: float) -> float:
    """Return how many posts a month would reach this evidence by chance: at most posts / e^evidence.

    Source: Ville's inequality for e-processes; measured rather than promised, because replies are not independent.
    >>> round(rate_of_evidence(math.log(60), posts_per_month=30), 2)
    0.5
    """
    return posts_per_month * math.exp(-log_evidence)
