"""In what company a brand's critics speak: who says the same, who comments as a trade, who passes on, who reported it.

Beside the memory that explains (`analysis.recents`), fed with every mention, asked when a surge is worth a verdict.
What came in is only read at the first such question, so calm times cost next to nothing; texts are held until then,
three hours at most, in memory only. Bounded by time and number; knows no clock, judges nothing.
"""

import re
from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from operator import attrgetter

from analysis.arranged_waves import ArrangedWaves
from analysis.commentary import CommentaryReader
from analysis.company_notes import CompanyNote, accounts_of
from analysis.coordination import measure_coordination
from analysis.likeness import Likeness, LikeTexts, is_comparable, words_of
from analysis.platform_habits import PlatformHabits
from analysis.press import is_press
from analysis.reports import LATELY, article_host, reported
from analysis.threads import PostKey
from stormcone.config import KindSettings
from stormcone.models import HOSTILE, ScoredMention
from stormcone.models.signal_views import Company, SignalView

_MOST = 6_000  # a larger storm is described well enough by its newest part; about 1.5 kB each once read
_CUT = 600  # characters of a text that are kept and read
_MOST_HASHTAGS = 4
# A storm is asked about every few seconds; its company is measured again when it has grown by a tenth, or aged.
_GROWN, _AGED = 0.1, timedelta(minutes=5)
_PRESS = "press"
_REPOST = "RT @"  # how platforms, and people by habit, mark a repost
_HASHTAG = re.compile(r"(?<![\w&])[#\uff03](\w{2,50})")
_WIDE_HASH = "\uff03"
_AT = attrgetter("at")


@dataclass(frozen=True, slots=True)
class _Measured:
    company: Company
    surely: frozenset[str]  # accounts that are surely arranged
    since: datetime
    until: datetime
    heard: int  # mentions fed by then


class CompanyMemory:
    """The mentions of the last three hours, and what they have in common."""

    def __init__(self, *, own_names: Iterable[str] = (), settings: KindSettings | None = None) -> None:
        """Args: own_names: the brand's name, keywords and hashtags; a hashtag that is one of them says nothing."""
        self._settings = settings or KindSettings()
        self._young = timedelta(days=self._settings.young_days)
        self._own_tags = {"".join(each.casefold().split()).removeprefix("#") for each in own_names}
        self._unread: deque[ScoredMention] = deque(maxlen=_MOST)
        self._heard = 0
        self._notes: list[CompanyNote] = []
        self._measured: dict[PostKey | None, _Measured] = {}
        self._has_press = False  # or passes articles around
        self._likeness = Likeness(self._settings)
        self._habits = PlatformHabits()
        self._commentary = CommentaryReader.load()
        self._waves = ArrangedWaves(self._settings)

    def add(self, scored: ScoredMention) -> None:
        """Take in a mention or an own post, copies too."""
        m = scored.mention
        if len(m.text) > _CUT:
            scored = replace(scored, mention=replace(m, text=m.text[:_CUT]))
        self._unread.append(scored)
        self._heard += 1
        self._habits.begin(m.posted_at)
        self._waves.begin(m.posted_at)
        if is_press(m.platform) and not m.is_own_post:
            self._habits.count(_PRESS, m.posted_at)

    def forget_before(self, now: datetime) -> None:
        """Drop what is too old to be anybody's company."""
        oldest = now - LATELY
        while self._unread and self._unread[0].mention.posted_at < oldest:
            self._unread.popleft()
        if self._notes and self._notes[0].at < oldest:
            self._drop(bisect_left(self._notes, oldest, key=_AT))
        for key in [key for key, measured in self._measured.items() if measured.until < oldest]:
            del self._measured[key]
        self._habits.forget_before(now)
        self._waves.forget_before(oldest, now)

    def wave(self, *, since: datetime, until: datetime, thread: PostKey | None = None) -> int:
        """Return how many accounts of an arranged wave are news; see news(). 0 where the window was not measured."""
        known = self._measured.get(thread)
        if known is None or not self._is_fresh(known, since, until):
            return 0
        return self._waves.news(known.surely, thread, since=since, until=until)

    def share_of_wave(self, threads: Iterable[PostKey]) -> float:
        """Return which share of the wave that was told of the stream spoke in these threads, 0..1."""
        return self._waves.share_in(threads)

    def measure(self, *, since: datetime, until: datetime, thread: PostKey | None = None) -> Company:
        """Return the company of [since, until): in the brand's whole stream, or in one thread.

        The same answer is given again until the crowd can have grown by a tenth, or five minutes have passed.
        """
        known = self._measured.get(thread)
        if known is not None and self._is_fresh(known, since, until):
            return known.company
        self._read_all()
        company, surely = self._company(since, until, thread)
        self._measured[thread] = _Measured(company, surely, since, until, self._heard)
        return company

    def _is_fresh(self, known: _Measured, since: datetime, until: datetime) -> bool:
        is_same_window = until - since == known.until - known.since and timedelta(0) <= until - known.until < _AGED
        return is_same_window and self._heard - known.heard <= _GROWN * known.company.accounts

    def _company(self, since: datetime, until: datetime, thread: PostKey | None) -> tuple[Company, frozenset[str]]:
        notes, settings = self._notes, self._settings
        first, end = bisect_left(notes, since, key=_AT), bisect_left(notes, until, key=_AT)
        window = [
            note
            for note in notes[first:end]
            if not note.is_own_post and not note.is_press and (thread is None or note.thread == thread)
        ]
        alike = _alike(window)
        shared = {texts for texts, like_notes in alike.items() if _is_passing_on(texts, like_notes, settings)}
        said = [note for note in window if not note.is_repost]
        voices = [note for note in said if note.texts is None or note.texts.family not in shared] if shared else said
        found = measure_coordination(voices, [each for texts, each in alike.items() if texts not in shared], settings)
        positive = {note.account: note.p_positive for note in voices}
        accounts = max(len(positive), 1)
        hashtag, users = _entry_hashtag(voices, notes[:first], settings)
        company = Company(
            accounts=len(positive),
            hostile_accounts=len(found.hostile),
            commenting_accounts=len(found.hostile & accounts_of(note for note in voices if note.is_commentary)),
            spread=len(window) - len(voices),
            positive_share=sum(positive.values()) / accounts if positive else None,
            entry_hashtag=hashtag,
            entry_share=users / accounts,
            arranged_share=len(found.arranged) / accounts,
            coordination=found.coordination,
            reported=reported(
                notes[bisect_left(notes, until - LATELY, key=_AT) : end] if self._has_press else window,
                said,
                settings,
                usual_reports=self._habits.usual((_PRESS,), until - LATELY, LATELY),
            ),
        )
        return company, found.surely

    def _read_all(self) -> None:
        """Read what came in since the last question, in the order of posting."""
        if not self._unread:
            return
        fresh = sorted(self._unread, key=_posted_at)
        self._unread.clear()
        is_late = bool(self._notes) and fresh[0].mention.posted_at < self._notes[-1].at
        self._notes += [self._read(scored) for scored in fresh]
        if is_late:
            self._notes.sort(key=_AT)
        if len(self._notes) > _MOST:
            self._drop(len(self._notes) - _MOST)

    def _read(self, scored: ScoredMention) -> CompanyNote:
        m, text = scored.mention, scored.mention.text
        note = CompanyNote(
            at=m.posted_at,
            thread=(m.platform, m.thread_id) if m.thread_id else None,
            account=m.author or f"{m.platform}:{m.id}",  # nobody named: a person of their own
            is_known=m.author is not None,
            is_against=scored.scores.p_against >= HOSTILE,
            p_positive=scored.scores.p_positive,
            is_repost=text.startswith(_REPOST),
            is_own_post=m.is_own_post,
            is_press=is_press(m.platform),
            is_young=None if m.author_created_at is None else m.posted_at - m.author_created_at < self._young,
        )
        if note.is_repost or note.is_press:
            self._has_press |= note.is_press
            return note
        words = words_of(text)
        if is_comparable(words, self._settings.alike_words):
            note.texts, note.alike = self._likeness.place(words, is_own=note.is_own_post)
        if "#" in text or _WIDE_HASH in text:
            tags = dict.fromkeys(tag.casefold() for tag in _HASHTAG.findall(text))
            note.hashtags = tuple(tag for tag in tags if tag not in self._own_tags)[:_MOST_HASHTAGS]
        note.is_commentary = self._commentary.is_commentary(words, m.author)
        if "http" in text:
            note.article = article_host(text)
            self._has_press |= note.article is not None
        return note

    def _drop(self, count: int) -> None:
        for note in self._notes[:count]:
            if note.texts is not None:
                self._likeness.forget(note.texts)
        del self._notes[:count]


