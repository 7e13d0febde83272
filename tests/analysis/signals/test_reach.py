"""The largest account against."""

from dataclasses import replace

import pytest

from analysis.signals.reach import Reach
from tests.analysis.signals.views import VIEW


def test_account_and_followers_are_named() -> None:
    reading = Reach().read(VIEW)
    assert reading is not None
    assert (reading.value, reading.text) == (120_000, "loud with 120,000 followers joined in")


def test_account_without_a_name_is_an_account() -> None:
    reading = Reach().read(replace(VIEW, top_reach_author=None))
    assert reading is not None
    assert reading.text.startswith("an account with")


@pytest.mark.parametrize("reach", [None, 9_999])
def test_unknown_and_everyday_reach_are_not_worth_a_word(reach: int | None) -> None:
    assert Reach().read(replace(VIEW, top_reach=reach)) is None
