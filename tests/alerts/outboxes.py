"""An outbox in memory and a channel with a script, for tests of the sender."""

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from stormcone.errors import StoreBusy
from stormcone.models import Notice, Outcome
from stormcone.ports import Channel, ChannelSettings

LIMIT_SECONDS = 5.0


@dataclass(frozen=True)
class Record:
    key: str
    outcome: Outcome
    detail: str | None
    next_try_at: datetime | None


class MemoryOutbox:
    """An outbox in memory that keeps leases like the real one."""

    def __init__(self, *notices: Notice) -> None:
        self.pending = {notice.key: notice for notice in notices}
        self.pending_before = tuple(self.pending)
        self.leased_until: dict[str, datetime] = {}
        self.records: list[Record] = []
        self.failures = 0  # so many recordings fail as busy
        self.overtaken: set[str] = set()
        self.taken_over = False  # another sender holds every lease by now
        self.is_unreadable = False
        self._lock = threading.Lock()

    def lease_due(
        self, *, now: datetime, owner: str, lease_seconds: float, limit: int, without: Collection[str] = ()
    ) -> list[Notice]:
        with self._lock:
            due = [
                notice
                for notice in self.pending.values()
                if self.leased_until.get(notice.key, now) <= now
                and (notice.next_try_at or now) <= now
                and notice.channel not in without
            ][:limit]
            for notice in due:
                self.leased_until[notice.key] = now + timedelta(seconds=lease_seconds)
                self.pending[notice.key] = replace(notice, attempts=notice.attempts + 1)
            return [self.pending[notice.key] for notice in due]

    def is_wanted(self, notice: Notice, *, is_only_if_live: bool = False) -> bool:
        if self.is_unreadable:
            raise StoreBusy("locked")
        return notice.key not in self.overtaken

    def begin(self, notice: Notice, *, owner: str, until: datetime) -> bool:
        with self._lock:
            if self.taken_over or notice.key not in self.pending:
                return False
            self.leased_until[notice.key] = until
            return True

    def unreached(self, channel: str, **_: Any) -> tuple[Notice, ...]:
        return ()

    def add(self, notices: Sequence[Notice]) -> None:
        raise AssertionError("nothing takes another way here")

    def fold(self, channel: str, to: str | None, **_: Any) -> None:
        raise AssertionError("nothing is stale here")

    def record_delivery(
        self,
        notice: Notice,
        *,
        outcome: Outcome,
        started_at: datetime,
        finished_at: datetime,
        detail: str | None,
        next_try_at: datetime | None,
    ) -> None:
        with self._lock:
            if self.failures:
                self.failures -= 1
                raise StoreBusy("locked")
            self.records.append(Record(notice.key, outcome, detail, next_try_at))
            self.leased_until.pop(notice.key, None)
            if next_try_at is None:
                self.pending.pop(notice.key, None)
            else:
                self.pending[notice.key] = replace(self.pending[notice.key], next_try_at=next_try_at)


class ScriptedChannel(Channel):
    """A channel that does what its script says, one entry a delivery; after its end it accepts."""

    type = "scripted"
    Settings = ChannelSettings

    def __init__(self, name: str, *script: Exception | threading.Event, timeout_seconds: float = 5) -> None:
        super().__init__(ChannelSettings(id=name, type="scripted", timeout_seconds=timeout_seconds), {})
        self.script = list(script)
        self.arrived: list[str] = []

    def deliver(self, notice: Notice) -> None:
        step = self.script.pop(0) if self.script else None
        if isinstance(step, threading.Event):
            step.wait(LIMIT_SECONDS)
        elif step is not None:
            raise step
        self.arrived.append(notice.key)
