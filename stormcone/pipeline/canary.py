"""A synthetic mention every quarter of an hour: proves that what is said now would be collected, scored and counted.

A collector of its own hands it in, and it goes through the very ingest, scorer, ballot and store that strangers' words
go through, is read back with its vote, and is deleted at once. It belongs to a reserved brand with a registry of its
own, so that no detector, no figure and no screen of a real brand ever sees it. What it does not prove is that a
platform still answers us: of that the health of the sources tells.
"""

import time
from datetime import datetime, timedelta
from typing import Final

from stormcone.clock import Clock
from stormcone.errors import StormconeError
from stormcone.models import Batch, Mention
from stormcone.models.heartbeats import CANARY
from stormcone.pipeline.building import Pipeline
from stormcone.pipeline.ingest import Ingest
from stormcone.pipeline.surroundings import Gatherer
from stormcone.ports import Allowance, Collector, CollectorContext, SourceSettings

# Invented; calls nobody anything, and whoever reads English hears the anger in it.
TEXT: Final = "this is terrible, shame on you. I am so angry, delete this and apologise."
_LANGUAGE: Final = "en"
_BOUND: Final = timedelta(seconds=60)


class CanaryFailed(StormconeError):
    """The synthetic mention did not come through; the message says where it was lost."""


class CanaryCollector(Collector):
    """Returns one mention each time. Not a source: it stands in no settings and in no folder that is scanned."""

    platform = CANARY
    Settings = SourceSettings

    def poll(self, cursor: str | None, allowance: Allowance, deadline: datetime) -> Batch:  # noqa: ARG002 - the role's
        """Return a mention by an author who never spoke before."""
        now = self.context.clock.now()
        identifier = f"{now:%Y%m%dT%H%M%S%fZ}"
        sung = Mention(
            platform=CANARY,
            id=identifier,
            brand=CANARY,
            posted_at=now,
            seen_at=now,
            text=TEXT,
            author=f"{CANARY}-{identifier}",
        )
        return Batch(mentions=(sung,))


class Canary:
    """Sends the mention its way and looks for it at the other end."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._store = pipeline.store
        self._clock: Clock = pipeline.clock
        context = CollectorContext(brands=(), clock=pipeline.clock, base_folder=".", secrets={})
        self._collector = CanaryCollector(SourceSettings(), context)

    def fly(self) -> str:
        """Return one line that says how long the way took. The caller holds the lock of the detectors: one scorer.

        Raises: CanaryFailed: it was lost on the way. StoreError.
        """
        began = time.monotonic()
        self._store.heartbeats.forget_canary()  # of a watcher that was killed in between
        try:
            self._check(self._sing())
        finally:
            self._store.heartbeats.forget_canary()
        return f"came through in {1000 * (time.monotonic() - began):.0f} ms"

    def _sing(self) -> Mention:
        pipeline = self._pipeline
        batch = self._collector.poll(None, Allowance(), self._clock.now() + _BOUND)
        ingest = Ingest(self._store, pipeline.scorer, pipeline.brands.apart(), Gatherer(self._store))
        taken = ingest.take(batch)
        if taken.stored != 1:
            raise CanaryFailed("it was not stored")
        return batch.mentions[0]

    def _check(self, sung: Mention) -> None:
        """Look at what the store says of it now."""
        found = self._store.reads.mention_named(sung.platform, sung.id, sung.brand)
        if found is None or found.mention.text != sung.text:
            raise CanaryFailed("it cannot be read back")
        if found.vote.voice <= 0.0:
            raise CanaryFailed("its voice was not counted")
        is_read = _LANGUAGE in self._pipeline.config.scoring.languages
        if is_read and (found.scores.hostility <= 0.0 or found.vote.against <= 0.0):
            raise CanaryFailed("the scorer did not hear its anger")
        minutes = self._store.reads.brand_minutes(CANARY, since=sung.posted_at - _BOUND, until=sung.posted_at + _BOUND)
        if sum(each.mentions for each in minutes) != 1:
            raise CanaryFailed("the sum of its minute does not hold it")
