from dataclasses import replace
from typing import Any

import pytest

from stormcone.models import SourceHealth, SourceState
from tests.fakes import AT, at


def health(**changes: Any) -> SourceHealth:
    return replace(SourceHealth(name="x", poll_seconds=60.0, started_at=AT), **changes)


@pytest.mark.parametrize(
    ("changes", "minutes", "state"),
    [
        ({}, 3, SourceState.OK),
        ({}, 3.01, SourceState.STALE),
        ({"last_success_at": at(10)}, 13, SourceState.OK),
        ({"last_success_at": at(10)}, 13.01, SourceState.STALE),
        ({"last_success_at": at(10), "last_error": "timeout"}, 11, SourceState.OK),
        ({"waiting_until": at(60)}, 59, SourceState.WAITING),
        ({"waiting_until": at(60)}, 60, SourceState.STALE),
        ({"waiting_until": at(2)}, 2, SourceState.OK),
        ({"is_stopped": True, "waiting_until": at(60)}, 1, SourceState.STOPPED),
        ({"last_success_at": at(10)}, 5, SourceState.OK),
    ],
)
def test_three_silent_polls_are_stale_and_only_ok_may_claim_calm(
    changes: dict[str, Any], minutes: float, state: SourceState
) -> None:
    assert health(**changes).state(at(minutes)) is state


def test_lag_is_counted_from_the_last_success_or_the_start_and_never_negative() -> None:
    assert health().lag_seconds(at(2)) == 120
    assert health(last_success_at=at(1)).lag_seconds(at(2)) == 60
    assert health(last_success_at=at(3)).lag_seconds(at(2)) == 0
