"""The kind of a surge: arranged before moved, moved before passed on; unclear where nothing speaks."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from analysis.cues import CueGroup
from analysis.kinds import Composition, classify
from stormcone.config import KindSettings
from stormcone.models import Kind
from stormcone.models.signal_views import Company, Coordination, Reported

SETTINGS = KindSettings()
SCRIPT = Coordination(low=0.6, high=0.9, accounts=30, texts=2)
PASSED_ON = Company(accounts=22, hostile_accounts=3, spread=60)
REPORTED = Company(accounts=40, reported=Reported(minutes_before=40, reports=2, outlets=("Millgate Post",)))
ENTRIES = Company(accounts=60, entry_hashtag="winacake", entry_share=0.8)
ARRANGED = Company(accounts=60, arranged_share=0.7)


def make_composition(
    *,
    copies: float = 2,
    share_surprise: float = 0.0,
    positive_share: float = 0.3,
    cue_groups: Mapping[CueGroup, int] | None = None,
    is_abnormal: bool = False,
    is_planned: bool = False,
    usual_hostile: float | None = 2.0,
    company: Company | None = None,
) -> Composition:
    return Composition(
        mentions=80,
        copies=copies,
        share_surprise=share_surprise,
        against_share=0.3,
        positive_share=positive_share,
        usual_positive_share=0.3,
        cue_groups=cue_groups or {},
        is_abnormal=is_abnormal,
        is_planned=is_planned,
        usual_hostile=usual_hostile,
        company=company or Company(),
    )


def hostile(accounts: int, **changes: Any) -> Company:
    return replace(Company(accounts=accounts, hostile_accounts=accounts), **changes)


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        (make_composition(copies=60, is_abnormal=True), Kind.BRIGADE),
        (make_composition(copies=60), Kind.NEWS),
        (make_composition(copies=60, is_planned=True), Kind.CAMPAIGN),
        (make_composition(is_abnormal=True), Kind.BACKLASH),
        (make_composition(is_abnormal=True, is_planned=True), Kind.BACKLASH),
        (make_composition(is_abnormal=True, cue_groups={CueGroup.SERVICE: 9, CueGroup.CONTEMPT: 3}), Kind.SERVICE),
        (make_composition(is_abnormal=True, cue_groups={CueGroup.SERVICE: 3, CueGroup.CONTEMPT: 3}), Kind.BACKLASH),
        (make_composition(is_planned=True, positive_share=0.6), Kind.CAMPAIGN),
        (make_composition(positive_share=0.45), Kind.PRAISE),
        (make_composition(share_surprise=-1.5), Kind.PRAISE),
        (make_composition(share_surprise=1.2, positive_share=0.45), Kind.UNCLEAR),
        (make_composition(), Kind.UNCLEAR),
        (make_composition(share_surprise=1.9), Kind.UNCLEAR),
        (make_composition(share_surprise=-1.5, positive_share=0.2), Kind.PRAISE),
    ],
)
def test_kind_follows_from_the_composition(what: Composition, kind: Kind) -> None:
    assert classify(what, SETTINGS) is kind


def test_few_copies_make_no_brigade() -> None:
    few = Composition(
        mentions=20,
        copies=14,
        share_surprise=4.0,
        against_share=0.7,
        positive_share=0.1,
        usual_positive_share=0.3,
        cue_groups={},
        is_abnormal=True,
        is_planned=False,
    )
    assert classify(few, SETTINGS) is Kind.BACKLASH


@pytest.mark.parametrize(
    ("company", "kind"),
    [
        (hostile(50, coordination=SCRIPT), Kind.BRIGADE),
        (hostile(50, coordination=replace(SCRIPT, low=0.4)), Kind.BRIGADE),
        (hostile(50, coordination=replace(SCRIPT, low=0.4, high=0.7)), Kind.BACKLASH),
        (hostile(50, coordination=replace(SCRIPT, low=0.2, high=1.0)), Kind.BACKLASH),
        (hostile(9, coordination=replace(SCRIPT, low=0.8, accounts=7)), Kind.BACKLASH),
        (PASSED_ON, Kind.NEWS),
        (replace(PASSED_ON, hostile_accounts=20), Kind.BACKLASH),
        (hostile(12, commenting_accounts=9), Kind.NEWS),
        (hostile(12, commenting_accounts=8), Kind.BACKLASH),
        (hostile(4, commenting_accounts=3), Kind.BACKLASH),
        (hostile(50, reported=REPORTED.reported), Kind.BACKLASH),
        (hostile(50, entry_hashtag="boycottacme", entry_share=0.9), Kind.BACKLASH),
    ],
)
def test_company_tells_anger_that_is_arranged_passed_on_or_trade_from_the_publics(company: Company, kind: Kind) -> None:
    assert classify(make_composition(is_abnormal=True, company=company), SETTINGS) is kind


def test_reposts_of_an_angry_post_are_no_brigade_however_many() -> None:
    storm = Company(accounts=30, hostile_accounts=20, spread=60)
    assert classify(make_composition(copies=60, is_abnormal=True, company=storm), SETTINGS) is Kind.BACKLASH
    assert classify(make_composition(copies=60, is_abnormal=True, company=PASSED_ON), SETTINGS) is Kind.NEWS


def test_public_that_is_loud_every_day_is_quiet_at_its_usual_number() -> None:
    company = hostile(30, commenting_accounts=16)
    assert classify(make_composition(is_abnormal=True, company=company, usual_hostile=15), SETTINGS) is Kind.NEWS
    assert classify(make_composition(is_abnormal=True, company=company, usual_hostile=13), SETTINGS) is Kind.BACKLASH
    assert classify(make_composition(is_abnormal=True, company=company, usual_hostile=None), SETTINGS) is Kind.BACKLASH


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        (make_composition(company=ENTRIES), Kind.CAMPAIGN),
        (make_composition(company=ENTRIES, share_surprise=1.5), Kind.UNCLEAR),
        (make_composition(company=replace(ENTRIES, entry_share=0.4)), Kind.UNCLEAR),
        (make_composition(company=replace(ENTRIES, accounts=10)), Kind.UNCLEAR),
        (make_composition(company=PASSED_ON), Kind.NEWS),
        (make_composition(company=REPORTED), Kind.NEWS),
        (make_composition(company=REPORTED, share_surprise=1.5), Kind.UNCLEAR),
        (
            make_composition(company=Company(accounts=40, reported=Reported(minutes_before=-5, reports=1, outlets=()))),
            Kind.UNCLEAR,
        ),
        (make_composition(company=ARRANGED), Kind.BRIGADE),
        (make_composition(company=ARRANGED, positive_share=0.5), Kind.CAMPAIGN),
        (make_composition(company=ARRANGED, is_planned=True), Kind.CAMPAIGN),
    ],
)
def test_company_names_a_surge_that_is_not_angry(what: Composition, kind: Kind) -> None:
    assert classify(what, SETTINGS) is kind
