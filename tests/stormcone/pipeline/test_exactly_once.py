"""Whatever happens between a platform and the store: in the end everything served is stored, once."""

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from stormcone.clock import ManualClock
from stormcone.errors import StoreBusy
from stormcone.models import Mention
from stormcone.pipeline.polling import Poller
from stormcone.store import MEMORY_URL, open_store
from tests.fakes import AT
from tests.stormcone.pipeline.paged import OVERLAP, Paged, PagedSettings, Platform
from tests.stormcone.pipeline.parts import Failing, make_pipeline

LATE = OVERLAP.total_seconds() - 60  # as late as the overlap promises to find
PAGE_REQUESTS = 6  # of one poll: bursts overflow it


class Forgetful(Exception):
    """The process died after the transaction was committed, before anybody heard of it."""


class Collecting(RuleBasedStateMachine):
    """Posts appear, polls run, processes die."""

    def __init__(self) -> None:
        super().__init__()
        self.platform = Platform()
        self.store = open_store(MEMORY_URL)
        self.door = Failing(self.store.mentions, "save")
        self.clock = ManualClock(AT)
        self.start()

    def start(self) -> None:
        """Begin as a process does: with nothing but the store."""
        store = replace(self.store, mentions=cast("Any", self.door))
        pipeline, _ = make_pipeline(store, start=self.clock.now())
        limits = PagedSettings(requests_per_day=10**9)
        self.poller = Poller(
            "paged",
            Paged(self.platform, self.clock, settings=limits),
            store,
            pipeline.ingest,
            self.clock,
            threading.Lock(),
        )
        self.poller.register()

    @rule(count=st.integers(1, 40), late_seconds=st.floats(0, LATE))
    def publish(self, count: int, late_seconds: float) -> None:
        self.platform.publish(count, self.clock.now(), late_seconds=late_seconds)

    @rule(seconds=st.sampled_from([1, 30, 60, 300, 3_600]))
    def pass_time(self, seconds: int) -> None:
        self.clock.move_to(self.clock.now() + timedelta(seconds=seconds))

    @rule()
    def poll(self) -> None:
        assert self.poller.poll() is None

    @rule()
    def poll_what_cannot_be_stored(self) -> None:
        self.door.fail_next(StoreBusy("locked"))
        assert self.poller.poll() == "locked"

    @rule()
    def die_before_the_commit(self) -> None:
        self.door.fail_next(Forgetful())
        self.poller.poll()
        self.start()

    @rule()
    def die_after_the_commit(self) -> None:
        self.poller.poll()
        self.start()

    @invariant()
    def nothing_is_stored_twice_or_invented(self) -> None:
        stored = self.stored()
        assert len(stored) == len(set(stored))
        assert set(stored) <= {post.id for post in self.platform.posts}

    def teardown(self) -> None:
        self.clock.move_to(self.clock.now() + OVERLAP)
        before = -1
        while (after := len(self.stored())) > before or self.open_gaps:
            before = after
            assert self.poller.poll() is None
        assert set(self.stored()) == {post.id for post in self.platform.posts}
        self.store.close()

    @property
    def open_gaps(self) -> int:
        (health,) = self.store.sources.health()
        return health.open_gaps

    def stored(self) -> list[str]:
        found: list[Mention] = [each.mention for each in self.store.reads.mentions_since(AT - timedelta(days=2))]
        return [mention.id for mention in found]


TestCollecting = Collecting.TestCase
TestCollecting.settings = settings(
    max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
