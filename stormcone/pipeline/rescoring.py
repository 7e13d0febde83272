"""Stored history through the current scorer: new scores, votes recast in the order of collection, sums corrected.

The work of `stormcone rescore`. Reads and writes in chunks, each one transaction, so that it may be killed and run
again: what the current scorer has scored is only voted on again. Never polls, and never touches verdicts, incidents or
evidence: those say what was believed at the time.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from analysis.voting import WATCH, Ballot
from stormcone.models import HOSTILE, Scores
from stormcone.pipeline.surroundings import Gatherer
from stormcone.ports import Scorer
from stormcone.store import Store, StoredMention

_CHUNK = 2_000  # mentions in one transaction: large enough to be quick, small enough that a watcher need not wait


@dataclass(slots=True, kw_only=True)
class Rescored:
    """What a rescoring has done so far.

    read: mentions and own posts that were asked for. rescored: by the name of the scorer they had. changed_side: of
    those, how many are hostile now, or negative, and were not, or the other way round. changed: rows with other scores
    or another vote than before.
    """

    read: int = 0
    rescored: Counter[str] = field(default_factory=Counter)
    changed_side: int = 0
    changed: int = 0


class Rescoring:
    """One run over the history of one brand, or of all."""

    def __init__(self, store: Store, scorer: Scorer, *, is_dry_run: bool = False) -> None:
        self._store = store
        self._scorer = scorer
        self._is_dry_run = is_dry_run
        self._around = Gatherer(store)
        self._ballots: defaultdict[str, Ballot] = defaultdict(Ballot)
        self.done = Rescored()

    def run(self, *, brand: str | None = None, since: datetime | None = None) -> Rescored:
        """Rescore what is stored, to its newest mention.

        Args: brand: only of this one. since: only what was posted at or after it; what was said shortly before is read,
            so that votes which had begun still count, and is left as it is.
        Returns: what was done, or with a dry run would be.
        Raises: StoreError: the chunks before are stored, the one under way is not.
        """
        number, earliest = 0, None if since is None else _before(since)
        while chunk := self._store.history.following(number, brand=brand, since=earliest, limit=_CHUNK):
            number = chunk[-1].number
            self._take(chunk, since)
        return self.done

    def _take(self, chunk: Sequence[StoredMention], since: datetime | None) -> None:
        judged = self._judge(chunk, since)
        changed = [new for old, new in zip(chunk, judged, strict=True) if new != old]
        if not self._is_dry_run:
            self._store.history.rewrite(changed)
        self._around.learn(each.scored for each in judged)
        self.done.changed += len(changed)

    def _judge(self, chunk: Sequence[StoredMention], since: datetime | None) -> list[StoredMention]:
        """Return the chunk with the scores and votes of today; what is from before `since` as it is."""
        old = [each for each in chunk if self._is_to_read(each, since)]
        mentions = [each.scored.mention for each in old]
        around = self._around.gather(mentions, [each.scored.mention for each in chunk])
        fresh = {each.number: scores for each, scores in zip(old, self._scorer.score(mentions, around), strict=True)}
        return [self._recast(each, fresh.get(each.number), since) for each in chunk]

    def _is_to_read(self, stored: StoredMention, since: datetime | None) -> bool:
        return _is_asked_for(stored, since) and not stored.is_erased and not self._has_read(stored.scored.scores)

    def _has_read(self, scores: Scores) -> bool:
        """True where the scorer of today was the first to read, whether or not a second one ("first+second") did.

        Second readings are a sample within a budget: neither missed where there was none, nor dropped where there was.
        """
        return scores.scorer.partition("+")[0] == self._scorer.name.partition("+")[0]

    def _recast(self, stored: StoredMention, scores: Scores | None, since: datetime | None) -> StoredMention:
        if stored.is_erased:  # who said it is no longer known, nor what: its vote of then is the best there is
            self.done.read += _is_asked_for(stored, since)
            return stored
        before = stored.scored
        after = scores or before.scores
        vote = self._ballots[before.mention.brand].cast(before.mention, after)
        if not _is_asked_for(stored, since):
            return stored
        self.done.read += 1
        if scores is not None:
            self.done.rescored[before.scores.scorer] += 1
            self.done.changed_side += _side(before.scores) != _side(scores)
        return replace(stored, scored=replace(before, scores=after, vote=vote))


def _before(since: datetime) -> datetime:
    """Return from when on votes that still count `since` may have begun."""
    try:
        return since - timedelta(seconds=WATCH)
    except OverflowError:  # the first days of the calendar
        return since


def _is_asked_for(stored: StoredMention, since: datetime | None) -> bool:
    return since is None or stored.scored.mention.posted_at >= since


def _side(scores: Scores) -> tuple[bool, bool]:
    return scores.hostility >= HOSTILE, scores.p_negative >= HOSTILE
