from datetime import UTC, datetime, timedelta

import pytest

from alerts.storm_guard import GATHER, HOUR, page_held_until
from stormcone.models import Lately, Recipient

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ANN = Recipient(channel="pager", person="ann")


@pytest.mark.parametrize(("pages", "is_held"), [(0, False), (5, False), (6, True), (7, True)])
def test_so_many_pages_an_hour_are_sent_one_by_one(pages: int, *, is_held: bool) -> None:
    until = page_held_until(Lately(recipient=ANN, pages=pages), AT, pages_per_hour=6)
    assert until == (AT + GATHER if is_held else None)


def test_what_waits_for_one_summary_waits_for_the_same_instant() -> None:
    soon = AT + timedelta(seconds=3)
    assert page_held_until(Lately(recipient=ANN, pages=6, storm_until=soon), AT, pages_per_hour=6) == soon


def test_what_comes_while_a_summary_is_due_is_part_of_it() -> None:
    due = AT - timedelta(seconds=2)
    assert page_held_until(Lately(recipient=ANN, pages=6, storm_until=due), AT, pages_per_hour=6) == due


def test_the_next_summary_comes_an_hour_after_the_last() -> None:
    before = AT - timedelta(minutes=10)
    lately = Lately(recipient=ANN, pages=6, summary_at=before, storm_until=before)
    assert page_held_until(lately, AT, pages_per_hour=6) == before + HOUR
    long_ago = Lately(recipient=ANN, pages=6, summary_at=AT - HOUR)
    assert page_held_until(long_ago, AT, pages_per_hour=6) == AT + GATHER
