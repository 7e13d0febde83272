"""Finds thousands of phrases in the words of a draft, whatever ending they wear.

Second step of the draft check. A phrase is words with spaces between; `kill` is itself, `gyász*` any word that starts
so, `*tam` any word that ends so, `stab~` a stem with one of the language's endings, `a|b` either, `*` alone any one
word, `…` alone nought to four. A phrase of several words is also found written as one hashtag. Knows no rule; never
raises on a draft.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from analysis.draft_check.plain_text import PlainText, Word
from analysis.draft_check.term_files import ANY_LANGUAGE, TermTable
from analysis.phrases import fold_accents
from stormcone.errors import ConfigError

_GAP_WORDS: Final = 4
_BORROWED_LETTERS: Final = 7  # an English word this long is no chance likeness in a Hungarian or Finnish draft
_UNACCENTED_LETTERS: Final = 5
_LONGEST_STEM: Final = 24
_LONGEST_END: Final = 14
_TAG_LETTERS: Final = 6
_NO_WORD: Final = re.compile(r"[^\w'*~|…]+")  # a draft is cut into words at the same signs
IDIOM: Final = "idiom"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A phrase found. start, end: in the draft as given. first, last: numbers of its words, last included."""

    concept: str
    start: int
    end: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Element:
    """One place of a phrase: exact words, or stems with a pattern of what may follow."""

    exact: frozenset[str]
    stems: tuple[tuple[str, re.Pattern[str] | None], ...]
    ends: tuple[str, ...] = ()
    is_any: bool = False
    is_gap: bool = False

    def fits(self, word: str) -> bool:
        if self.is_any or word in self.exact:
            return True
        if self.ends and word.endswith(self.ends):
            return True
        return any(
            word.startswith(stem) and (rest is None or rest.fullmatch(word, len(stem)) is not None)
            for stem, rest in self.stems
        )


@dataclass(frozen=True, slots=True)
class _Phrase:
    concept: str
    language: str
    elements: tuple[_Element, ...]


class Terms:
    """All phrases of some tables, compiled.

    >>> from analysis.draft_check.plain_text import read_plain
    >>> terms = Terms([TermTable(language="en", endings="s|ed", concepts={"hurt": ("slap~", "beat … up")})])
    >>> [(hit.concept, hit.start, hit.end) for hit in terms.find(read_plain("he slapped, beat them up"), {"en"})]
    [('hurt', 12, 24)]
    >>> [hit.start for hit in terms.find(read_plain("slaps"), {"en"})]
    [0]
    """

    def __init__(self, tables: Sequence[TermTable]) -> None:
        self._by_word: defaultdict[str, list[_Phrase]] = defaultdict(list)
        self._by_stem: defaultdict[str, list[_Phrase]] = defaultdict(list)
        self._by_end: defaultdict[str, list[_Phrase]] = defaultdict(list)
        self._by_tag: defaultdict[str, list[_Phrase]] = defaultdict(list)
        for table in tables:
            endings = re.compile(f"(?:{table.endings})?")
            for concept, phrases in _all_phrases(table):
                for phrase in phrases:
                    self._add(concept, phrase, table.language, endings)

    def _add(self, concept: str, phrase: str, language: str, endings: re.Pattern[str]) -> None:
        phrase = _NO_WORD.sub(" ", phrase.casefold())
        compiled = _Phrase(concept, language, tuple(_element(each, endings, language) for each in phrase.split()))
        if not compiled.elements:
            return
        first = compiled.elements[0]
        if first.is_any or first.is_gap:
            raise ConfigError(f"draft check: {language}: {concept}", value=phrase, remedy="begin with a word")
        for word in first.exact:
            self._by_word[word].append(compiled)
        for stem, _ in first.stems:
            self._by_stem[stem].append(compiled)
        for end in first.ends:
            self._by_end[end].append(compiled)
        joined = "".join(phrase.split())
        if " " in phrase and len(joined) >= _TAG_LETTERS and not set("…*~|") & set(joined):
            self._by_tag[joined].append(compiled)

    def find(self, text: PlainText, languages: Iterable[str]) -> list[Hit]:
        """Return every phrase of these languages, and English ones that are long or in a hashtag, in order."""
        spoken = {*languages, ANY_LANGUAGE}
        found = [hit for number in range(len(text.words)) for hit in self._from(text.words, number, spoken)]
        for tag in text.tags:
            numbers = [n for n, word in enumerate(text.words) if word.start >= tag.start and word.end <= tag.end] or [0]
            known = {hit.concept for hit in found if tag.start <= hit.start and hit.end <= tag.end}
            found += [
                Hit(concept=each.concept, start=tag.start, end=tag.end, first=numbers[0], last=numbers[-1])
                for each in self._by_tag.get(tag.text, ())
                if each.concept not in known
            ]
        return found

    def _from(self, words: Sequence[Word], number: int, spoken: set[str]) -> Iterator[Hit]:
        word = words[number]
        for form in (word.text, *word.forms):
            for phrase in self._starting(form):
                last = _last_of(phrase.elements, words, number, form)
                if last is not None and _is_spoken(phrase, words[number : last + 1], spoken):
                    yield Hit(concept=phrase.concept, start=word.start, end=words[last].end, first=number, last=last)

    def _starting(self, form: str) -> Iterator[_Phrase]:
        yield from self._by_word.get(form, ())
        for length in range(2, min(len(form), _LONGEST_STEM) + 1):
            yield from self._by_stem.get(form[:length], ())
        for length in range(2, min(len(form) - 1, _LONGEST_END) + 1):
            yield from self._by_end.get(form[-length:], ())


