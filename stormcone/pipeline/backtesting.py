"""Plays stored history through the pipeline again, with whatever settings are asked about: "what if?".

The same play as a replay of files (replaying.py), fed from the store in the order of collection. Scores are the stored
ones unless the history is to be scored anew. Everything that comes of it goes into a database that vanishes; the one
that is read from is never written.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from typing import TypeAlias

from analysis.voting import Ballot
from stormcone.clock import ManualClock
from stormcone.config import Config
from stormcone.mention_file import FileRow, Record
from stormcone.models import NOTHING_KNOWN, Mention, ScoredMention, Scores, Surroundings, Transition
from stormcone.pipeline.building import Pipeline, build_pipeline
from stormcone.pipeline.replaying import Played, batch_of, play_in_order
from stormcone.pipeline.restoring import LEARNED, restore
from stormcone.ports import Scorer
from stormcone.store import SCRATCH_URL, MentionKey, Store, open_store
from stormcone.store.history import History, Recorded, Stretch

Report: TypeAlias = Callable[[int, int, datetime], None]  # mentions done, of how many, and the simulated instant

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CHUNK = 2_000  # rows of the warm-up in one transaction


class RecordedScorer:
    """Says of each mention what was said when it was collected; each is noted before and asked for once."""

    name = "as recorded"

    def __init__(self) -> None:
        self._scores: dict[MentionKey, Scores] = {}

    def note(self, scored: ScoredMention) -> None:
        """Keep the scores of a mention that is about to be asked for."""
        self._scores[_key(scored.mention)] = scored.scores

    def score(self, mentions: Sequence[Mention], around: Surroundings = NOTHING_KNOWN) -> list[Scores]:  # noqa: ARG002 - the port's shape
        """Return the recorded scores, in order."""
        return [self._scores.pop(_key(mention)) for mention in mentions]


class RememberingScorer:
    """Asks another scorer once for each mention, however often the same rows are played."""

    def __init__(self, scorer: Scorer) -> None:
        self.name = scorer.name
        self._scorer = scorer
        self._scores: dict[MentionKey, Scores] = {}

    def score(self, mentions: Sequence[Mention], around: Surroundings = NOTHING_KNOWN) -> list[Scores]:
        """Return the scores of the first time, in order."""
        fresh = [mention for mention in mentions if _key(mention) not in self._scores]
        found = self._scorer.score(fresh, around)
        self._scores.update((_key(mention), scores) for mention, scores in zip(fresh, found, strict=True))
        return [self._scores[_key(mention)] for mention in mentions]


def play_history(
    config: Config,
    source: Store,
    stretch: Stretch,
    *,
    poll_minutes: float,
    played: Played,
    is_rescored: bool = False,
    report: Report = lambda _done, _of, _at: None,
) -> Iterator[Transition]:
    """Yield the transitions of a stretch of stored history in simulated time order, as play() does for files.

    What was collected in the four weeks before `stretch.since` warms the detectors up, as at the start of a watcher;
    incidents of that time are not known, so a storm that is under way then opens anew.
    Args: source: only read. is_rescored: read every text with the scorer of today. report: called for every mention.
    Raises: StoreError: the source cannot be read.
    """
    recorded = None if is_rescored else RecordedScorer()
    clock = ManualClock(_EPOCH)
    scratch = open_store(SCRATCH_URL)
    try:
        pipeline = build_pipeline(config, scratch, clock, scorer=recorded)
        tape = _Tape(History(source.database), stretch, recorded, report)
        if stretch.since is not None:
            _warm_up(pipeline, tape.before, stretch.since, stretch.brands or source.reads.brands())
        yield from play_in_order(pipeline, clock, tape.rows, poll_minutes=poll_minutes, played=played)
    finally:
        scratch.close()


class _Tape:
    """A stretch as rows, and what came before it, with their scores noted and their progress told."""

    def __init__(self, history: History, stretch: Stretch, scorer: RecordedScorer | None, report: Report) -> None:
        self._scorer = scorer
        self._report = report
        self._done = 0
        self._played = history.recording(stretch)
        self._earlier = None if stretch.since is None else history.recording(_before(stretch, stretch.since))
        self._mentions = self._played.mentions + (self._earlier.mentions if self._earlier else 0)

    @property
    def before(self) -> Iterator[FileRow]:
        """The rows of the warm-up."""
        return self._rows(self._earlier or ())

    @property
    def rows(self) -> Iterator[FileRow]:
        """The rows to be played."""
        return self._rows(self._played)

    def _rows(self, recording: Iterable[Recorded]) -> Iterator[FileRow]:
        for each in recording:
            yield FileRow(record=self._told(each), seen_at=each.at, place="the store")

    def _told(self, each: Recorded) -> Record:
        if not isinstance(each.record, ScoredMention):
            return each.record
        if self._scorer is not None:
            self._scorer.note(each.record)
        self._done += 1
        self._report(self._done, self._mentions, each.at)
        return each.record.mention


def _warm_up(pipeline: Pipeline, rows: Iterator[FileRow], now: datetime, brands: Iterable[str]) -> None:
    """Put what was known at `now` into the pipeline's store, and start from there as a watcher does.

    The sums that restore() reads hold nothing that was collected later, which those of the real store would.
    """
    ballots: defaultdict[str, Ballot] = defaultdict(Ballot)
    while chunk := list(islice(rows, _CHUNK)):
        batch = batch_of(chunk)
        mentions = batch.mentions
        around = pipeline.around.gather(mentions, mentions)
        scored = [
            ScoredMention(mention=mention, scores=scores, vote=ballots[mention.brand].cast(mention, scores))
            for mention, scores in zip(mentions, pipeline.scorer.score(mentions, around), strict=True)
        ]
        pipeline.around.learn(pipeline.store.mentions.save(scored, batch).mentions)
    pipeline.around.forget()
    restore(pipeline.store, pipeline.brands, pipeline.around, now)
    for brand in brands:
        pipeline.brands.get(brand).watch.begin(now)


def _before(stretch: Stretch, since: datetime) -> Stretch:
    has_room = since - _EPOCH > LEARNED
    return replace(stretch, since=since - LEARNED if has_room else None, until=since)


def _key(mention: Mention) -> MentionKey:
    return mention.platform, mention.id, mention.brand
