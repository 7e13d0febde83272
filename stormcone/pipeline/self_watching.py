"""The watcher's watch over itself: signs of life, the auditor, the canary, the call to somebody outside.

Built by the watcher, which runs its jobs beside the others and tells it when detector and sender have done their work.
Wires, and decides nothing.
"""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from stormcone.clock import Clock
from stormcone.models.heartbeats import Part
from stormcone.pipeline.auditing import EVERY_SECONDS as AUDIT_SECONDS
from stormcone.pipeline.auditing import Auditor
from stormcone.pipeline.building import Pipeline
from stormcone.pipeline.canary import Canary
from stormcone.pipeline.heartbeats import LOOK_SECONDS, OUTSIDE_SECONDS, Heartbeats, Outside

Job = tuple[float, Callable[[], object], str]  # seconds between two runs, in real time; what to run; its name


class SelfWatch:
    """Everything that looks at us.

    lock: of the detectors, which share their scorer with the canary. real: the machine's clock. pace: simulated seconds
    in a real one. names: the sources under watch. outside_url: None where nobody outside watches us.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        lock: threading.Lock,
        real: Clock,
        *,
        pace: float,
        names: Callable[[], set[str]],
        outside_url: str | None,
    ) -> None:
        self._lock = lock
        self._watch = pipeline.config.watch
        self._real = real
        self._has_judged = False
        self._proved_at: datetime | None = None
        self._between_proofs = timedelta(minutes=self._watch.canary_minutes)
        self._heartbeats = Heartbeats(pipeline.store, real)
        self._canary = Canary(pipeline)
        self._auditor = Auditor(pipeline.config, pipeline.store, pipeline.clock, real, pace=pace, names=names)
        self._outside = outside_url and Outside(
            outside_url,
            real,
            allow_private=self._watch.heartbeat_allow_private,
            why_not=self._auditor.why_not_well,
        )

    def jobs(self) -> Iterator[Job]:
        """Yield what is to be run, and how often."""
        yield AUDIT_SECONDS, self._audit, "audit"
        if self._watch.canary_minutes > 0:
            yield LOOK_SECONDS, self._prove_when_due, "canary"
        if self._outside:
            yield LOOK_SECONDS, self._call, "outside"

    def ticked(self, *, has_judged: bool = True) -> None:
        """Note that the detector has looked. Args: has_judged: False while a backlog comes in first."""
        self._has_judged = self._has_judged or has_judged
        self._heartbeats.beat(Part.DETECTOR, every_seconds=self._watch.tick_seconds)

    def delivered(self, every_seconds: float) -> None:
        """Note that the sender has sent what was due, or found nothing."""
        self._heartbeats.beat(Part.SENDER, every_seconds=every_seconds)

    def _audit(self) -> None:
        self._auditor.look()
        self._heartbeats.beat(Part.AUDITOR, every_seconds=AUDIT_SECONDS)

    def _prove_when_due(self) -> None:
        """Send the canary; at the start it waits until the brands themselves have been looked at."""
        now = self._real.now()
        if not self._has_judged or (self._proved_at is not None and now < self._proved_at + self._between_proofs):
            return
        self._proved_at = now  # also where it fails: the next one comes when it would have come
        with self._lock:
            line = self._canary.fly()
        self._heartbeats.beat(Part.CANARY, every_seconds=60 * self._watch.canary_minutes, detail=line)

    def _call(self) -> None:
        if self._outside and self._outside.call_when_due():
            self._heartbeats.beat(Part.OUTSIDE, every_seconds=OUTSIDE_SECONDS)
