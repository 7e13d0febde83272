"""One sentence: who, what, how far above normal; in the brand's own time."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from analysis.headlines import headline
from stormcone.models import Kind

GIVEN: dict[str, Any] = {
    "brand": "Acme",
    "kind": Kind.BACKLASH,
    "voices": 40.0,
    "against": 30.0,
    "usual_voices": 4.25,
    "window_minutes": 30,
    "posted_at": None,
    "zone": ZoneInfo("UTC"),
}


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_words_and_names_the_brand(kind: Kind) -> None:
    assert headline(**GIVEN | {"kind": kind}).startswith("Acme: ")
    assert len({headline(**GIVEN | {"kind": each}) for each in Kind}) == len(Kind)


def test_both_numbers_stand_in_it() -> None:
    said = headline(**GIVEN)
    assert "40 voices in 30 min" in said
    assert "where 4.2 are usual" in said
    assert "30 of them against" in said


def test_unknown_normal_is_left_out_not_zero() -> None:
    assert "usual" not in headline(**GIVEN | {"usual_voices": None})


def test_post_is_named_in_the_time_of_the_brand() -> None:
    posted_at = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    said = headline(**GIVEN | {"posted_at": posted_at, "zone": ZoneInfo("Europe/Helsinki")})
    assert "on its post of 02 Jul 01:30" in said


def test_never_more_against_than_voices() -> None:
    assert "10 of them against" in headline(**GIVEN | {"voices": 10.0, "against": 10.6})
