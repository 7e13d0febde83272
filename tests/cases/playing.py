"""Plays drills and recorded rows through the real pipeline, in memory, and keeps what happened.

Shared by the cases and by the tests on recorded data. Decides nothing: the pipeline is the one that runs live.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache

from collectors.drills.generation import generate
from collectors.drills.scenario import Scenario, load_scenario
from stormcone.clock import ManualClock
from stormcone.config import Config
from stormcone.mention_file import FileRow
from stormcone.models import Incident, Level, Moment, Transition
from stormcone.pipeline import build_pipeline
from stormcone.pipeline.replaying import Played, play
from stormcone.store import MEMORY_URL, open_store

MONDAY = date(2026, 3, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a replay brought."""

    transitions: tuple[Transition, ...]
    played: Played

    def told(self, brand: str, since: datetime, until: datetime) -> list[Transition]:
        """Return what happened to a brand in [since, until]."""
        return [each for each in self.transitions if each.incident.brand == brand and since <= each.at <= until]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillRun:
    """A drill that was played: its story began at `starts_at` and was over at `ends_at`."""

    scenario: Scenario
    starts_at: datetime
    ends_at: datetime
    run: Run

    @property
    def during(self) -> list[Transition]:
        return [each for each in self.run.transitions if self.starts_at <= each.at <= self.ends_at]

    @property
    def after(self) -> list[Transition]:
        return [each for each in self.run.transitions if each.at > self.ends_at]

    @property
    def opened(self) -> list[Incident]:
        """Incidents that began during the story."""
        return [each.incident for each in self.during if each.moment is Moment.OPENED]

    @property
    def delay_minutes(self) -> float | None:
        """Minutes from the first crowd of the story to the page; None where nobody was paged."""
        onset = self.starts_at + timedelta(
            minutes=min((phase.starts_minute for phase in self.scenario.phases), default=0.0)
        )
        paged = [each.at for each in self.during if each.incident.level is Level.PAGE]
        return (paged[0] - onset) / timedelta(minutes=1) if paged else None

    def row(self, name: str, seed: int) -> str:
        """Return one line of the table that `pytest -s` shows."""
        last = self.during[-1].incident if self.during else None
        found = f"{last.level.word:5} {last.kind.value:9} severity {last.severity}" if last else "nothing"
        delay = "-" if self.delay_minutes is None else f"{self.delay_minutes:.0f} min"
        played = self.run.played
        return f"{name:17} {seed}  incidents {played.incidents}  pages {played.pages}  delay {delay:7} {found}"


def play_rows(rows: Sequence[FileRow], config: Config | None = None) -> Run:
    """Replay rows through a fresh pipeline with a store in memory, one poll a minute."""
    clock, played = ManualClock(datetime(1970, 1, 1, tzinfo=UTC)), Played()
    store = open_store(MEMORY_URL)
    pipeline = build_pipeline(config or Config(), store, clock)
    transitions = tuple(play(pipeline, clock, rows, poll_minutes=1.0, played=played))
    store.close()
    return Run(transitions=transitions, played=played)


@cache
def play_drill(name: str, seed: int = 1, *, history_days: float = 3.0) -> DrillRun:
    """Generate a drill and play it."""
    scenario = load_scenario(name)
    drill = generate(scenario, start=scenario.start_on(MONDAY), seed=seed, history_days=history_days)
    rows = [FileRow(record=each, seen_at=each.seen_at, place=name) for each in drill.mentions]
    rows += [FileRow(record=each, seen_at=each.seen_at, place=name) for each in drill.engagements]
    return DrillRun(scenario=scenario, starts_at=drill.starts_at, ends_at=drill.ends_at, run=play_rows(rows))
