"""Says which language each mention is in, from where that is known, and how surely.

Second step of analysis, after cleaning: the scorer picks its model, its cue table and its confidence by this. What the
platform says wins; then the text itself; a text too short to tell ("ratio", "lol") has the language of its author or
of its thread. Never scores, never remembers one batch in the next, never raises on a text.

Measured on validation texts by `python -m benchmarks.languages`, 15 languages to choose from, nothing known beside the
text. right: share named rightly; sure, and right of those: share with confidence NORMAL (the rest is inherited if
anything is known, else LOW).

                                                  eldc 0.4.0             py3langid 0.4.0
                                            right  sure  right of      right  sure  right of
    film subtitles (XED), 15 languages       .975  .905  .999           .937  .874  .997
    posts on X (UMSAB): de en es fr it pt    .976  .964  .989           .971  .953  .992
    first two words of the subtitles         .811  .671  .999           .614  .427  .991
    posts in Arabic, which is not configured .981  .997  .985           .994  1.00  .994
    texts per second on one core             25,000 to 65,000           6,000 to 11,000

Danish and Norwegian are confused most. Hindi and Arabic in Latin letters are known to neither package.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from analysis.cleaning import for_scoring
from analysis.identify import NO_IDEA, SAME_LANGUAGE, Identifier, Strength, best_identifier, words_of
from stormcone.models import Confidence, Mention, Place, Surroundings

DEFAULT_LANGUAGES: Final = (
    *("en", "hu", "fi", "de", "es", "fr", "it", "pt"),
    *("sv", "pl", "nl", "da", "no", "cs", "ro"),
)

# Codes that platforms still send, and what they are called today.
_RENAMED: Final[Mapping[str, str]] = {
    **SAME_LANGUAGE,
    "in": "id",
    "iw": "he",
    "ji": "yi",
    "jw": "jv",
    "mo": "ro",
    "msa": "ms",
    "fil": "tl",
}
_TAG: Final = re.compile(r"\s*([a-z]{2,3})(?=[-_\s]|$)", re.IGNORECASE)
# Undetermined, no words, several, uncoded; qaa to qtz are private use (on X: qme media only, qht hashtags only ...).
_NO_TAG: Final = re.compile("und|zxx|mul|mis|q[a-t][a-z]")


class LanguageSource(StrEnum):
    """From where a language is known; DEFAULT: it is not, and one was assumed."""

    PLATFORM = "platform"
    DETECTED = "detected"
    AUTHOR = "author"
    THREAD = "thread"
    DEFAULT = "default"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageReading:
    """The language of one mention (None: nobody knows), how surely, and from where.

    lang may be one that is not configured: then it is known that nobody here can read the text.
    """

    lang: str | None
    confidence: Confidence
    source: LanguageSource

    @property
    def is_settled(self) -> bool:
        """Whether tag or text say it themselves, so that others may inherit it."""
        return self.source is LanguageSource.PLATFORM or (
            self.source is LanguageSource.DETECTED and self.confidence is Confidence.NORMAL
        )


_NOBODY_KNOWS: Final = LanguageReading(lang=None, confidence=Confidence.NONE, source=LanguageSource.UNKNOWN)


class LanguageReader:
    """Reads the language of mentions, a batch at a time; may be used from any thread.

    >>> reader = LanguageReader(["en", "hu"])
    >>> reader.languages
    ('en', 'hu')
    """

    def __init__(
        self,
        languages: Sequence[str] = DEFAULT_LANGUAGES,
        default: str | None = "en",
        *,
        identifier: Identifier | None = None,
    ) -> None:
        """Prepare to tell `languages` apart.

        Args: languages: two-letter codes. default: assumed, with confidence LOW, of a text that says too little and
            stands alone ("ratio"); None leaves it open. identifier: another than the best one installed.
        Raises: ValueError: `default` is not among `languages`, or no text can be told to be in any of them.
        """
        self.languages = tuple(dict.fromkeys(_RENAMED.get(lang, lang) for lang in languages))
        if default is not None and default not in self.languages:
            raise ValueError(f"the default language is {default!r}; it must be one of {list(self.languages)}")
        self._identifier = identifier or best_identifier(self.languages)
        self._default = default

    @property
    def package(self) -> str:
        """Package and version at work; belongs into a scorer's name, as another one may answer otherwise."""
        return self._identifier.name

    def read(self, mentions: Sequence[Mention], texts: Sequence[str], around: Surroundings) -> list[LanguageReading]:
        """Return the language of each mention, in order.

        Args: texts: the cleaned texts of `mentions` (analysis.cleaning.for_scoring). around: own posts that are
            answered and the languages of authors, as far as they are known.
        Raises: ValueError: there are not as many texts as mentions.
        """
        readings: list[LanguageReading] = []
        is_open: list[bool] = []
        for mention, text in zip(mentions, texts, strict=True):
            reading, inherits = self._read_alone(mention, text)
            readings.append(reading)
            is_open.append(inherits)
        if any(is_open):
            kin = _Kin(self._with_answered(mentions, readings, around), around)
            return [
                kin.inherited(mention) or reading if inherits else reading
                for mention, reading, inherits in zip(mentions, readings, is_open, strict=True)
            ]
        return readings

    def _with_answered(
        self, mentions: Sequence[Mention], readings: Sequence[LanguageReading], around: Surroundings
    ) -> list[tuple[Mention, LanguageReading]]:
        """Return what is settled, in the batch and of the own posts it answers."""
        wanted = dict.fromkeys(place for mention in mentions for place in _answered(mention))
        posts = [around.posts[place] for place in wanted if place in around.posts]
        read = [(post, self._read_alone(post, for_scoring(post.text))[0]) for post in posts]
        return [pair for pair in (*zip(mentions, readings, strict=True), *read) if pair[1].is_settled]

    def _read_alone(self, mention: Mention, text: str) -> tuple[LanguageReading, bool]:
        """Return what tag and text say, and whether an inherited language would be better than that."""
        tag = _known(mention.lang)
        if tag is not None:
            return _reading(tag, LanguageSource.PLATFORM), False
        words = words_of(text, mention.brand)
        guess = self._identifier.guess(words) if words.letters else NO_IDEA
        if guess.lang is not None and guess.strength is not Strength.WEAK:
            is_sure = guess.strength is Strength.SURE
            confidence = Confidence.NORMAL if is_sure else Confidence.LOW
            return _reading(guess.lang, LanguageSource.DETECTED, confidence), words.is_latin and not is_sure
        if words.letters and words.is_latin and self._default is not None:
            return _reading(self._default, LanguageSource.DEFAULT, Confidence.LOW), True
        return _NOBODY_KNOWS, words.is_latin


