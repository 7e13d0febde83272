"""Turns mentions into votes: one voice an author, copies folded, so that a shouter or a wave of reposts is no crowd.

After scoring, before the store: rollups add up votes, detectors read those sums. One `Ballot` per brand, fed in the
order of collection; it remembers a day of the brand's stream, the threads under watch, and who has spoken within a
month, within fixed bounds, and is rebuilt after a restart by `restore`. Has no clock: time is what the mentions say.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, TypeVar

from analysis.cleaning import fingerprint
from analysis.first_person import FirstPersonReader
from analysis.strangers import Author, KnownAuthors
from analysis.support_threads import SupportThreads
from stormcone.models import Mention, Scores, Vote

# How long a vote in the stream lasts, in seconds of posted_at. An hour lets a few people who are still stranded after
# two hours vanish from the count; a quarter of an hour keeps them as persistent voices, and a shouter still adds no
# more than four an hour. Chosen on the five airlines of February 2015, where the wave of the 22nd is few and insistent.
QUARTER: Final = 900.0
DAY: Final = 86_400.0  # a text that comes back after a day is news again
WATCH: Final = 7 * DAY  # as long as the thread of an own post is watched
_MOST_ENTRIES: Final = 200_000  # in each memory: a day of the largest brands
_MOST_THREADS: Final = 20_000  # of which it is known when they began

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_STREAM: Final = ("", "")
_NOTHING: Final = (0.0, 0.0)

_Place = tuple[str, str]  # _STREAM, or platform and the id of the post that a thread hangs on
_Key = TypeVar("_Key")
_Kept = TypeVar("_Kept", "_Counted", "_Said")


@dataclass(slots=True)
class _Counted:
    """A vote that was counted. at: its first word, in seconds. against: the most it has spoken against so far."""

    at: float
    against: float


@dataclass(frozen=True, slots=True)
class _Said:
    """A text that was seen. at: when last, in seconds. author: who said it first; None: nobody knows."""

    at: float
    author: Author | None


class _Memory(dict[_Key, _Kept]):
    """A dict that loses its oldest entries, by age and by number, whenever something is added."""

    def remember(self, key: _Key, kept: _Kept, *, since: float) -> None:
        """Put `kept` last; drop what stands first and is from before `since`, in seconds."""
        self.pop(key, None)
        self[key] = kept
        while len(self) > 1:
            oldest = next(iter(self))
            if len(self) <= _MOST_ENTRIES and self[oldest].at >= since:
                return
            del self[oldest]

    def forget_before(self, instant: float) -> None:
        """Drop every entry from before `instant`, in seconds, wherever it stands."""
        for key in [key for key, kept in self.items() if kept.at < instant]:
            del self[key]


class _Poll:
    """One way of counting: how long a vote lasts, and how long a text is remembered, in seconds."""

    def __init__(self, *, vote_lasts: float, copy_lasts: float) -> None:
        self._vote_lasts = vote_lasts
        self._copy_lasts = copy_lasts
        self._latest = float("-inf")
        # The third part of a key is the stretch of time in which the vote began: a row that is collected late finds
        # the vote of its own time, not the author's latest.
        self._votes: _Memory[tuple[_Place, Author, int], _Counted] = _Memory()
        self._texts: _Memory[tuple[_Place, int], _Said] = _Memory()

    def is_copy(self, place: _Place, text: int, author: Author | None, at: float) -> bool:
        """Tell whether somebody else has said `text` here of late, and remember that it was said."""
        if not text:
            return False
        said = self._texts.get((place, text))
        if said is None or abs(at - said.at) >= self._copy_lasts:
            self._texts.remember((place, text), _Said(at, author), since=self._horizon(at))
            return False
        self._texts.remember((place, text), _Said(max(at, said.at), said.author), since=self._horizon(at))
        return author is None or author != said.author

    def count(self, place: _Place, author: Author | None, at: float, against: float) -> tuple[float, float]:
        """Return voice and mass against that a word adds, beyond what its author's vote has added already."""
        if author is None:
            return 1.0, against
        stretch = int(at // self._vote_lasts)
        for each in (stretch, stretch - 1, stretch + 1):
            counted = self._votes.get((place, author, each))
            if counted is not None and abs(at - counted.at) < self._vote_lasts:
                added = max(0.0, against - counted.against)
                counted.against += added
                return 0.0, added
        self._votes.remember((place, author, stretch), _Counted(at, against), since=self._horizon(at))
        return 1.0, against

    def forget_before(self, instant: float) -> None:
        """Drop votes and texts from before `instant`, in seconds."""
        self._votes.forget_before(instant)
        self._texts.forget_before(instant)

    def _horizon(self, at: float) -> float:
        self._latest = max(self._latest, at)
        return self._latest - max(self._vote_lasts, self._copy_lasts)


class Ballot:
    """Counts the votes of one brand; the same mentions in the same order give the same votes.

    In the brand's stream an author has one vote a quarter of an hour, in a thread one for as long as the thread is
    watched. An author who turns hostile later adds the difference. A copy of somebody else's text is spread, not a
    voice: it adds nothing and uses up nobody's vote. An author nobody knows counts as a voice of their own. A post
    dated later than it was collected counts as of its collection. What a customer answers to the brand's own answer is
    no voice of the thread (analysis.support_threads); in the stream it is theirs, as insistence is.
    """

    def __init__(self, authors: KnownAuthors | None = None) -> None:
        """Args: authors: who has mentioned the brand already, where another ballot knew; it is shared from then on."""
        self.authors = KnownAuthors() if authors is None else authors
        self._stream = _Poll(vote_lasts=QUARTER, copy_lasts=DAY)
        self._threads = _Poll(vote_lasts=WATCH, copy_lasts=WATCH)
        self._support = SupportThreads()
        self._begun: dict[_Place, float] = {}  # when threads began: with their post, or the first reply collected
        self._first_person = FirstPersonReader.load()

    def cast(self, mention: Mention, scores: Scores) -> Vote:
        """Return what `mention` adds to the voices and to the mass against the brand, and remember it.

        Args: mention: of this ballot's brand, not cast before. scores: of its text.
        Returns: all zero for an own post, whose text is remembered, so that reposts of it are copies.
        """
        at = _seconds(min(mention.posted_at, mention.seen_at))
        author = (mention.platform, mention.author) if mention.author else None
        text = fingerprint(mention.text)
        is_copy = self._stream.is_copy(_STREAM, text, author, at)
        self._support.hear(mention)
        if mention.is_own_post:
            self._begin((mention.platform, mention.id), at)
            return Vote(voice=0.0, against=0.0, thread_voice=0.0, thread_against=0.0, is_copy=False)
        if author is not None:
            self.authors.hear(author, at, seen_at=_seconds(mention.seen_at))
        in_stream = _NOTHING if is_copy else self._stream.count(_STREAM, author, at, scores.p_against)
        vote = Vote(voice=in_stream[0], against=in_stream[1], thread_voice=0.0, thread_against=0.0, is_copy=is_copy)
        if mention.thread_id is None:
            return vote
        thread = (mention.platform, mention.thread_id)
        begun = self._begin(thread, at)
        if self._threads.is_copy(thread, text, author, at):
            return replace(vote, is_copy=True)
        if self._support.holds(mention):
            return vote
        in_thread = self._threads.count(thread, author, at, scores.hostility)
        if not in_thread[0]:
            return replace(vote, thread_against=in_thread[1])
        return replace(
            vote,
            thread_voice=in_thread[0],
            thread_against=in_thread[1],
            is_stranger=None if author is None else self.authors.is_stranger(author, before=begun),
            is_personal=self._first_person.is_personal(mention.text, scores.lang),
        )

    def restore(self, mention: Mention, scores: Scores) -> None:
        """Remember a mention whose vote is stored already; oldest first, after a restart."""
        self.cast(mention, scores)

    def restore_author(self, author: Author, first_at: datetime, *, last_at: datetime, seen_at: datetime) -> None:
        """Remember that somebody has mentioned the brand; before the mentions of the last days are restored."""
        self.authors.hear(author, _seconds(first_at), last_at=_seconds(last_at), seen_at=_seconds(seen_at))

    def forget_before(self, instant: datetime) -> None:
        """Drop votes and texts of threads from before `instant`: those posts are watched no more."""
        self._threads.forget_before(_seconds(instant))

    def _begin(self, thread: _Place, at: float) -> float:
        """Return when a thread began, as far as anybody has seen by now."""
        begun = min(at, self._begun.pop(thread, at))
        self._begun[thread] = begun
        if len(self._begun) > _MOST_THREADS:
            del self._begun[next(iter(self._begun))]
        return begun


def _seconds(instant: datetime) -> float:
    return (instant - _EPOCH).total_seconds()
