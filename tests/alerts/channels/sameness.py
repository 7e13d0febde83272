"""What holds for every channel that posts: how answers are judged, and that no secret and no inner address leaks."""

import logging
import traceback

import pytest
import structlog

from stormcone.errors import DeliveryError
from stormcone.models import Notice
from stormcone.ports import Channel
from tests.alerts.channels.receiving import Receiver


def failure(channel: Channel, notice: Notice) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        channel.deliver(notice)
    return caught.value


def assert_answers_are_judged(channel: Channel, notice: Notice, receiver: Receiver) -> None:
    """Check that 4xx is final, that 5xx and 429 are not, and that Retry-After is heard."""
    for status, permanent in ((400, True), (403, True), (404, True), (302, True), (500, False), (503, False)):
        receiver.answers = [status]
        assert failure(channel, notice).permanent is permanent, status
    receiver.answers = [(429, "17")]
    busy = failure(channel, notice)
    assert (busy.permanent, busy.retry_after_seconds) == (False, 17)
    receiver.answers = [200]
    channel.deliver(notice)
    keys = {headers["Idempotency-Key"] for _, headers, _ in receiver.requests}
    assert keys == {notice.key}
    assert len({body for _, _, body in receiver.requests}) == 1


def assert_keeps_secrets(
    channel: Channel, notice: Notice, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    """Check that nothing planted stands in an error, a traceback or a log line."""
    caplog.set_level(logging.DEBUG)
    receiver.answers = [500]
    with structlog.testing.capture_logs() as logs:
        error = failure(channel, notice)
    assert "planted" not in "".join(traceback.format_exception(error)) + caplog.text + repr(logs)


def assert_refuses_private(channel: Channel, notice: Notice) -> None:
    """Check that loopback is refused for good where the settings do not allow it."""
    error = failure(channel, notice)
    assert error.permanent
    assert "allow_private" in str(error)
