"""Turns evidence and measurements into a verdict: level, kind, severity, reasons, forecast, advice.

Last step of the analysis. The level comes from how rare the evidence is, measured against the brand's budget of false
pages; the kind can only lower it. Pure; knows no history of incidents.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from analysis.advising import Advisor
from analysis.budget import budget_sentence
from analysis.crossing import Crossing
from analysis.cues import CueGroup
from analysis.forecast import forecast
from analysis.headlines import headline
from analysis.hostility import HostilityReader
from analysis.kinds import Composition, classify, level_of_wave
from analysis.measured_facts import calm_facts, measured_facts
from analysis.severity import Severity, SeverityFacts, SeverityReason, assess
from stormcone.config import BrandSettings, DetectorSettings, KindSettings, SeveritySettings
from stormcone.models import Axis, BudgetStanding, Facts, Kind, Level, Reading, StepReading, Trust, Verdict
from stormcone.models.signal_views import SignalView
from stormcone.ports import Signal

_HIGHEST = {
    Kind.PRAISE: Level.WATCH,
    Kind.CAMPAIGN: Level.WATCH,
    Kind.NEWS: Level.WATCH,
    Kind.BRIGADE: Level.WARN,
    Kind.UNCLEAR: Level.WARN,
}

_EVENLY = 0.8  # of the people a page needs, counted as if each spoke as often: one may speak twice, three may not shout


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """How surprising it is, in the two currencies the verdict knows.

    monthly_rate: episodes a month at least this surprising that calm times would bring; None where nothing can be
    called rare. is_composition_abnormal: the composition alone speaks for a pile-on. arranged_accounts: of a wave in
    nearly the same words, 0 where no more than usual are.
    """

    monthly_rate: float | None
    is_composition_abnormal: bool
    share_surprise: float
    arranged_accounts: int = 0


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
    crossing: Crossing = field(default_factory=Crossing)
    budget: BudgetStanding | None = None  # None: nobody has judged a page, the promise itself counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What decides of a verdict. rarity: the level before the kind lowers it. is_wave: a wave alone speaks."""

    level: Level
    kind: Kind
    rarity: Level
    is_wave: bool = False


class Judge:
    """Makes verdicts; built once with the signals and the settings."""

    def __init__(
        self,
        settings: DetectorSettings,
        signals: Sequence[Signal],
        hostility: HostilityReader,
        severity: SeveritySettings | None = None,
        kinds: KindSettings | None = None,
        advisor: Advisor | None = None,
    ) -> None:
        self.severity = severity or SeveritySettings()
        self.advisor = advisor or Advisor()
        self.kinds = kinds or KindSettings()
        self._settings = settings
        self._signals = tuple(signals)
        self._hostility = hostility

    def judge(self, case: Case) -> Verdict:
        """Return the verdict of one case."""
        view = case.view
        groups = self._groups(view.cues)
        ruling = self.rule(case)
        kind = ruling.kind
        velocity = view.mentions / view.window_minutes
        outlook = forecast(
            rate_per_minute=velocity,
            usual_per_minute=case.usual_mentions_per_minute,
            lately_per_minute=view.lately_per_minute,
        )
        share = min(1.0, view.against / view.voices) if view.voices else 0.0
        projected = outlook.bands[-1].mid * share * min(1.0, view.voices / max(view.mentions, 1.0))
        severity = self._severity(case, kind, groups, projected)
        facts = self._facts(case, ruling, severity)
        return Verdict(
            brand=case.brand.name,
            at=case.at,
            level=ruling.level,
            kind=kind,
            severity=severity.value,
            headline=self._headline(case, kind),
            reasons=(
                *self._readings(view),
                *map(_severity_reading, severity.reasons),
                *(_budget_readings(case.budget) if ruling.rarity >= Level.WATCH else ()),
            ),
            trust=case.trust,
            forecast=outlook,
            advice=self.advisor.advise(facts),
            facts=facts,
            post=case.post,
            voices_now=view.voices,
            voices_usual=view.usual_voices or 0.0,
            against_now=view.against,
            velocity_per_minute=velocity,
            step=case.step,
            is_settling=case.is_settling,
            is_rare=ruling.rarity >= Level.WARN,
            is_angry=is_angrier_than_usual(view, self._settings.abnormal_share_surprise),
            is_wave=ruling.is_wave,
        )

    def rule(self, case: Case) -> Ruling:
        """Return level and kind of a case: the whole decision, without its words; asked for what might be, too."""
        kind = classify(self._composition(case, self._groups(case.view.cues)), self.kinds)
        rarity = self._level(case)
        level = min(rarity, _HIGHEST.get(kind, Level.PAGE))
        # One vote a text leaves little of an arranged wave; it is told by its accounts where nothing louder is.
        wave = level_of_wave(case.evidence.arranged_accounts, self.kinds)
        if wave > level:
            return Ruling(level=wave, kind=Kind.BRIGADE, rarity=max(rarity, Level.WARN), is_wave=True)
        return Ruling(level=level, kind=kind, rarity=rarity)

    def seen_anew(self, case: Case, view: SignalView) -> Case:
        """Return the case as it would be with another view: the stream's composition is measured anew.

        Of a thread the composition is part of its evidence, which a later view does not take back.
        """
        if case.post is not None:
            return replace(case, view=view)
        change = share_surprise(view, case.view) - share_surprise(case.view, case.view)
        surprise = case.evidence.share_surprise + change
        is_abnormal = surprise >= self._settings.abnormal_share_surprise
        evidence = replace(case.evidence, share_surprise=surprise, is_composition_abnormal=is_abnormal)
        return replace(case, view=view, evidence=evidence)

    def group_of(self, cue: str) -> CueGroup | None:
        """Return the group a cue belongs to, None where no table names it."""
        return self._hostility.group_of(cue)

    def _level(self, case: Case) -> Level:
        """Compare the rate of such episodes with the budget; few people, or usual company, never page."""
        rate, view, settings = case.evidence.monthly_rate, case.view, self._settings
        is_over = case.post is not None and is_quiet(view.against, settings)
        if rate is None or view.voices < settings.least_voices or is_over:
            return Level.CALM
        promised = case.brand.false_pages_per_month
        budget = promised * (case.budget.factor if case.budget else 1.0)
        is_crowd = view.hostile_authors >= settings.least_hostile_authors and (
            view.hostile_crowd is None or view.hostile_crowd >= _EVENLY * settings.least_hostile_authors
        )
        # The other half of the budget belongs to the other detector; few of the surges this rare are angry as well.
        if rate <= budget / 2 * settings.page_factor and case.evidence.is_composition_abnormal and is_crowd:
            return Level.PAGE
        if rate <= budget * settings.warn_factor and view.voices >= settings.least_voices_to_warn:
            return Level.WARN
        # What people called false asks for rarer pages and warns; a watch wakes nobody and shows what is not told.
        return Level.WATCH if rate <= promised * settings.watch_factor else Level.CALM

    def _severity(self, case: Case, kind: Kind, groups: Mapping[CueGroup, int], projected_against: float) -> Severity:
        view = case.view
        harm = groups.get(CueGroup.OUTRAGE, 0) + groups.get(CueGroup.THREAT, 0)
        facts = SeverityFacts(
            projected_against=projected_against,
            top_reach=view.top_reach,
            harm_share=harm / view.voices if view.voices else 0.0,
            crossing=case.crossing,
            is_benign=kind in {Kind.PRAISE, Kind.CAMPAIGN, Kind.NEWS},
        )
        return assess(facts, profile=case.brand.profile, settings=self.severity)

    def _facts(self, case: Case, ruling: Ruling, severity: Severity) -> Facts:
        if ruling.level is Level.CALM and ruling.rarity is Level.CALM:
            return calm_facts(ruling.kind, severity.value)
        return measured_facts(
            case.view,
            brand=case.brand,
            kind=ruling.kind,
            severity=severity,
            crossing=case.crossing,
            is_own_post=case.post is not None,
            is_falling=case.is_settling,
        )

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
            usual_hostile=None if view.usual_voices is None else view.usual_voices * view.usual_against_share,
            company=view.company,
        )

    def _groups(self, cues: Mapping[str, int]) -> Counter[CueGroup]:
        groups: Counter[CueGroup] = Counter()
        for name, count in cues.items():
            group = self.group_of(name)
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


