"""The verdict: rarity against the budget makes the level, kind and people can only lower it."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from analysis.crossing import Crossing
from analysis.cues import CueTable
from analysis.verdicts import Case, Evidence, Judge, rate_of_evidence
from stormcone.config import BrandSettings, DetectorSettings
from stormcone.models import Kind, Level, Trust, Verdict
from stormcone.models.signal_views import SignalView
from stormcone.plugins import discover
from stormcone.ports import Signal
from tests.analysis.signals.views import VIEW
from tests.fakes import AT, POST

SIGNALS = [signal() for signal in discover("analysis.signals", Signal, key="name").values()]  # type: ignore[type-abstract]  # a role to look for
JUDGE = Judge(DetectorSettings(), SIGNALS, CueTable.load("en"))
ACME = BrandSettings(name="acme")
ANGRY = replace(VIEW, copies=0.0, cues={})
FEW = replace(ANGRY, hostile_authors=4)  # as many as a page needs


def judge(
    view: SignalView = ANGRY,
    *,
    monthly_rate: float | None = 0.1,
    is_abnormal: bool = True,
    share_surprise: float = 4.0,
    brand: BrandSettings = ACME,
    **changes: Any,
) -> Verdict:
    case = Case(
        at=AT,
        brand=brand,
        view=view,
        evidence=Evidence(
            monthly_rate=monthly_rate, is_composition_abnormal=is_abnormal, share_surprise=share_surprise
        ),
        trust=Trust.SETTLED,
        post=POST,
        posted_at=AT,
        usual_mentions_per_minute=0.1,
        is_settling=False,
    )
    return JUDGE.judge(replace(case, **changes))


@pytest.mark.parametrize(
    ("rate", "level"),
    [
        (1.5, Level.PAGE),
        (1.51, Level.WARN),
        (15, Level.WARN),
        (15.1, Level.WATCH),
        (60, Level.WATCH),
        (60.1, Level.CALM),
        (None, Level.CALM),
    ],
)
def test_level_follows_from_rarity_at_a_budget_of_one(rate: float | None, level: Level) -> None:
    assert judge(FEW, monthly_rate=rate).level is level


@pytest.mark.parametrize(("budget", "level"), [(0.02, Level.WATCH), (0.2, Level.WARN), (4.0, Level.PAGE)])
def test_budget_moves_the_level_of_the_same_evidence(budget: float, level: Level) -> None:
    brand = BrandSettings(name="acme", false_pages_per_month=budget)
    assert judge(FEW, monthly_rate=1.0, brand=brand).level is level


@pytest.mark.parametrize(
    ("what", "kind", "most"),
    [
        ({"is_abnormal": False, "share_surprise": -1.5}, Kind.PRAISE, Level.WATCH),
        ({"is_abnormal": False, "view": replace(VIEW, copies=50.0)}, Kind.NEWS, Level.WATCH),
        ({"view": replace(VIEW, copies=50.0)}, Kind.BRIGADE, Level.WARN),
        ({"is_abnormal": False, "share_surprise": 1.5}, Kind.UNCLEAR, Level.WARN),
        ({}, Kind.BACKLASH, Level.PAGE),
    ],
)
def test_kind_bounds_the_level_however_rare(what: Mapping[str, Any], kind: Kind, most: Level) -> None:
    verdict = judge(monthly_rate=1e-9, **what)
    assert (verdict.kind, verdict.level) == (kind, most)
    assert verdict.is_rare


def test_planned_event_makes_a_surge_without_anger_a_campaign() -> None:
    event = {"name": "sale", "first_day": AT.date(), "last_day": AT.date()}
    brand = BrandSettings.model_validate({"name": "acme", "planned_events": [event]})
    verdict = judge(monthly_rate=1e-9, is_abnormal=False, share_surprise=0.0, brand=brand)
    assert (verdict.kind, verdict.level, verdict.severity) == (Kind.CAMPAIGN, Level.WATCH, 1)
    assert judge(monthly_rate=1e-9, brand=brand).level is Level.PAGE  # an angry launch is no campaign


def test_fewer_than_four_hostile_people_never_page() -> None:
    assert judge(replace(ANGRY, hostile_authors=3), monthly_rate=1e-12).level is Level.WARN
    assert judge(replace(ANGRY, hostile_authors=4), monthly_rate=1e-12).level is Level.PAGE


def test_three_who_shout_and_one_who_joins_never_page() -> None:
    shouted = replace(VIEW, hostile_authors=4, hostile_crowd=3.1)
    assert judge(monthly_rate=1e-9, view=shouted).level is Level.WARN
    assert judge(monthly_rate=1e-9, view=replace(shouted, hostile_crowd=3.6)).level is Level.PAGE


def test_few_voices_are_nobodys_storm() -> None:
    assert judge(replace(ANGRY, voices=3.0, against=3.0), monthly_rate=1e-12).level is Level.CALM
    few = replace(ANGRY, voices=7.0, against=6.0, hostile_authors=3)
    assert judge(few, monthly_rate=1e-12).level is Level.WATCH


def test_verdict_carries_figures_reasons_forecast_and_advice() -> None:
    verdict = judge(VIEW, trust=Trust.GAP)
    assert (verdict.voices_now, verdict.voices_usual, verdict.against_now) == (40, 4.0, 30)
    assert verdict.velocity_per_minute == 2.0
    assert verdict.trust is Trust.GAP
    assert verdict.post == POST
    assert "40 voices" in verdict.headline
    assert [reading.signal for reading in verdict.reasons][:2] == ["velocity", "against_share"]
    assert len(verdict.forecast.bands) == 3
    assert verdict.advice.because


def test_steps_of_severity_are_reasons_too() -> None:
    verdict = judge(VIEW)
    told = {reading.signal: reading for reading in verdict.reasons if reading.signal.startswith("severity:")}
    assert verdict.severity >= 3
    assert "120,000" in told["severity:reach"].text
    assert told["severity:reach"].value == 120_000


def test_who_is_drawn_in_and_the_brands_profile_move_the_severity() -> None:
    before = judge(VIEW)
    brand = BrandSettings.model_validate({"name": "acme", "profile": {"tolerance": "high"}})
    assert judge(VIEW, crossing=Crossing(competitors=("other",))).severity == before.severity + 1
    assert judge(VIEW, brand=brand).severity == before.severity - 1


def test_service_words_make_it_service() -> None:
    cues = CueTable.load("en").find("my payment failed and the app is down, still no refund").names
    assert judge(replace(ANGRY, cues=dict.fromkeys(cues, 4))).kind is Kind.SERVICE


def test_empty_window_is_judged_without_an_error() -> None:
    verdict = judge(replace(ANGRY, mentions=0.0, voices=0.0, against=0.0, cues={}), monthly_rate=1e-12)
    assert (verdict.level, verdict.severity) == (Level.CALM, 2)  # 2: the large account is still in the view


def test_evidence_becomes_a_rate_by_the_number_of_posts() -> None:
    assert rate_of_evidence(math.log(60), 30) == pytest.approx(0.5)
    assert rate_of_evidence(math.log(60), 300) == pytest.approx(5)
    assert rate_of_evidence(-math.inf, 30) == math.inf
