"""Plays streams through the real pipeline, several brands at a time, and the published rules on the same rows.

The one the product runs, in memory, on a clock that jumps. Brands are judged apart, so that it does not matter which
are played together. Decides nothing.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from analysis.brand_watch import Verdicts
from benchmarks.published_rules import NEGATIVE, Collected, Past, judge
from benchmarks.testbed.generating import generate_stream
from benchmarks.testbed.labels import Plan, Stream
from benchmarks.testbed.listening import listen_to
from benchmarks.testbed.outcomes import Heard, Outcome, calm_end, outcome_of
from benchmarks.testbed.scoring import RememberingScorer
from stormcone.clock import ManualClock
from stormcone.config import Config
from stormcone.models import Transition
from stormcone.pipeline import build_pipeline
from stormcone.pipeline.building import build_scorer
from stormcone.pipeline.replaying import Played, play
from stormcone.store import MEMORY_URL, open_store

POLL_MINUTES = 1.0

_HEAVY = 30_000  # rows a pack may hold, so that packs are alike
_MOST_BRANDS = 10


class Player:
    """Plays packs of streams; remembers scores from one pack to the next."""

    def __init__(self, config: Config, *, budget: float) -> None:
        self._config = config
        self._budget = budget
        self._scorer = RememberingScorer(build_scorer(self._config))

    def play_pack(self, plans: Sequence[Plan]) -> list[Outcome]:
        """Return the outcome of each plan, in order."""
        streams = [generate_stream(plan, budget=self._budget) for plan in plans]
        heard = {stream.brand.name: Heard(stream) for stream in streams}
        told: dict[str, list[Transition]] = defaultdict(list)
        for transition in self._transitions(streams, heard):
            told[transition.incident.brand].append(transition)
        return [self._outcome(stream, told[stream.brand.name], heard[stream.brand.name]) for stream in streams]

    def _transitions(self, streams: Sequence[Stream], heard: Mapping[str, Heard]) -> Iterator[Transition]:
        def listen(verdicts: Verdicts) -> None:
            ear = heard[verdicts.stream.brand]
            for verdict in (verdicts.stream, *verdicts.posts):
                ear.hear(verdict)

        config = self._config.model_copy(update={"brands": tuple(stream.brand for stream in streams)})
        clock = ManualClock(datetime(1970, 1, 1, tzinfo=UTC))
        store = open_store(MEMORY_URL)
        pipeline = build_pipeline(config, store, clock, scorer=self._scorer)
        for name in heard:
            listen_to(pipeline.brands.get(name).watch, listen)
        rows = [row for stream in streams for row in stream.rows]
        yield from play(pipeline, clock, rows, poll_minutes=POLL_MINUTES, played=Played())
        store.close()

    def _outcome(self, stream: Stream, told: Sequence[Transition], heard: Heard) -> Outcome:
        seen = (
            Collected(seen_at=row.seen_at, is_negative=self._scorer.compound_of(row.mention.text) <= NEGATIVE)
            for row in stream.rows
            if row.mention and not row.mention.is_own_post
        )
        minutes = int((stream.ends_at - stream.starts_at) / timedelta(minutes=1))
        rules = judge(
            Past(seen, starts_at=stream.starts_at, minutes=minutes),
            starts_at=stream.starts_at,
            onset=stream.truth.onset,
            end=stream.truth.end,
            calm_until=calm_end(stream),
        )
        return outcome_of(stream, told, heard, rules)


def packs_of(plans: Sequence[Plan]) -> list[list[Plan]]:
    """Return the plans in packs that cover about the same days, the longest first."""
    ordered = sorted(plans, key=lambda plan: (-plan.history_days, plan.weekday, plan.name))
    packs: list[list[Plan]] = []
    weight = _HEAVY
    for plan in ordered:
        heavy = plan.per_hour * 24 * (plan.history_days + 1) + (plan.size.messages if plan.size else 0)
        is_apart = bool(packs) and packs[-1][-1].history_days != plan.history_days
        if weight + heavy > _HEAVY or len(packs[-1]) >= _MOST_BRANDS or is_apart:
            packs.append([])
            weight = 0
        packs[-1].append(plan)
        weight += heavy
    return packs
