"""Whom a storm has drawn in: a second platform, the press, a competitor, an executive's account, a sensitive topic.

Measured for one brand over the last hours, in its whole stream or around one own post; `analysis.severity` says what
follows from it. Keeps counts, names of accounts and the brand's own topic words, never a text; bounded by time and
number. Judges nothing, knows no clock.
"""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter

from analysis.platform_habits import PlatformHabits
from analysis.press import PRESS_PLATFORMS, fold_platform
from analysis.sensitive_topics import SensitiveTopics
from analysis.threads import PostKey
from stormcone.config import AccountSettings, BrandSettings
from stormcone.models import HOSTILE, Mention, ScoredMention

_MOST_NOTES = 20_000  # a larger storm is described well enough by its newest part
_MOST_EXECUTIVE_POSTS = 1_000
_LONGEST_STEP = timedelta(minutes=30)  # a step that has ended is asked about up to so much later


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """Who spoke on one platform in the window.

    people: different people openly against; of the press: different outlets, whatever they say. usual: how many a
    window of this length brings on other days; None where nobody knows yet.
    """

    platform: str
    people: int
    usual: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """What the last `minutes` drew in.

    home: the platform of the own post, None for the brand's stream. crowds: the platforms with people against, in the
    whole stream, most people first. press: None where no outlet wrote. competitors: brands whose accounts spoke.
    people: different people against, in the thread or in the stream; those whose mentions concern an executive's
    account, and those who name a sensitive topic, are a part of them. executives: handles of those accounts.
    topics: hostile mentions by the sensitive topic they name.
    """

    minutes: int = 0
    home: str | None = None
    crowds: tuple[Crowd, ...] = ()
    press: Crowd | None = None
    competitors: tuple[str, ...] = ()
    people: int = 0
    executives: tuple[str, ...] = ()
    executive_people: int = 0
    is_executive_post: bool = False
    topics: Mapping[str, int] = field(default_factory=dict)
    topic_people: int = 0


@dataclass(frozen=True, slots=True)
class _Note:
    posted_at: datetime
    platform: str
    thread: PostKey | None
    author: str
    is_against: bool
    executive: str | None
    competitor: str | None
    topics: tuple[str, ...]


_Account = tuple[str, str | None]  # platform and handle, both folded
_POSTED_AT = attrgetter("posted_at")


