"""Sends a marked test over every channel, through the channel's own code, and says what came of each.

For `stormcone doctor --send-test`. Side by side and each within a bound, so that a channel that hangs delays nobody.
What arrived and what did not is recorded like any delivery. Sends nothing else, and never tries twice.
"""

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime

from alerts.cleaning import clean_for_sink
from alerts.delivery import BOUND_PER_TIMEOUT, DETAIL_CHARS
from alerts.trial_notices import trial_notice
from stormcone.clock import Clock
from stormcone.config import Config
from stormcone.errors import DeliveryError
from stormcone.models import Delivery, Notice, NoticeState, Outcome
from stormcone.ports import Channel
from stormcone.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialEnd:
    """What came of one channel's test. reason: None where it arrived."""

    channel: str
    outcome: Outcome
    reason: str | None


def send_tests(config: Config, channels: Mapping[str, Channel], store: Store, clock: Clock) -> tuple[TrialEnd, ...]:
    """Send a test over each channel. Returns: what came of each, in the order of the settings.

    Raises: StoreError: what was sent could not be recorded.
    """
    if not channels:
        return ()
    pool = ThreadPoolExecutor(len(channels), thread_name_prefix="test")
    at = clock.now()
    notices = {name: trial_notice(config, name, at=at) for name in channels}
    sent = {name: pool.submit(channel.deliver, notices[name]) for name, channel in channels.items()}
    ends = {name: _ended(future, channels[name]) for name, future in sent.items()}
    pool.shutdown(wait=False, cancel_futures=True)
    return tuple(_record(store, notices[name], error, at) for name, error in ends.items())


def _ended(future: "Future[None]", channel: Channel) -> DeliveryError | None:
    """Return how a test ended, None where it arrived. Whatever a channel raises ends no other test."""
    name, seconds = channel.settings.id, BOUND_PER_TIMEOUT * channel.settings.timeout_seconds
    try:
        error = future.exception(timeout=seconds)
    except TimeoutError:
        return DeliveryError(name, f"given up after {seconds:g} s without an end")
    if error is None or isinstance(error, DeliveryError):
        return error
    return DeliveryError(name, f"the channel broke with {type(error).__name__}")


def _record(store: Store, notice: Notice, error: DeliveryError | None, at: datetime) -> TrialEnd:
    reason = clean_for_sink(str(error), max_chars=DETAIL_CHARS) if error else None
    outcome = Outcome.OK if error is None else Outcome.REFUSED if error.permanent else Outcome.FAILED
    ended = (
        replace(notice, state=NoticeState.SENT, sent_at=at)
        if error is None
        else replace(notice, state=NoticeState.DEAD, last_error=reason)
    )
    tried = Delivery(key=notice.key, channel=notice.channel, outcome=outcome, started_at=at, detail=reason)
    store.channels.record_test(ended, tried)
    return TrialEnd(channel=notice.channel, outcome=outcome, reason=reason)
