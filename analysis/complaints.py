"""Which customers complained in a week, and whether the brand answered them in public.

Asked by the command line, the report and the screens, on what is stored. Counts conversations, not texts. Where the
brand's own answers are not collected the state is unknown, never a rate of nought. Has no clock, reads no database.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Final

from analysis.answer_figures import gap_hours, hours_of, week_of
from analysis.arranged_texts import arranged_texts
from analysis.cleaning import for_scoring
from analysis.cue_files import Cue, CueGroup, read_table
from analysis.first_person import FirstPersonReader
from analysis.likeness import words_of
from stormcone.config import AccountSettings, BrandSettings, KindSettings
from stormcone.models import HOSTILE, Mention, Place, Role, ScoredMention
from stormcone.models.complaints import Answering, Complaint, ComplaintTalk, ComplaintWeek, Sign

_REPOST: Final = "RT @"  # how platforms, and people by habit, mark a repost
_QUESTION_MARKS: Final = frozenset("?\uff1f\u061f")
_ANGER: Final = frozenset(CueGroup) - {CueGroup.SERVICE}
_HIGHEST_CHAIN: Final = 30  # answers of answers; deeper conversations are rare and nobody reads them
_READ: Final = 4_000  # characters in which a handle is looked for

_Key = tuple[str, str | None, str]  # platform, author, conversation; without an author the mention's own id


def complaint_week(talk: ComplaintTalk, brand: BrandSettings, kinds: KindSettings) -> ComplaintWeek:
    """Return the complaints of a week, and which were answered by `talk.until`.

    A complaint is a mention that reads negative or hostile, by somebody who is not the brand, in own words (no repost,
    no copy, no text of an arranged wave), with one of three signs: it names trouble with the service (a cue of that
    group); it tells the brand what happened to its author; or it asks the brand something without a cue of anger, as
    pile-ons ask much and want no answer. Further texts of the same person in the same conversation belong to the same
    complaint; it counts in the week of its first text. It is answered by the first own post, of any account but an
    executive's, that stands below it or below a later text of that person in that conversation. Answers in private are
    not seen.
    Args: talk: of one brand and week. brand: its accounts and time zone. kinds: what an arranged wave is.
    Source: own definition, measured in docs/after-the-decision.md. A lower bound: polite questions are no complaints.
    """
    book = _Book(talk)
    reader = _Reader(brand.accounts, book)
    arranged = arranged_texts([each.mention for each in talk.against], kinds)
    complaints = _first_texts(talk, book, reader, arranged)
    executives = _handles(brand.accounts, {Role.EXECUTIVE})
    answers = [each for each in talk.answers if (each.platform, _named(each.account or each.author)) not in executives]
    answered = _answered(complaints, answers, book)
    collected = {
        each.platform for each in talk.seen_answering if (each.platform, _named(each.handle)) not in executives
    } | {each.platform for each in answered if each.answered_at is not None}
    told = [_standing(each, talk, is_collected=each.platform in collected) for each in answered]
    unread = sum(not each.mention.text and not each.vote.is_copy and reader.sign(each) is None for each in talk.against)
    gaps = gap_hours(talk)
    return replace(week_of(talk, told, collected=collected, gaps=gaps), hours=hours_of(told, brand.zone), unread=unread)


def _first_texts(
    talk: ComplaintTalk, book: "_Book", reader: "_Reader", arranged: frozenset[Place]
) -> dict[_Key, Complaint]:
    """Return the first complaining text of each person in each conversation, by both."""
    found: dict[_Key, Complaint] = {}
    for each in talk.against:
        m = each.mention
        sign = None if (m.platform, m.id) in arranged else reader.sign(each)
        if sign is None:
            continue
        key = book.key(m)
        if key in found or book.has_begun_before(m, reader, talk):
            continue
        found[key] = Complaint(
            platform=m.platform,
            mention_id=m.id,
            author=m.author,
            posted_at=m.posted_at,
            text=m.text,
            url=m.url,
            sign=sign,
            answering=Answering.OPEN,
            waited_minutes=0.0,
        )
    return found


def _answered(complaints: dict[_Key, Complaint], answers: Sequence[Mention], book: "_Book") -> list[Complaint]:
    """Return the complaints, each with its first answer where there is one."""
    done = dict(complaints)
    for answer in answers:
        for above in book.above(answer):
            if above.is_own_post:
                continue
            key = book.key(above)
            complaint = done.get(key)
            if complaint is None or complaint.answered_at is not None:
                continue
            if complaint.posted_at <= above.posted_at and complaint.posted_at <= answer.posted_at:
                done[key] = replace(
                    complaint,
                    answered_at=answer.posted_at,
                    answer_id=answer.id,
                    answered_by=answer.account or answer.author,
                )
    return list(done.values())


def _standing(complaint: Complaint, talk: ComplaintTalk, *, is_collected: bool) -> Complaint:
    end = complaint.answered_at or max(talk.until, complaint.posted_at)
    answering = Answering.ANSWERED if complaint.answered_at else Answering.OPEN if is_collected else Answering.UNKNOWN
    waited = (end - complaint.posted_at).total_seconds() / 60
    return replace(complaint, answering=answering, waited_minutes=waited)


class _Book:
    """Everything stored around a week's complaints, by place: what answers what."""

    def __init__(self, talk: ComplaintTalk) -> None:
        self._scored = {_place(each.mention): each for each in (*talk.above, *talk.against)}
        self._mentions = {place: each.mention for place, each in self._scored.items()}
        self._mentions.update({_place(each): each for each in talk.answers})

    def above(self, mention: Mention) -> Iterator[Mention]:
        """Yield what a mention answers, what that answers, and so on, as far as it is stored."""
        seen = {_place(mention)}
        for _ in range(_HIGHEST_CHAIN):
            higher = self._next(mention)
            if higher is None or _place(higher) in seen:
                return
            seen.add(_place(higher))
            yield higher
            mention = higher

    def key(self, mention: Mention) -> _Key:
        """Return whose complaint, in which conversation, a text belongs to."""
        if mention.author is None:
            return mention.platform, None, mention.id
        top = mention
        for top in self.above(mention):  # noqa: B007 - the last one is wanted
            pass
        return mention.platform, mention.author, top.root_id or top.parent_id or top.id

    def is_to_brand(self, mention: Mention) -> bool:
        """Tell whether a text stands below a post of the brand."""
        return any(each.is_own_post for each in self.above(mention))

    def has_begun_before(self, mention: Mention, reader: "_Reader", talk: ComplaintTalk) -> bool:
        """Tell whether the same person complained higher up in the conversation before the week began."""
        return mention.author is not None and any(
            each.author == mention.author
            and each.posted_at < talk.since
            and (scored := self._scored.get(_place(each))) is not None
            and reader.sign(scored) is not None
            for each in self.above(mention)
        )

    def _next(self, mention: Mention) -> Mention | None:
        for identifier in (mention.parent_id, mention.root_id):
            if identifier is not None and identifier != mention.id:
                found = self._mentions.get((mention.platform, identifier))
                if found is not None:
                    return found
        return None


