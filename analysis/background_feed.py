"""Feeds a brand's background: which of its mentions teach what is usual, and when.

Between ingest (or the store, after a restart) and the background. Of each half hour the first few texts are taken, so
that a dense stream costs no more than a calm one, and a restart can pick the same ones. What is taken waits for two
hours: by then it is known whether it belonged to a storm. Never explains.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from analysis.background import Background
from stormcone.models import HOSTILE, ScoredMention

STRETCH: Final = timedelta(minutes=30)
# Texts of a stretch that are taken: all of a brand with 10 mentions an hour, some 7,000 a month of any larger one. A
# word of one text in a thousand is then known well enough, and a restart reads them within a second or two a brand.
TAKEN_OF_STRETCH: Final = 5
RIPE_AFTER: Final = timedelta(hours=2)  # longer than the longest window of the detector: a storm is seen by then
_MOST_CHARS: Final = 4_000  # of a text that waits; more than is read of any
_MOST_STRETCHES: Final = 1_000  # counted at once: three weeks of late arrivals
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Waiting:
    at: datetime
    text: str
    is_hostile: bool


def said_at(scored: ScoredMention) -> datetime:
    """Return when something was said: a date ahead of its collection is not believed."""
    return min(scored.mention.posted_at, scored.mention.seen_at)


def start_of_stretch(instant: datetime) -> datetime:
    """Return the beginning of the half hour an instant lies in."""
    return _EPOCH + (instant - _EPOCH) // STRETCH * STRETCH


class BackgroundFeed:
    """One brand's background, and what waits to get there."""

    def __init__(self, *, brand_words: Collection[str] = ()) -> None:
        self.background = Background(brand_words=brand_words)
        self._taken: dict[int, int] = {}
        self._waiting: list[_Waiting] = []
        self._newest = _EPOCH
        self._is_stirred = False

    def learn(self, scored: ScoredMention) -> None:
        """Take in a stored mention, in order of collection; most of a dense stream are passed over at once.

        Own posts and copies teach nothing: topics fold copies, too.
        """
        at = said_at(scored)
        stretch = (at - _EPOCH) // STRETCH
        taken = self._taken.get(stretch, 0)
        if taken >= TAKEN_OF_STRETCH or scored.mention.is_own_post or scored.vote.is_copy:
            return
        self._taken[stretch] = taken + 1
        if len(self._taken) > _MOST_STRETCHES:
            del self._taken[next(iter(self._taken))]
        self._newest = max(self._newest, at)
        self._ripen()
        is_hostile = scored.scores.p_against >= HOSTILE
        if not (self._is_stirred and is_hostile):
            self._waiting.append(_Waiting(at, scored.mention.text[:_MOST_CHARS], is_hostile))

    def restore(self, scored: ScoredMention, storms: Iterable[tuple[datetime, datetime]]) -> None:
        """Take in a stored mention of the past, oldest first, after a restart.

        Args: storms: when incidents of the brand opened and ended: what would not have been learned then is not now.
        """
        at = said_at(scored)
        if scored.scores.p_against >= HOSTILE and any(opened - RIPE_AFTER <= at <= ended for opened, ended in storms):
            return
        self.learn(scored)

    def note_incident(self, *, is_live: bool) -> None:
        """Learn whether the brand has a live incident: its hostile texts, the two hours before included, are no
        background, or a storm would soon be nothing unusual.
        """
        self._is_stirred = is_live
        if is_live and self._waiting:
            self._waiting = [each for each in self._waiting if not each.is_hostile]

    def _ripen(self) -> None:
        ripe = self._newest - RIPE_AFTER
        if any(each.at <= ripe for each in self._waiting):
            for each in self._waiting:
                if each.at <= ripe:
                    self.background.add(each.text, each.at)
            self._waiting = [each for each in self._waiting if each.at > ripe]
