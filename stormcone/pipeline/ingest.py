"""From a batch to the store: drop what is known, gather what stands around it, score, vote, save, show the detectors.

The first half of the pipeline. One transaction a batch; detectors are fed only with what was really stored, so a
repeated page changes nothing. Never judges.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from stormcone.errors import StoreError
from stormcone.models import Batch, Edit, Mention, Place, ScoredMention, Scores, Vote
from stormcone.pipeline.brands import Brands
from stormcone.pipeline.restoring import recount_votes
from stormcone.pipeline.slips import Slips
from stormcone.pipeline.surroundings import Gatherer
from stormcone.ports import Scorer
from stormcone.store import CursorMove, EditedMention, Looked, MentionKey, Store

_REMEMBERED = 20_000  # keys, some 250 bytes each: more than pages overlap by


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of the rows of a batch, mentions and all others: read = stored + known.

    edited: stored mentions that say something else now. looked: what became of the checks; `looked.is_doubted` where so
    much was missing at once that the platform is doubted. cost_usd: what the poll cost, each thing billed once a day.
    """

    read: int
    stored: int
    known: int
    mentions: int  # the part of `stored` that is mentions and own posts
    looked: Looked
    edited: int = 0
    cost_usd: float = 0.0


class Ingest:
    """Takes batches in."""

    def __init__(
        self, store: Store, scorer: Scorer, brands: Brands, around: Gatherer, slips: Slips | None = None
    ) -> None:
        self._store = store
        self._slips = slips
        self._scorer = scorer
        self._brands = brands
        self._around = around
        self._lately: dict[MentionKey, None] = {}
        self._has_void_votes = False  # cast for mentions that could not be stored: they would silence the same page

    def take(self, batch: Batch, *, move: CursorMove | None = None) -> Taken:
        """Store a batch and show it to the detectors.

        Args: move: advance of the polled source's cursor, in the same transaction; None for imports and replays.
        Raises: StoreError: nothing of the batch was stored.
        """
        fresh = _newest_words(self._unknown(batch.mentions), batch.edits)
        if self._has_void_votes and fresh:
            recount_votes(self._store, self._brands, max(m.seen_at for m in fresh))
            self._has_void_votes = False
        changed = self._store.mentions.changed_by(batch.edits)
        read = [*fresh, *(each.scored.mention for each in changed)]
        scores_of = self._scorer.score(read, self._around.gather(read, batch.mentions))
        scored = [
            ScoredMention(mention=m, scores=scores, vote=self._brands.get(m.brand).ballot.cast(m, scores))
            for m, scores in zip(fresh, scores_of, strict=False)
        ]
        edited = [_rescored(each, scores) for each, scores in zip(changed, scores_of[len(fresh) :], strict=True)]
        try:
            saved = self._store.mentions.save(scored, batch, move=move, edited=edited)
        except StoreError:
            # Nothing was stored: the same page must pass the next time, and its authors be heard.
            self._lately.clear()
            self._has_void_votes = True
            raise
        self._around.learn([*saved.mentions, *(each.scored for each in edited)])
        self._show(saved.mentions, batch)
        if self._slips is not None:
            self._slips.note(saved.mentions, batch.likes)
        stored = len(saved.mentions) + saved.companions
        return Taken(
            read=batch.size,
            stored=stored,
            known=batch.size - stored,
            mentions=len(saved.mentions),
            looked=saved.looked,
            edited=saved.edited,
            cost_usd=saved.cost_usd,
        )

    def _unknown(self, mentions: tuple[Mention, ...]) -> list[Mention]:
        """Return what was not taken lately, each key once: scoring is the dear part, and pages overlap.

        The memory only saves work. What it has forgotten is scored again, and refused by the store.
        """
        fresh = []
        for m in mentions:
            key = (m.platform, m.id, m.brand)
            if key not in self._lately:
                self._lately[key] = None
                fresh.append(m)
        while len(self._lately) > _REMEMBERED:
            del self._lately[next(iter(self._lately))]
        return fresh

    def _show(self, stored: tuple[ScoredMention, ...], batch: Batch) -> None:
        for each in stored:
            brand = self._brands.get(each.mention.brand)
            brand.watch.feed(each)
            brand.feed.learn(each)
        for seen in batch.engagements:
            self._brands.get(seen.brand).watch.engage(seen)
        for gap in batch.gaps:
            for brand in self._brands if gap.brand is None else [self._brands.get(gap.brand)]:
                brand.watch.note_gap(gap)
        for filled in batch.filled:
            for brand in self._brands if filled.brand is None else [self._brands.get(filled.brand)]:
                brand.watch.note_filled(filled)


def _newest_words(fresh: list[Mention], edits: Sequence[Edit]) -> list[Mention]:
    """Return new mentions as they read after the edits that came in the same batch."""
    if not edits:
        return fresh
    newest: dict[Place, str] = {}
    for edit in sorted(edits, key=lambda each: each.edited_at):
        newest[edit.platform, edit.id] = edit.text
    return [replace(m, text=newest.get((m.platform, m.id), m.text)) for m in fresh]


def _rescored(edited: EditedMention, scores: Scores) -> EditedMention:
    return replace(edited, scored=replace(edited.scored, scores=scores, vote=_reweighed(edited.scored.vote, scores)))


def _reweighed(vote: Vote, scores: Scores) -> Vote:
    """Return the vote of an edited mention: where a vote began with it, that weighs what the text says now.

    Whether a vote began with it was settled when it was first collected; what it added to an earlier one stays.
    """
    return replace(
        vote,
        against=scores.p_against if vote.voice else vote.against,
        thread_against=scores.hostility if vote.thread_voice else vote.thread_against,
    )