class _Reader:
    """Reads from a mention whether it complains, and how that shows."""

    def __init__(self, accounts: Iterable[AccountSettings], book: _Book) -> None:
        self._own = _handles(accounts, set(Role))
        self._book = book
        self._first_person = FirstPersonReader.load()
        self._called = {platform: _called(self._own, platform) for platform, _ in self._own}

    def sign(self, scored: ScoredMention) -> Sign | None:
        """Return what makes a text a complaint, None where it is none."""
        m, scores = scored.mention, scored.scores
        if m.is_own_post or scored.vote.is_copy or scores.p_against < HOSTILE:
            return None
        if (m.platform, _named(m.author)) in self._own or m.text.startswith(_REPOST):
            return None
        if not cues_of(frozenset({CueGroup.SERVICE})).isdisjoint(scores.cues):
            return Sign.SERVICE
        if not words_of(m.text) or not self._is_addressed(m):
            return None
        if self._first_person.is_personal(m.text, scores.lang) is True:
            return Sign.EXPERIENCE
        return Sign.QUESTION if _asks(m.text) and cues_of(_ANGER).isdisjoint(scores.cues) else None

    def _is_addressed(self, mention: Mention) -> bool:
        called = self._called.get(mention.platform)
        if called is not None and called.search(mention.text[:_READ].casefold()) is not None:
            return True
        return mention.account is not None or self._book.is_to_brand(mention)


@cache
def cues_of(groups: frozenset[CueGroup]) -> frozenset[str]:
    """Return the names of the cues of some groups, of all languages.

    >>> sorted(cues_of(frozenset({CueGroup.SERVICE})))[:2]
    ['cancelled or delayed', 'cannot log in']
    """
    return frozenset(cue.name for cue in _every_cue() if cue.group in groups)


@cache
def _every_cue() -> tuple[Cue, ...]:
    """Return the cues of all languages, read once in a process: the tables hold ten thousand phrases."""
    folder = resources.files("analysis") / "cue_tables"
    languages = sorted(each.name.removesuffix(".toml") for each in folder.iterdir() if each.name.endswith(".toml"))
    return tuple(cue for language in languages for cue in read_table(language).cues)


def _asks(text: str) -> bool:
    """Tell whether a text asks something; links hold question marks, too."""
    return not _QUESTION_MARKS.isdisjoint(text) and not _QUESTION_MARKS.isdisjoint(for_scoring(text))


def _called(own: Iterable[tuple[str, str]], platform: str) -> re.Pattern[str]:
    names = sorted(re.escape(handle) for each, handle in own if each == platform)
    return re.compile(rf"@(?:{'|'.join(names)})(?![\w-])")


def _handles(accounts: Iterable[AccountSettings], roles: set[Role]) -> frozenset[tuple[str, str]]:
    return frozenset((each.platform, _named(each.handle)) for each in accounts if Role(each.role) in roles)


def _named(handle: str | None) -> str:
    return (handle or "").removeprefix("@").casefold()


def _place(mention: Mention) -> Place:
    return mention.platform, mention.id