def is_quiet(against: float, settings: DetectorSettings) -> bool:
    """Tell whether a thread is calm again, whatever it has been: hardly a voice against in its window."""
    return against < settings.quiet_against


def share_surprise(view: SignalView, measured: SignalView) -> float:
    """Return the surprise of a stream's share against, by the spread of one voice in the `measured` view.

    The same as `ShareBaseline.surprise`, from what a view tells of it.
    """
    if view.voices <= 0:
        return 0.0
    spread_of_a_voice = measured.spread_against_share * math.sqrt(max(measured.voices, 1.0))
    unusual = view.against - view.voices * view.usual_against_share
    return unusual / max(spread_of_a_voice * math.sqrt(view.voices), 1e-9)


def _severity_reading(reason: SeverityReason) -> Reading:
    return Reading(
        signal=reason.factor.value, axis=Axis.HARM, value=reason.value, expected=reason.expected, text=reason.text
    )


def _budget_readings(budget: BudgetStanding | None) -> tuple[Reading, ...]:
    said = budget_sentence(budget) if budget else None
    if budget is None or said is None:
        return ()
    return (Reading(signal="budget", axis=Axis.CONTEXT, value=budget.factor, expected=1.0, text=said),)


def is_angrier_than_usual(view: SignalView, least_surprise: float) -> bool:
    """Return whether the share against the brand lies so many standard deviations above the usual one."""
    return view.against >= (view.usual_against_share + least_surprise * view.spread_against_share) * view.voices


def surge_level(monthly_rate: float | None, promised: float, settings: DetectorSettings) -> Level:
    """Return how loud a surge of bare counts may be: no company is known, so it never pages.

    Args: monthly_rate: episodes a month at least as stormy, None where nothing can be called rare. promised: false
        pages a month.
    >>> surge_level(3.0, 1.0, DetectorSettings()).word
    'warn'
    """
    if monthly_rate is None or monthly_rate > promised * settings.watch_factor:
        return Level.CALM
    return Level.WARN if monthly_rate <= promised * settings.warn_factor else Level.WATCH


def rate_of_evidence(log_evidence: float, posts_per_month: float) -> float:
    """Return how many posts a month would reach this evidence by chance: at most posts / e^evidence.

    Source: Ville's inequality for e-processes; measured rather than promised, because replies are not independent.
    >>> round(rate_of_evidence(math.log(60), posts_per_month=30), 2)
    0.5
    """
    return posts_per_month * math.exp(-log_evidence)
