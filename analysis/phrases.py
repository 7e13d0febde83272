"""Looks for thousands of phrases in a text at once, with the liberties angry people take in writing them.

Under the cue tables and the swear words. Phrases become a tree of characters, cut into boughs by their first two,
so that a word is compared with few of them. Knows nothing of what a phrase means; never raises on a text.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

ANY_WORD = "*"
GAP = "…"
_ENDS = f" {GAP}"  # nothing stands before or behind them
# Possessive and bounded throughout: no text of a thousand characters can make the search go back far.
_WORD = r"\w++(?:'\w++)?+"
_SPACE = r"\W{0,3}"
_ANY_GAP = rf"(?:\W{{1,6}}+{_WORD}){{0,6}}?\W{{1,6}}+"
_REST_OF_WORD = r"\w*+"
_APOSTROPHE = "'?"
_WORD_STARTS = re.compile(r"(?<!\w)\w\w?")


class PhraseTree:
    """Phrases compiled to be looked for together.

    Phrases are lower case. A space stands for up to three signs or none (a hashtag), an apostrophe may be missing, `*`
    at the end of a word is any rest of it, `*` alone any one word, `…` alone nought to six words. Phrases that hold a
    `…` are searched by themselves, as they would hide shorter ones.

    >>> list(PhraseTree(["read the room", "nothing says … like"]).find("nothing says care like #readtheroom"))
    [(0, 1), (24, 0)]
    """

    def __init__(self, phrases: Sequence[str]) -> None:
        boughs: dict[str, list[_Bough]] = {}
        for is_wide in (False, True):
            by_start: dict[str, dict[int, str]] = {}
            for number, phrase in enumerate(phrases):
                trimmed = phrase.strip(_ENDS)
                if trimmed and (GAP in trimmed) is is_wide:
                    by_start.setdefault(_start(trimmed), {})[number] = trimmed
            for start, bough in by_start.items():
                boughs.setdefault(start, []).append(_Bough(bough))
        self._anywhere = tuple(boughs.get("", ()))
        self._by_letter = {key: (*each, *self._anywhere) for key, each in boughs.items() if len(key) == 1}
        self._by_letters = {
            key: (*each, *self._by_letter.get(key[0], self._anywhere)) for key, each in boughs.items() if len(key) > 1
        }

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where a phrase starts in `text`, in lower case, and which of the phrases it is, from left to right.

        Of several phrases that start at one place the longer one is found.
        """
        for word in _WORD_STARTS.finditer(text):
            letters = word.group()
            boughs = self._by_letters.get(letters) or self._by_letter.get(letters[0], self._anywhere)
            for bough in boughs:
                match = (bough.pattern or bough.grow()).match(text, word.start())
                if match is not None and match.lastindex is not None:
                    yield word.start(), bough.ends[match.lastindex - 1]


class _Bough:
    """The part of a tree whose phrases begin alike; compiled when a text first comes to it, as most never do."""

    __slots__ = ("_phrases", "ends", "pattern")

    def __init__(self, phrases: dict[int, str]) -> None:
        self._phrases = phrases
        self.pattern: re.Pattern[str] | None = None
        self.ends: tuple[int, ...] = ()

    def grow(self) -> re.Pattern[str]:
        root = _Branch()
        for number, phrase in self._phrases.items():
            branch = root
            for step in _steps(phrase):
                branch = branch.setdefault(step, _Branch())
            branch.phrase = number if branch.phrase is None else branch.phrase
        ends: list[int] = []
        grown = re.compile(root.pattern(ends))
        self.ends = tuple(ends)
        self.pattern = grown  # last, as another thread may be reading
        return grown


def fold_accents(text: str) -> str:
    """Return `text` without accents.

    >>> fold_accents("hülye őrült")
    'hulye orult'
    """
    if text.isascii():
        return text
    return "".join(each for each in unicodedata.normalize("NFD", text) if not unicodedata.combining(each))


class _Branch(dict[str, "_Branch"]):
    """One step of the phrases' common tree; `phrase` where one may stop."""

    phrase: int | None = None

    def pattern(self, ends: list[int]) -> str:
        """Return the pattern of everything below, and append to `ends` which phrase each of its groups closes.

        An empty group stands at each end, behind everything that can fail: the number of the one that matched tells the
        phrase. A phrase that goes on wins over one that stops.
        """
        choices = [step + below.pattern(ends) for step, below in self.items()]
        if self.phrase is not None:
            ends.append(self.phrase)
            choices.append(r"(?!\w)()")
        return choices[0] if len(choices) == 1 else f"(?:{'|'.join(choices)})"


def _start(phrase: str) -> str:
    """Return the first two characters of what a phrase matches, or as many as are certain."""
    if len(phrase) > 1 and phrase[:2].isalnum():
        return phrase[:2]
    return phrase[:1] if phrase[0].isalnum() else ""


def _steps(phrase: str) -> list[str]:
    """Return the pieces of a pattern, a character each where it is one; a gap brings its own spaces."""
    words = phrase.split()
    steps: list[str] = []
    for position, word in enumerate(words):
        if position and GAP not in (word, words[position - 1]):
            steps.append(_SPACE)
        steps += _word_steps(word)
    return steps


def _word_steps(word: str) -> list[str]:
    if word == GAP:
        return [_ANY_GAP]
    if word == ANY_WORD:
        return [_WORD]
    rest = [_REST_OF_WORD] if word.endswith("*") else []
    return [_APOSTROPHE if each == "'" else re.escape(each) for each in word.removesuffix("*")] + rest
