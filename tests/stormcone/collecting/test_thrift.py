from datetime import UTC, datetime

import pytest

from stormcone.collecting.thrift import burn_sentence, next_day, next_month, standing
from stormcone.ports import SourceSettings, Thrift


@pytest.mark.parametrize(
    ("spent", "thrift"),
    [
        (0.0, Thrift.NONE),
        (79.9, Thrift.NONE),
        (80.0, Thrift.NO_SEARCH),
        (95.0, Thrift.SAMPLED),
        (100.0, Thrift.COUNTS_ONLY),
        (140.0, Thrift.COUNTS_ONLY),
    ],
)
def test_the_dearest_is_left_out_first(spent: float, thrift: Thrift) -> None:
    left = standing(SourceSettings(cost_usd_per_month=100), requests_today=0, cost_usd_month=spent)
    assert left.thrift is thrift
    assert left.cost_usd == max(0.0, 100 - spent)


def test_the_scarcer_of_money_and_requests_counts() -> None:
    settings = SourceSettings(cost_usd_per_month=100, requests_per_day=1_000)
    left = standing(settings, requests_today=960, cost_usd_month=10)
    assert (left.thrift, left.requests) == (Thrift.SAMPLED, 40)


def test_nothing_is_spared_where_nothing_is_limited() -> None:
    left = standing(SourceSettings(), requests_today=10**6, cost_usd_month=10**6)
    assert (left.thrift, left.requests, left.cost_usd) == (Thrift.NONE, None, None)


def test_days_and_months_begin_at_midnight_utc() -> None:
    leap = datetime(2028, 2, 29, 23, 59, 59, 999, tzinfo=UTC)
    assert next_day(leap) == next_month(leap) == datetime(2028, 3, 1, tzinfo=UTC)
    assert next_month(datetime(2026, 1, 31, tzinfo=UTC)) == datetime(2026, 2, 1, tzinfo=UTC)


def test_what_is_burnt_is_one_sentence_with_what_is_left_out() -> None:
    spent = {"requests_today": 1_960, "cost_usd_today": 0.0, "cost_usd_month": 0.0}
    assert burn_sentence(SourceSettings(), **spent) == "1,960 requests today."
    assert burn_sentence(SourceSettings(requests_per_day=2_000), **spent) == (
        "1,960 of 2,000 requests today: only the newest page of each place."
    )
    assert burn_sentence(SourceSettings(), requests_today=0, cost_usd_today=0.0, cost_usd_month=0.0) is None
