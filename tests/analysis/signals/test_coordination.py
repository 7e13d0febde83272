"""A range of arranged voices, never one number."""

from dataclasses import replace

from analysis.signals.coordination import CoordinationRange
from stormcone.models.signal_views import Company, Coordination
from tests.analysis.signals.views import VIEW

FOUND = Coordination(
    low=0.5, high=0.75, accounts=20, texts=2, known_ages_share=0.9, reasons=("20 accounts posted 2 texts", "all new")
)


def test_both_ends_and_every_reason_are_told() -> None:
    company = Company(accounts=50, hostile_accounts=40, coordination=FOUND)
    reading = CoordinationRange().read(replace(VIEW, company=company))
    assert reading is not None
    assert (reading.low, reading.high) == (0.5, 0.75)
    assert reading.text == (
        "organised? 50% to 75% of 40 accounts against (an estimate): 20 accounts posted 2 texts; all new"
    )


def test_wide_upper_end_alone_is_told_and_a_narrow_one_is_not() -> None:
    wide = Company(accounts=50, hostile_accounts=40, coordination=Coordination(high=0.25))
    reading = CoordinationRange().read(replace(VIEW, company=wide))
    assert reading is not None
    assert reading.text == "organised? 0% to 25% of 40 accounts against (an estimate)"
    assert CoordinationRange().read(replace(VIEW, company=replace(wide, coordination=Coordination(high=0.1)))) is None


def test_nothing_arranged_is_no_reading() -> None:
    assert CoordinationRange().read(VIEW) is None
