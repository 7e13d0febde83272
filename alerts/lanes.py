"""A lane: the worker thread of one channel, so that a channel that hangs delays nobody but itself.

Used by delivery. Notices of a lane go out one after the other, in order. A delivery that outlives its hard bound is
settled as unsure by whoever looks next, its thread is left behind and a new one takes over; of what the old thread
still brings home only an arrival counts. Never talks to the outbox.
"""

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from alerts.connecting import SEND_BY
from stormcone.errors import DeliveryError
from stormcone.models import Notice
from stormcone.ports import Channel

_log = structlog.get_logger(__name__)

# Threads that hang for ever cannot be ended; a channel that keeps making them gets no more.
MAX_ABANDONED_THREADS = 4
# More than this waiting in line, and a channel is handed nothing new: it could not send it before its lease ends.
MAX_WAITING = 10


@dataclass(slots=True, kw_only=True, eq=False)
class Attempt:
    """One try to deliver one notice; settled exactly once, by the worker or by whoever finds it overdue."""

    notice: Notice
    started_at: datetime
    start_by: float  # monotonic seconds: begun later, it could outlast its lease
    began: float | None = None  # monotonic seconds, once a worker has taken it
    _settled: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def claim(self) -> bool:
        """Return True to the first caller only."""
        with self._lock:
            first, self._settled = not self._settled, True
        return first


Settle = Callable[[Attempt, DeliveryError | None], None]
Release = Callable[[Attempt], None]
MayBegin = Callable[[Attempt], bool]


class Lane:
    """Delivers over one channel.

    Args: bound_seconds: hard bound of one delivery. settle: told how an attempt ended (None: it arrived). release: told
        of an attempt that was never begun, whose lease is to run out. may_begin: asked right before one is begun; may
        put `start_by` off, since it renews the lease.
    """

    def __init__(
        self, channel: Channel, *, bound_seconds: float, settle: Settle, release: Release, may_begin: MayBegin
    ) -> None:
        self._channel = channel
        self._may_begin = may_begin
        self._bound_seconds = bound_seconds
        self._settle = settle
        self._release = release
        self._waiting: queue.SimpleQueue[Attempt | None] = queue.SimpleQueue()
        self._current: Attempt | None = None
        self._worker: threading.Thread | None = None
        self._abandoned: list[threading.Thread] = []
        self._lock = threading.Lock()

    @property
    def is_full(self) -> bool:
        """True while enough waits in line."""
        return self._waiting.qsize() >= MAX_WAITING

    def put(self, attempt: Attempt) -> None:
        """Queue an attempt, or settle it at once where too many threads of this channel hang already."""
        with self._lock:
            self._abandoned = [thread for thread in self._abandoned if thread.is_alive()]
            hung = len(self._abandoned)
            if hung < MAX_ABANDONED_THREADS:
                self._ensure_worker()
        if hung >= MAX_ABANDONED_THREADS:
            self._settle(attempt, DeliveryError(self._channel.settings.id, f"{hung} earlier deliveries still hang"))
        else:
            self._waiting.put(attempt)

    def give_up_overdue(self) -> None:
        """Settle the running attempt as failed if it has outlived its bound, and let a new thread take over."""
        with self._lock:
            attempt, worker = self._current, self._worker
            if attempt is None or worker is None or attempt.began is None:
                return
            if time.monotonic() - attempt.began < self._bound_seconds:
                return
            self._current = None
            self._worker = None
            self._abandoned.append(worker)
            left_waiting = self._take_over()
        channel = self._channel.settings.id
        reason = f"given up after {self._bound_seconds:g} s without an end"
        self._settle(attempt, DeliveryError(channel, reason, is_unsure=True))
        for each in left_waiting:
            self._release(each)

    def close(self) -> None:
        """Let the worker end once it is done with what it holds; never waits."""
        self._waiting.put(None)

    def _take_over(self) -> list[Attempt]:
        """Start a new worker for what waits; where no more threads may be spent, return what waits instead."""
        if len(self._abandoned) < MAX_ABANDONED_THREADS:
            self._ensure_worker()
            return []
        left: list[Attempt] = []
        while not self._waiting.empty():
            attempt = self._waiting.get()
            if attempt is not None:
                left.append(attempt)
        return left

    def _ensure_worker(self) -> None:
        if self._worker is None or not self._worker.is_alive():
            # Daemon: a hung receiver must not keep the program from ending.
            self._worker = threading.Thread(target=self._work, name=f"channel-{self._channel.settings.id}", daemon=True)
            self._worker.start()

    def _work(self) -> None:
        myself = threading.current_thread()
        while (attempt := self._waiting.get()) is not None:
            if not self._may_begin(attempt) or time.monotonic() > attempt.start_by:
                self._release(attempt)
                continue
            with self._lock:
                attempt.began = time.monotonic()
                self._current = attempt
            SEND_BY.set(attempt.began + self._bound_seconds)
            error = self._try(attempt.notice)
            with self._lock:
                is_replaced = self._worker is not myself
                if not is_replaced:
                    self._current = None
            self._settle(attempt, error)
            if is_replaced:
                return

    def _try(self, notice: Notice) -> DeliveryError | None:
        try:
            self._channel.deliver(notice)
        except DeliveryError as error:
            return error
        except Exception as error:  # noqa: BLE001 # border: a plug-in's bug must not end the lane, and costs a retry only
            _log.error("channel_broke", channel=notice.channel, key=notice.key, error=type(error).__name__)
            return DeliveryError(notice.channel, f"the channel broke with {type(error).__name__}")
        return None