class Crossings:
    """A sliding memory of the mentions that can show a crossing; fed in any order, asked about any recent instant."""

    def __init__(self, brand: BrandSettings, competitors: Sequence[BrandSettings] = (), *, window_minutes: int) -> None:
        self._minutes = window_minutes
        self._window = timedelta(minutes=window_minutes)
        self._executives = {
            _account(each): each.handle for each in brand.accounts if each.role == "executive" and _handle(each.handle)
        }
        # A competitor's support account answers customers who name both brands every day; that is no joining in.
        self._competitors = {
            _account(account): each.name
            for each in competitors
            for account in each.accounts
            if account.role != "support" and _handle(account.handle)
        }
        self._topics = SensitiveTopics(brand.profile.sensitive_topics)
        self._habits = PlatformHabits()
        self._notes: list[_Note] = []
        self._executive_posts: dict[PostKey, str] = {}

    def add(self, scored: ScoredMention) -> None:
        """Take in a mention or an own post of the brand."""
        m = scored.mention
        platform = fold_platform(m.platform)
        self._habits.begin(m.posted_at)
        executive = self._executives.get((platform, _handle(m.account or (m.author if m.is_own_post else None))))
        if m.is_own_post:
            if executive is not None:
                self._remember_post((m.platform, m.id), executive)
            return
        is_article = platform in PRESS_PLATFORMS
        is_against = not is_article and not scored.vote.is_copy and scored.scores.p_against >= HOSTILE
        competitor = self._competitors.get((platform, _handle(m.author)))
        if not (is_article or is_against or competitor):
            return
        if is_article or (is_against and scored.vote.voice):
            self._habits.count(platform, m.posted_at)
        topics = self._topics.named_in(m.text) if is_against else ()
        self._keep(_note(m, platform, is_against=is_against, executive=executive, competitor=competitor, topics=topics))

    def forget_before(self, now: datetime) -> None:
        """Drop what no window that is asked about at `now` or later holds."""
        del self._notes[: bisect_left(self._notes, now - self._window - _LONGEST_STEP, key=_POSTED_AT)]
        self._habits.forget_before(now)

    def measure(self, at: datetime, thread: PostKey | None = None) -> Crossing:
        """Return what the window before `at` drew in: around the thread of one own post, or around the whole stream.

        Platforms, press and competitors are the brand's whichever thread is asked about: a storm that crosses leaves
        the thread it began in. Executives and topics are of those who speak in the thread.
        """
        first = bisect_left(self._notes, at - self._window, key=_POSTED_AT)
        notes = self._notes[first : bisect_left(self._notes, at, lo=first, key=_POSTED_AT)]
        against = [note for note in notes if note.is_against]
        here = against if thread is None else [note for note in against if note.thread == thread]
        post_of = self._executive_posts.get(thread) if thread is not None else None
        concerned = here if post_of else [note for note in here if self._executive_of(note)]
        handles = {post_of} if post_of else {self._executive_of(note) for note in concerned}
        return Crossing(
            minutes=self._minutes,
            home=None if thread is None else fold_platform(thread[0]),
            crowds=self._crowds(against, at),
            press=self._press([note for note in notes if note.platform in PRESS_PLATFORMS], at),
            competitors=tuple(sorted({note.competitor for note in notes if note.competitor})),
            people=_people(here),
            executives=tuple(sorted(handle for handle in handles if handle)),
            executive_people=_people(concerned),
            is_executive_post=post_of is not None,
            topics=Counter(topic for note in here for topic in note.topics),
            topic_people=_people(note for note in here if note.topics),
        )

    def _crowds(self, against: Sequence[_Note], at: datetime) -> tuple[Crowd, ...]:
        authors: dict[str, set[str]] = {}
        for note in against:
            authors.setdefault(note.platform, set()).add(note.author)
        crowds = [
            Crowd(platform=each, people=len(names), usual=self._habits.usual((each,), at, self._window))
            for each, names in authors.items()
        ]
        return tuple(sorted(crowds, key=lambda crowd: (-crowd.people, crowd.platform)))

    def _press(self, articles: Sequence[_Note], at: datetime) -> Crowd | None:
        if not articles:
            return None
        usual = self._habits.usual(sorted(PRESS_PLATFORMS), at, self._window)
        return Crowd(platform="press", people=_people(articles), usual=usual)

    def _executive_of(self, note: _Note) -> str | None:
        """Return the executive's account that a mention concerns, by its own word or by the post it answers."""
        return note.executive or (self._executive_posts.get(note.thread) if note.thread is not None else None)

    def _keep(self, note: _Note) -> None:
        insort(self._notes, note, key=_POSTED_AT)
        if len(self._notes) > _MOST_NOTES:
            del self._notes[
                : max(1, bisect_left(self._notes, self._notes[-1].posted_at - self._window, key=_POSTED_AT))
            ]

    def _remember_post(self, key: PostKey, executive: str) -> None:
        self._executive_posts[key] = executive
        if len(self._executive_posts) > _MOST_EXECUTIVE_POSTS:
            del self._executive_posts[next(iter(self._executive_posts))]


def _note(
    m: Mention,
    platform: str,
    *,
    is_against: bool,
    executive: str | None,
    competitor: str | None,
    topics: tuple[str, ...],
) -> _Note:
    thread = (m.platform, m.thread_id) if m.thread_id else None
    author = m.author or f"{m.platform}:{m.id}"  # nobody named: a person of their own
    return _Note(m.posted_at, platform, thread, author, is_against, executive, competitor, topics)


def _account(account: AccountSettings) -> _Account:
    return fold_platform(account.platform), _handle(account.handle)


def _handle(name: str | None) -> str | None:
    """Return a handle as it is compared; None where nobody is named."""
    return (name or "").strip().removeprefix("@").casefold() or None


def _people(notes: Iterable[_Note]) -> int:
    return len({(note.platform, note.author) for note in notes})
