"""The processes that the crash test kills: one that opens incidents, and several that send what is due.

Part of `benchmarks.crash`; each function is the whole life of one process, with the real store, the real way of writing
a transition and the real sender. `ClaimFirst` is the sender as it must not be: it records before it sends, and shows
that the test can see a loss.
"""

import logging
import os
import random
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

from alerts.channels.webhook import Webhook, WebhookSettings
from alerts.delivery import Sender
from benchmarks.crash_receiver import SECRET, Journal
from stormcone.acting import Acting
from stormcone.clock import SystemClock
from stormcone.config import BrandSettings, Config
from stormcone.errors import DeliveryError, StoreError
from stormcone.models import Incident, Kind, Level, Moment, Notice, Outcome, State, Transition
from stormcone.ports import Channel, Outbox
from stormcone.store import open_store

CHANNELS = ("team", "duty", "press-office")
LEASE_SECONDS = 18.0
_TIMEOUT_SECONDS = 8.0  # a receiver on a machine that is busy may take seconds: it shall not look like one that hangs
_BRAND = "acme"
_SECRET_ENV = "STORMCONE_HOOK_SECRET"  # noqa: S105 - the name of a variable
_TRIES_ON_THE_SPOT = 5  # what was claimed is never seen again, so the wrong sender at least insists


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a process is told. sender: how its receiver knows it; empty for the one that opens incidents."""

    database_url: str
    receiver_url: str
    journal: Path
    incidents_per_second: float = 3.0
    is_claiming_first: bool = False
    sender: str = ""

    def config(self) -> Config:
        """Return settings with three shared channels, all at the receiver."""
        channels = tuple(
            WebhookSettings(
                id=name,
                type="webhook",
                url=f"{self.receiver_url}/{self.sender}/{name}",
                secret_env=_SECRET_ENV,
                allow_private=True,
                timeout_seconds=_TIMEOUT_SECONDS,
            )
            for name in CHANNELS
        )
        return Config(brands=(BrandSettings(name=_BRAND),), channels=channels)


def open_incidents(job: Job) -> None:
    """Open incidents that page, for ever; every third is acknowledged at once. Notes what is committed."""
    _be_quiet()
    store, clock = open_store(job.database_url), SystemClock()
    acting, journal = Acting(config=job.config(), store=store, clock=clock), Journal(job.journal)
    count = 0
    while True:
        count += 1
        stored = acting.apply(opening(f"{os.getpid()}-{count}", clock.now())).incident
        identifier = stored.id or 0
        if count % 3 == 0:
            acting.acknowledge(identifier, by="ann")
        for notice in store.notices.of_incident(identifier):
            journal.note("committed", key=notice.key)
        time.sleep(random.expovariate(job.incidents_per_second))


def send(job: Job) -> None:
    """Send what is due, for ever, as the watcher does."""
    _be_quiet()
    secrets = {_SECRET_ENV: SECRET}
    channels: dict[str, Channel] = {each.id: Webhook(each, secrets) for each in job.config().channels}
    outbox: Outbox = open_store(job.database_url).notices
    if job.is_claiming_first:
        outbox, channels = ClaimFirst(outbox), {name: Insisting(each) for name, each in channels.items()}
    sender = Sender(
        outbox,
        channels,
        SystemClock(),
        owner=f"{job.sender}-{os.getpid()}",
        jitter=random.Random(),
        lease_seconds=LEASE_SECONDS,
        patience_seconds=0.2,
    )
    while True:
        try:
            delivered = sender.deliver_due()
        except StoreError:
            delivered = ()
        if not delivered:
            time.sleep(0.05)


def opening(post: str, at: datetime) -> Transition:
    """Return the transition that opens an incident on a post at page."""
    incident = Incident(
        brand=_BRAND,
        post=("x", post),
        state=State.OPEN,
        level=Level.PAGE,
        level_now=Level.PAGE,
        kind=Kind.BACKLASH,
        severity=4,
        headline=f"{_BRAND}: replies turn against a post",
        opened_at=at,
        updated_at=at,
    )
    return Transition(at=at, moment=Moment.OPENED, incident=incident)


def _be_quiet() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


class ClaimFirst:
    """The outbox of the wrong sender: what is leased counts as sent before it is."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    def lease_due(
        self, *, now: datetime, owner: str, lease_seconds: float, limit: int, without: Collection[str] = ()
    ) -> list[Notice]:
        """Lease, and record as arrived."""
        leased = self._outbox.lease_due(now=now, owner=owner, lease_seconds=lease_seconds, limit=limit, without=without)
        for notice in leased:
            self._outbox.record_delivery(
                notice, outcome=Outcome.OK, started_at=now, finished_at=now, detail=None, next_try_at=None
            )
        return leased

    def is_wanted(self, notice: Notice, **_: object) -> bool:  # noqa: ARG002 - the port's signature
        """Say yes: what was claimed is no longer anybody else's."""
        return True

    def begin(self, notice: Notice, *, owner: str, until: datetime) -> bool:  # noqa: ARG002 - the port's signature
        """Say yes: see `is_wanted`."""
        return True

    def unreached(self, channel: str, **_: object) -> tuple[Notice, ...]:  # noqa: ARG002 - the port's signature
        """Return nothing: no channel of this test has a fallback."""
        return ()

    def add(self, notices: Sequence[Notice]) -> None:
        """Write notices."""
        self._outbox.add(notices)

    def fold(self, channel: str, to: str | None, **_: object) -> None:
        """Do nothing: nothing gets old here."""

    def record_delivery(self, notice: Notice, **_: object) -> None:
        """Do nothing: it has been recorded."""


class Insisting(Channel):
    """A channel that tries again on the spot, since nobody else will."""

    type = "insisting"
    Settings = WebhookSettings

    def __init__(self, inner: Channel, secrets: Mapping[str, str] | None = None) -> None:
        super().__init__(inner.settings, secrets or {})
        self._inner = inner

    def deliver(self, notice: Notice) -> None:
        """Deliver, in up to five tries. Raises: DeliveryError."""
        for _ in range(_TRIES_ON_THE_SPOT - 1):
            try:
                self._inner.deliver(notice)
            except DeliveryError:
                continue
            return
        self._inner.deliver(notice)
