"""Severity: steps by size, one more for reach and for harm, never more than five, each with its reason."""

import pytest

from analysis.severity import Severity, assess


def severity(
    projected: float = 0.0, *, reach: int | None = None, harm: float = 0.0, is_benign: bool = False
) -> Severity:
    return assess(projected_against=projected, top_reach=reach, harm_share=harm, is_benign=is_benign)


@pytest.mark.parametrize(
    ("projected", "value"), [(0, 1), (29, 1), (30, 2), (149, 2), (150, 3), (600, 4), (2500, 5), (1e9, 5)]
)
def test_size_sets_the_step(projected: float, value: int) -> None:
    assert severity(projected).value == value


@pytest.mark.parametrize(("reach", "value"), [(None, 2), (99_999, 2), (100_000, 3)])
def test_large_account_adds_one(reach: int | None, value: int) -> None:
    assert severity(50, reach=reach).value == value


def test_harm_adds_one() -> None:
    assert severity(50, harm=0.19).value == 2
    assert severity(50, harm=0.2).value == 3


def test_five_is_the_most() -> None:
    assert severity(5000, reach=9_000_000, harm=0.9).value == 5


def test_praise_and_campaigns_are_never_worse_than_one() -> None:
    assert severity(5000, reach=9_000_000, harm=0.9, is_benign=True) == Severity(value=1, reasons=())


def test_every_step_above_one_by_reach_and_harm_has_a_reason_with_its_number() -> None:
    reasons = severity(200, reach=250_000, harm=0.25).reasons
    assert len(reasons) == 3
    assert "200" in reasons[0]
    assert "250,000" in reasons[1]
    assert "25%" in reasons[2]


def test_severity_one_needs_no_reason() -> None:
    assert severity(10).reasons == ()
