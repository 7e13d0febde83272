"""The daemon: polls sources, ticks the desk, sends notices, as jobs on one scheduler.

APScheduler keeps its jobs in memory and they are rebuilt from the settings at every start; what must survive is in the
database. A lease row makes a second watcher stand by until the first has been silent for long enough. Ends within
seconds when told to, whatever the sources do. Nothing is decided here.
"""

import random
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from alerts.delivery import Sender
from alerts.emergency import Emergency
from stormcone.clock import SystemClock
from stormcone.errors import StoreError, StormconeError
from stormcone.models import SourceState, Transition
from stormcone.pipeline.building import Pipeline
from stormcone.pipeline.polling import Poller
from stormcone.pipeline.recovering import EVERY_SECONDS, Recovering
from stormcone.pipeline.restoring import restore
from stormcone.pipeline.retaining import EVERY_SECONDS as RETENTION_SECONDS
from stormcone.pipeline.retaining import Retention
from stormcone.pipeline.self_watching import SelfWatch
from stormcone.pipeline.telling import Telling
from stormcone.ports import Channel, Collector

_log = structlog.get_logger(__name__)
LEASE = "watcher"
_DELIVER_SECONDS = 1.0
_MOST_ROUNDS = 50  # batches of deliveries in one run of the job
_LEARN_SECONDS = 1.0
_TELL_SECONDS = 5.0  # between two looks at the sources' health
_LOOK_SECONDS = 5.0  # how often a source is asked whether its next poll is due: its pace changes
_UNHURRIED = {"retain"}  # erasing is begun by nobody who only started a watcher to look at an old file
_ALWAYS = {"lease", "learn", "release"}  # what is done without being the watcher
_MUST_STORE = "tick"  # the job whose failing database people are told of by another way
_RELEARN = timedelta(minutes=1)  # a trickle of old mentions must not make the watcher read history all the time
_LEAST_INTERVAL_SECONDS = 0.05  # of real time, however fast a drill's clock runs


