"""The kind of a surge: copies first, then anger, plans, gladness; unclear where nothing speaks."""

from collections.abc import Mapping

import pytest

from analysis.cues import CueGroup
from analysis.kinds import Composition, classify
from stormcone.models import Kind


def make_composition(
    *,
    copies: float = 2,
    share_surprise: float = 0.0,
    positive_share: float = 0.3,
    cue_groups: Mapping[CueGroup, int] | None = None,
    is_abnormal: bool = False,
    is_planned: bool = False,
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
    )


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        (make_composition(copies=60, is_abnormal=True), Kind.BRIGADE),
        (make_composition(copies=60), Kind.NEWS),
        (make_composition(copies=60, is_planned=True), Kind.NEWS),
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
    ],
)
def test_kind_follows_from_the_composition(what: Composition, kind: Kind) -> None:
    assert classify(what) is kind


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
    assert classify(few) is Kind.BACKLASH
