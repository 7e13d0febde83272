"""Turns a draft into words that can be looked up, and remembers where each stood in the draft as it was given.

First step of the draft check. Undoes what hides a word: invisible and bidirectional signs, stacked accents, letters of
other alphabets that look Latin, digits for letters, letters said five times. Never judges, never raises on a text.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

READ_LIMIT: Final = 12_000  # characters; four times the longest post that a platform takes
_ACCENTS_KEPT: Final = 1  # where one letter has more, all of them are ornament
_ACCENT: Final = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_CLUSTER: Final = re.compile(f"(.)({_ACCENT}*)", re.DOTALL)
_WORD: Final = re.compile(r"#?\w+(?:'\w+)*")
_CAMEL: Final = re.compile(r"[A-ZÀ-ÖØ-ÞŐŰ]+(?![a-zà-öø-ÿőű])|[A-ZÀ-ÖØ-ÞŐŰ]?[a-zà-öø-ÿőű]+|\d+")
_RUN: Final = re.compile(r"([^\W\d_])\1{2,}")
_SUPERLATIVE: Final = re.compile(r"leg\w{2,}bb\w*")  # Hungarian puts it in front: legjobb
_OTHER_ALPHABETS: Final = re.compile("[\u0370-\u03ff\u0400-\u04ff]")
_LATIN: Final = re.compile("[A-Za-zÀ-ž]")
_LOOKS_LATIN: Final = str.maketrans("аеорсухіѕјһкмтвнԁɡοαειкνρτυχ", "aeopcyxisjhkmtbhdgoaeiknptux")
_FOR_LETTERS: Final = str.maketrans("01345789", "oieastbg")
_APOSTROPHES: Final = frozenset("\u2018\u2019\u02bc\u2032\u0060\u00b4")
_FILLERS: Final = frozenset("\u115f\u1160\u3164\uffa0")
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Mn", "Me"})


@dataclass(frozen=True, slots=True)
class Word:
    """One word, folded. start, end: in the draft as given. in_tag: part of a hashtag. forms: how else it reads."""

    text: str
    start: int
    end: int
    in_tag: bool = False
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainText:
    """A draft, read.

    given: its first READ_LIMIT characters. folded: without ornament, lower case. starts: for each sign of `folded` the
    place in `given` (one more at the end). words: in order. tags: whole hashtags, without the #.
    """

    given: str
    folded: str
    starts: tuple[int, ...]
    words: tuple[Word, ...]
    tags: tuple[Word, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where a stretch of `folded` stands in the draft as it was given."""
        return self.starts[start], max(self.starts[start], self.starts[max(end - 1, 0)] + 1)


def read_plain(text: str) -> PlainText:
    r"""Read a draft.

    >>> read = read_plain("K\u200bILLER \u0430nd #EarthDay")
    >>> [word.text for word in read.words], read.tags[0].text, read.span(0, 6)
    (['killer', 'and', 'earth', 'day'], 'earthday', (0, 7))
    """
    given = text[:READ_LIMIT]
    if given.isascii() and given.isprintable():
        folded, starts = given.casefold(), tuple(range(len(given) + 1))
    else:
        folded, starts = _fold(given)
    words: list[Word] = []
    tags: list[Word] = []
    for found in _WORD.finditer(folded):
        word = found.group().strip("_")
        start, end = starts[found.start()], starts[found.end() - 1] + 1
        if word.startswith("#"):
            tags.append(Word(word[1:], start, end, in_tag=True))
            words += _pieces(given, start, end)
        elif word:
            words.append(Word(word, start, end, forms=_other_forms(word)))
    return PlainText(given=given, folded=folded, starts=starts, words=tuple(words), tags=tuple(tags))


def _fold(given: str) -> tuple[str, tuple[int, ...]]:
    signs: list[str] = []
    starts: list[int] = []
    maps_letters = len(_OTHER_ALPHABETS.findall(given)) < len(_LATIN.findall(given))
    for found in _CLUSTER.finditer(given):
        base = found[1]
        if _is_hidden(base):
            continue
        folded = unicodedata.normalize("NFKC", base + (found[2] if len(found[2]) <= _ACCENTS_KEPT else "")).casefold()
        if base in _APOSTROPHES:
            folded = "'"
        elif base.isspace() and base != "\n":
            folded = " "
        if maps_letters:
            folded = folded.translate(_LOOKS_LATIN)
        kept = [sign for sign in folded if not unicodedata.combining(sign)]
        signs += kept
        starts += [found.start()] * len(kept)
    starts.append(len(given))
    return "".join(signs), tuple(starts)


def _is_hidden(sign: str) -> bool:
    """Tell whether a sign cannot be seen: controls, formats (joiners, bidi), halves of pairs, variation selectors."""
    return (unicodedata.category(sign) in _HIDDEN and sign not in "\n\t\r") or sign in _FILLERS


def _pieces(given: str, start: int, end: int) -> list[Word]:
    """Return the words of a hashtag written LikeThis, or the hashtag as one."""
    return [
        Word(found.group().casefold(), start + found.start(), start + found.end(), in_tag=True)
        for found in _CAMEL.finditer(given[start:end])
    ]


def _other_forms(word: str) -> tuple[str, ...]:
    forms = []
    if _RUN.search(word):
        forms += [_RUN.sub(r"\1", word), _RUN.sub(r"\1\1", word)]
    if _SUPERLATIVE.fullmatch(word):
        forms.append(word.removeprefix("leg"))
    if not word.isalpha() and not word.isdigit() and sum(map(str.isalpha, word)) >= sum(map(str.isdigit, word)):
        forms.append(word.translate(_FOR_LETTERS))
    return tuple(form for form in forms if form != word)