class Watcher:
    """Everything that happens by itself.

    pace: simulated seconds in one real second; 1.0 in production, more in drills. tell: called with every transition,
    after it is stored. needs: what a source lacks before it can be polled at all, one line each. outside_url: called
    while all is well; None: nobody outside watches us.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        collectors: Mapping[str, Collector],
        channels: Mapping[str, Channel],
        *,
        owner: str,
        pace: float = 1.0,
        tell: Callable[[Transition], None] | None = None,
        needs: Mapping[str, str] | None = None,
        outside_url: str | None = None,
    ) -> None:
        self._pipeline = pipeline
        self._owner = owner
        self._pace = pace
        self._tell = tell
        self._lock = threading.Lock()
        self._real = SystemClock()  # leases are agreed between processes, on the machine's time
        self._self_watch = SelfWatch(
            pipeline, self._lock, self._real, pace=pace, names=lambda: self._source_names, outside_url=outside_url
        )
        self._lease_lock = threading.Lock()
        self._is_stopping = False
        self._holds_lease = False
        self._has_learned = False
        self._history: int | None = None
        self._is_caught_up = False
        self._learned_at = datetime.fromtimestamp(0, UTC)
        self._pollers = [
            Poller(
                name,
                each,
                pipeline.store,
                pipeline.ingest,
                pipeline.clock,
                self._lock,
                pace=pace,
                needs=(needs or {}).get(name),
            )
            for name, each in collectors.items()
        ]
        self._sender = Sender(
            pipeline.store.notices,
            channels,
            pipeline.clock,
            owner=owner,
            jitter=random.Random(owner),  # noqa: S311 - spreads retries, protects nothing
        )
        self._emergency = Emergency(pipeline.config, channels, self._real)
        self._scheduler = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(len(self._pollers) + 10)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone="UTC",
        )

    @property
    def is_active(self) -> bool:
        """True while this watcher holds the lease and knows the past; False while it stands by or is still learning."""
        return self._holds_lease and self._has_learned

    def start(self) -> None:
        """Begin: take the lease or stand by, then learn the past, poll, tick and send until `stop`.

        Returns at once: a long past is learned beside it, so that `stop` need not wait.
        """
        self._hold_lease()
        lease_seconds = self._pipeline.config.lease_seconds
        self._every(lease_seconds / 3, self._hold_lease, "lease")
        self._every(_LEARN_SECONDS, self._get_ready, "learn")
        self._every(self._pipeline.config.watch.tick_seconds, self._tick, "tick", pace=self._pace)
        self._every(_DELIVER_SECONDS, self._deliver, "deliver", pace=max(1.0, self._pace / 10))
        recovering = Recovering(self._pipeline.store, self._pipeline.clock)
        self._every(EVERY_SECONDS, recovering.run, "recover", pace=self._pace)
        retention = Retention(self._pipeline.config.store, self._pipeline.store, self._pipeline.clock)
        self._every(RETENTION_SECONDS, retention.run, "retain", pace=self._pace)
        telling = Telling(self._pipeline.config, self._pipeline.store, self._real)
        self._every(
            _TELL_SECONDS, lambda: telling.look(self._pipeline.clock.now(), self._source_names), "tell", pace=self._pace
        )
        for every_seconds, job, name in self._self_watch.jobs():
            self._every(every_seconds, job, name)
        for poller in self._pollers:
            seconds = min(poller.poll_seconds, _LOOK_SECONDS)
            self._every(seconds, poller.poll_when_due, f"poll {poller.name}", pace=self._pace)
        self._scheduler.start()
        self._hurry()

    def stop(self) -> None:
        """End: no new job, the lease given back, what is being sent may finish briefly."""
        self._scheduler.shutdown(wait=False)
        self._sender.close()
        with self._lease_lock:  # a renewal that is under way must not take it back
            self._is_stopping = True
            if self._holds_lease:
                self._holds_lease = False
                self._guarded(lambda: self._pipeline.store.leases.release(LEASE, owner=self._owner), "release")

    def poll_once(self) -> dict[str, str | None]:
        """Poll every source once, here and now. Returns: source -> None, or why it did not answer."""
        self._activate()
        return {poller.name: poller.poll() for poller in self._pollers}

    def _every(self, seconds: float, job: Callable[[], object], name: str, *, pace: float = 1.0) -> None:
        self._scheduler.add_job(
            self._guarded,
            "interval",
            args=(job, name),
            seconds=max(seconds / pace, _LEAST_INTERVAL_SECONDS),
            id=name,
            name=name,
        )

    def _guarded(self, job: Callable[[], object], name: str) -> None:
        """Run a job so that its failure is a log line, and the others go on."""
        if not self.is_active and name not in _ALWAYS:
            return
        try:
            job()
        except StormconeError as error:
            _log.warning("job_failed", job=name, reason=str(error))
            if name == _MUST_STORE and isinstance(error, StoreError):
                self._emergency.failed(error)
        except Exception as error:  # noqa: BLE001 # border: a bug in one job must not take the others down
            _log.error("job_crashed", job=name, reason=repr(error), exc_info=_log.is_enabled_for(10))
        else:
            if name == _MUST_STORE:
                self._emergency.worked()

    def _hold_lease(self) -> None:
        leases = self._pipeline.store.leases
        seconds = self._pipeline.config.lease_seconds
        with self._lease_lock:
            if self._is_stopping:
                return
            held = self._holds_lease
            holds = leases.take(LEASE, owner=self._owner, now=self._real.now(), seconds=seconds)
            self._holds_lease = holds
            self._has_learned = self._has_learned and holds  # what another watcher stores meanwhile is not known here
        if held and not holds:
            _log.warning("lease_lost", owner=self._owner)
        elif not holds:
            _log.info("standing_by", holder=leases.holder(LEASE, now=self._real.now()))

    def _get_ready(self) -> None:
        if self._holds_lease and not self._has_learned:
            self._activate()
            self._has_learned = self._holds_lease
            self._hurry()

    def _hurry(self) -> None:
        """Run every job now instead of at the end of its first interval."""
        for job in self._scheduler.get_jobs():
            if job.id in _UNHURRIED:
                continue
            with suppress(JobLookupError):  # we were told to stop meanwhile
                job.modify(next_run_time=datetime.now(self._scheduler.timezone))

    def _activate(self) -> None:
        """Learn what the store remembers, then go."""
        for poller in self._pollers:
            poller.register()
        self._is_caught_up = not self._pollers
        self._learn_history()
        _log.info("watching", owner=self._owner, sources=[poller.name for poller in self._pollers])

    def _learn_history(self) -> None:
        pipeline = self._pipeline
        with self._lock:
            self._history = pipeline.store.mentions.history_revision()
            pipeline.brands.forget()
            pipeline.around.forget()
            now = pipeline.clock.now()
            restore(pipeline.store, pipeline.brands, pipeline.around, now)
            pipeline.slips.restore(now)
            for brand in pipeline.config.brands:
                pipeline.brands.get(brand.name).watch.begin(now)
            self._learned_at = now

    def _tick(self) -> None:
        pipeline = self._pipeline
        if any(poller.is_behind for poller in self._pollers):
            # A backlog is still coming in: judged now, its past would be taken for silence. People are told on time.
            self._report(pipeline.desk.escalate(pipeline.clock.now()))
            self._self_watch.ticked(has_judged=False)
            return
        if not self._is_caught_up:  # the first polls have brought what came while nobody watched
            self._learn_history()
            self._is_caught_up = True
        now = pipeline.clock.now()
        was_rewritten = pipeline.store.mentions.history_revision() != self._history
        if was_rewritten or (pipeline.brands.missed_history and now - self._learned_at >= _RELEARN):
            self._learn_history()
        with self._lock:
            pipeline.budgeting.keep(now)
            happened = pipeline.desk.tick(now, stale_since=self._stale_since(now))
        self._report(happened)
        self._self_watch.ticked()

    def _report(self, happened: Sequence[Transition]) -> None:
        for transition in happened:
            incident = transition.incident
            _log.info("transition", incident=incident.id, moment=transition.moment.value, level=incident.level.word)
            if self._tell is not None:
                self._tell(transition)

    def _stale_since(self, now: datetime) -> datetime | None:
        """Return since when no source has answered; None while one does, or where there is none to ask."""
        health = [each for each in self._pipeline.store.sources.health() if each.name in self._source_names]
        if not health or any(each.state(now) in {SourceState.OK, SourceState.WAITING} for each in health):
            return None
        return max(each.last_success_at or each.started_at for each in health)

    @property
    def _source_names(self) -> set[str]:
        return {poller.name for poller in self._pollers}

    def _deliver(self) -> None:
        for _ in range(_MOST_ROUNDS):  # a storm's notices leave one batch after the other, not one a second
            is_idle = not (self.is_active and self._sender.deliver_due())
            self._self_watch.delivered(_DELIVER_SECONDS)
            if is_idle:
                return