def may_hold_wave(view: SignalView, settings: KindSettings) -> bool:
    """Tell whether so much is said, copies too, that an arranged wave may hide in a busy brand's stream.

    Copies are no voices: what is folded away makes no surge of them, but it is said. Where nobody knows what is usual,
    any number that could be a wave may hold one.
    """
    surge = settings.brigade_surge * (view.spread_voices or 0.0)
    return view.mentions >= max(settings.brigade_opens_accounts, (view.usual_voices or 0.0) + surge)


def _entry_hashtag(
    voices: Sequence[CompanyNote], earlier: Sequence[CompanyNote], settings: KindSettings
) -> tuple[str | None, int]:
    """Return the hashtag that most accounts use and that was not everyday before, and how many use it; None for few."""
    used = _users(voices)
    if not used or used.most_common(1)[0][1] < settings.entry_accounts:
        return None, 0
    before = len(accounts_of(earlier))
    if before >= settings.everyday_accounts:
        known, most = _users(earlier), settings.everyday_share * before
        used = Counter({tag: users for tag, users in used.items() if known[tag] < most})
    return min(used.items(), key=lambda each: (-each[1], each[0]), default=(None, 0))


def _users(notes: Iterable[CompanyNote]) -> Counter[str]:
    return Counter(tag for _, tag in {(note.account, tag) for note in notes for tag in note.hashtags})


def _posted_at(scored: ScoredMention) -> datetime:
    return scored.mention.posted_at


def _alike(window: Sequence[CompanyNote]) -> Mapping[LikeTexts, list[CompanyNote]]:
    """Return the notes of the window that can be compared, by the family of their texts."""
    found: dict[LikeTexts, list[CompanyNote]] = {}
    for note in window:
        if note.texts is not None:
            found.setdefault(note.texts.family, []).append(note)
    return found


def _is_passing_on(texts: LikeTexts, notes: Sequence[CompanyNote], settings: KindSettings) -> bool:
    """Tell whether people pass on what the brand or the press wrote, rather than say the same."""
    if texts.is_own:
        return True
    linked = [note for note in notes if note.article is not None]
    return len(linked) * 2 > len(notes) and len(accounts_of(linked)) >= settings.shared_by