def _all_phrases(table: TermTable) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield IDIOM, table.idioms
    yield from table.concepts.items()
    for topic, (names, leans) in table.topics.items():
        yield f"names:{topic}", names
        yield f"leans:{topic}", leans


def _element(word: str, endings: re.Pattern[str], language: str) -> _Element:
    if word in {"*", "…"}:
        return _Element(frozenset(), (), is_any=word == "*", is_gap=word == "…")
    exact: set[str] = set()
    stems: list[tuple[str, re.Pattern[str] | None]] = []
    ends: list[str] = []
    for choice in word.split("|"):
        bare = choice.strip("*~")
        spellings = {bare}
        if language != "en" and len(bare) >= _UNACCENTED_LETTERS:
            spellings.add(fold_accents(bare))
        for spelling in sorted(spellings):
            if choice.startswith("*"):
                ends.append(spelling)
            elif choice.endswith("*"):
                stems.append((spelling, None))
            elif choice.endswith("~"):
                stems.append((spelling, endings))
            else:
                exact.add(spelling)
    return _Element(frozenset(exact), tuple(stems), tuple(ends))


def _last_of(elements: Sequence[_Element], words: Sequence[Word], number: int, form: str) -> int | None:
    """Return the number of the last word if the phrase stands from `number` on, whose word reads `form`."""
    if not elements[0].fits(form):
        return None
    place, skips = number, 0
    for element in elements[1:]:
        if element.is_gap:
            skips = _GAP_WORDS
            continue
        for ahead in range(place + 1, min(place + 2 + skips, len(words))):
            if any(element.fits(each) for each in (words[ahead].text, *words[ahead].forms)):
                place, skips = ahead, 0
                break
        else:
            return None
    return place


def _is_spoken(phrase: _Phrase, words: Sequence[Word], spoken: set[str]) -> bool:
    if phrase.language in spoken:
        return True
    if phrase.language != "en":
        return False
    return all(word.in_tag for word in words) or sum(len(word.text) for word in words) >= _BORROWED_LETTERS


def literal(hits: Sequence[Hit], figurative: frozenset[str]) -> list[Hit]:
    """Return the hits without those of the concepts in `figurative` that stand inside an idiom, and without idioms.

    >>> idiom = Hit(concept="idiom", start=0, end=11, first=0, last=1)
    >>> killer = Hit(concept="violence", start=0, end=6, first=0, last=0)
    >>> literal([idiom, killer], frozenset({"violence"}))
    []
    """
    idioms = [hit for hit in hits if hit.concept == IDIOM]
    return [
        hit
        for hit in hits
        if hit.concept != IDIOM
        and not (
            hit.concept in figurative and any(idiom.first <= hit.first and hit.last <= idiom.last for idiom in idioms)
        )
    ]


def by_concept(hits: Iterable[Hit]) -> Mapping[str, list[Hit]]:
    """Return the hits sorted under their concepts."""
    sorted_hits: defaultdict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        sorted_hits[hit.concept].append(hit)
    return sorted_hits
