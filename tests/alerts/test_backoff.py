"""Waits double, are capped, differ, and yield to what the receiver asks for."""

import random

from hypothesis import given
from hypothesis import strategies as st

from alerts.backoff import wait_seconds
from stormcone.errors import DeliveryError

FAILED = DeliveryError("hook", "failed")


@given(attempts=st.integers(0, 10**6), seed=st.integers())
def test_wait_stays_within_a_fifth_of_the_doubled_and_capped_one(attempts: int, seed: int) -> None:
    wait = wait_seconds(attempts, FAILED, random.Random(seed))
    plain = min(300.0, 5.0 * 2.0 ** min(max(attempts - 1, 0), 20))
    assert wait is not None
    assert 0.8 * plain <= wait <= 1.2 * plain


def test_waits_of_two_notices_differ() -> None:
    jitter = random.Random(7)
    assert wait_seconds(1, FAILED, jitter) != wait_seconds(1, FAILED, jitter)


def test_permanent_errors_are_not_tried_again() -> None:
    refused = DeliveryError("hook", "gone", permanent=True, retry_after_seconds=3)
    assert wait_seconds(1, refused, random.Random(1)) is None


def test_receivers_wish_is_honoured_up_to_an_hour() -> None:
    wishes = [DeliveryError("hook", "busy", retry_after_seconds=seconds) for seconds in (0, 17, 10**9)]
    assert [wait_seconds(9, wish, random.Random(1)) for wish in wishes] == [0, 17, 3600]
