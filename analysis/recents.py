"""The last two hours of mentions in short: what was said, cues, reach, hostile authors, for explaining a surge.

Used by the brand's watch. Keeps numbers and names of cues and authors, never a text; bounded by time and count.
"""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter

from analysis.threads import PostKey
from analysis.usual import Said
from stormcone.models import HOSTILE, ScoredMention

_KEPT = timedelta(minutes=120)
LATELY = timedelta(minutes=10)  # the rate "now": shorter is noise, longer lags behind a storm that grows
_MOST = 20_000  # a larger storm is described well enough by its newest part


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a window's mentions say beyond their counts. said: sums over them, copies left out.

    hostile_crowd: how many people it would be who spoke against the brand, if each had spoken as often: three who shout
    twenty times and one who speaks once are three. lately_share: part of the window's texts that came in its last ten
    minutes, None where it holds none.
    """

    said: Said
    cues: Mapping[str, int]
    hostile_authors: int
    hostile_crowd: float
    top_reach: int | None
    top_reach_author: str | None
    lately_share: float | None = None


@dataclass(slots=True)
class _Note:
    posted_at: datetime
    thread: PostKey | None
    author: str
    followers: int | None
    cues: tuple[str, ...]
    is_against: bool
    p_negative: float
    is_hostile: bool


_POSTED_AT = attrgetter("posted_at")


@dataclass(slots=True)
class Recents:
    """A sliding memory of the mentions that can explain something, oldest first."""

    _notes: list[_Note] = field(default_factory=list)

    def add(self, scored: ScoredMention) -> None:
        """Remember one mention; own posts and copies are not voices and are left out."""
        m, scores = scored.mention, scored.scores
        if m.is_own_post or scored.vote.is_copy:
            return
        note = _Note(
            m.posted_at,
            (m.platform, m.thread_id) if m.thread_id else None,
            m.author or f"{m.platform}:{m.id}",  # nobody named: a person of their own
            m.author_followers,
            scores.cues,
            scores.p_against >= HOSTILE,
            scores.p_negative,
            scores.hostility >= HOSTILE,
        )
        insort(self._notes, note, key=_POSTED_AT)
        if len(self._notes) > _MOST:
            del self._notes[0]

    def forget_before(self, now: datetime) -> None:
        """Drop what is too old to explain anything."""
        notes = self._notes
        if notes and notes[0].posted_at < now - _KEPT:
            del notes[: bisect_left(notes, now - _KEPT, key=_POSTED_AT)]

    def heard(self, *, since: datetime, until: datetime, thread: PostKey | None = None) -> Heard:
        """Return what was heard in [since, until): in the brand's whole stream, or in one thread."""
        first = bisect_left(self._notes, since, key=_POSTED_AT)
        window = self._notes[first : bisect_left(self._notes, until, lo=first, key=_POSTED_AT)]
        if thread is not None:
            window = [note for note in window if note.thread == thread]
        cues: dict[str, int] = {}
        for note in window:
            for cue in note.cues:
                cues[cue] = cues.get(cue, 0) + 1
        against = [note for note in window if note.is_against]
        said_by = Counter(note.author for note in against)
        loudest = max((note for note in against if note.followers is not None), key=_reach, default=None)
        return Heard(
            said=Said(
                texts=len(window),
                negative=sum(note.p_negative for note in window),
                hostile=sum(note.is_hostile for note in window),
                cued=sum(bool(note.cues) for note in window),
            ),
            cues=cues,
            hostile_authors=len(said_by),
            hostile_crowd=len(against) ** 2 / max(1, sum(count * count for count in said_by.values())),
            top_reach=loudest.followers if loudest else None,
            top_reach_author=loudest.author if loudest else None,
            lately_share=sum(note.posted_at >= until - LATELY for note in window) / len(window) if window else None,
        )


def _reach(note: _Note) -> int:
    return note.followers or 0