class _Kin:
    """The languages of authors and threads, as far as they are settled."""

    def __init__(self, settled: Iterable[tuple[Mention, LanguageReading]], around: Surroundings) -> None:
        self._author_langs = around.author_langs
        self._posts: dict[Place, str] = {}
        self._authors: dict[Place, Counter[str]] = defaultdict(Counter)
        self._threads: dict[Place, Counter[str]] = defaultdict(Counter)
        for mention, reading in settled:
            if reading.lang is None:
                continue
            if mention.is_own_post:
                self._posts[mention.platform, mention.id] = reading.lang
            if mention.author is not None:
                self._authors[mention.platform, mention.author][reading.lang] += 1
            if mention.thread_id is not None:
                self._threads[mention.platform, mention.thread_id][reading.lang] += 1

    def inherited(self, mention: Mention) -> LanguageReading | None:
        """Return the language of the author, else of the thread, else None."""
        if mention.author is not None:
            author = (mention.platform, mention.author)
            lang = _known(self._author_langs.get(author)) or _most_common(self._authors.get(author))
            if lang is not None:
                return _reading(lang, LanguageSource.AUTHOR)
        langs = [self._posts[place] for place in _answered(mention) if place in self._posts]
        if not langs and mention.thread_id is not None:
            others = _most_common(self._threads.get((mention.platform, mention.thread_id)))
            langs = [others] if others is not None else []
        return _reading(langs[0], LanguageSource.THREAD) if langs else None


def _answered(mention: Mention) -> list[Place]:
    """Return where the own post stands that a mention may answer, the nearer place first."""
    return [(mention.platform, post_id) for post_id in (mention.parent_id, mention.root_id) if post_id is not None]


def _known(tag: str | None) -> str | None:
    """Return the language of a platform's tag in today's two letters, None where the tag says nothing."""
    found = _TAG.match(tag) if tag else None
    if found is None:
        return None
    lang = found[1].lower()
    return None if _NO_TAG.fullmatch(lang) else _RENAMED.get(lang, lang)


def _most_common(votes: Counter[str] | None) -> str | None:
    """Return the language with most votes; of equals the first by name, so that the order of a batch is no matter."""
    return min(votes, key=lambda lang: (-votes[lang], lang)) if votes else None


def _reading(lang: str, source: LanguageSource, confidence: Confidence = Confidence.NORMAL) -> LanguageReading:
    return LanguageReading(lang=lang, confidence=confidence, source=source)
