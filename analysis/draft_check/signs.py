"""Finds what is no word in a draft: unfilled slots, prices, telephone numbers, winking faces.

Beside `terms`, with patterns out of patterns.toml. Knows no rule; never raises on a draft.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from analysis.draft_check.plain_text import PlainText
from analysis.draft_check.term_files import read_toml
from analysis.draft_check.terms import Hit
from stormcone.errors import ConfigError

_FILE: Final = "patterns.toml"
_MOST: Final = 20  # of one concept; more say nothing more


class Signs:
    r"""The patterns, compiled.

    >>> from analysis.draft_check.plain_text import read_plain
    >>> signs = Signs(given={"slot": [r"\[[A-Z ]+\]"]}, folded={})
    >>> [(hit.concept, hit.start, hit.end) for hit in signs.find(read_plain("Hi [FIRST NAME]!"))]
    [('slot', 3, 15)]
    """

    def __init__(self, *, given: Mapping[str, Sequence[str]], folded: Mapping[str, Sequence[str]]) -> None:
        self._given = _compile(given)
        self._folded = _compile(folded)

    @classmethod
    def load(cls) -> "Signs":
        """Return the patterns that come with Stormcone. Raises: ConfigError: the file is wrong."""
        table = read_toml(_FILE)
        return cls(given=table.get("given", {}), folded=table.get("folded", {}))

    @property
    def concepts(self) -> frozenset[str]:
        """What can be found."""
        return frozenset(concept for concept, _ in (*self._given, *self._folded))

    def find(self, text: PlainText) -> Iterator[Hit]:
        """Yield everything found."""
        starts, ends = [word.start for word in text.words], [word.end for word in text.words]
        for concept, pattern in self._given:
            for found in _first(pattern, text.given):
                yield _hit(concept, *found.span(), starts, ends)
        for concept, pattern in self._folded:
            for found in _first(pattern, text.folded):
                yield _hit(concept, *text.span(*found.span()), starts, ends)


def _first(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    for number, found in enumerate(pattern.finditer(text)):
        if number == _MOST:
            return
        yield found


def _hit(concept: str, start: int, end: int, starts: list[int], ends: list[int]) -> Hit:
    """Return the hit, with the words it covers or, where it covers none, the word before it."""
    first = bisect_right(ends, start)
    last = bisect_left(starts, end) - 1
    return Hit(concept=concept, start=start, end=end, first=min(first, max(last, 0)), last=max(last, 0))


def _compile(table: Mapping[str, Sequence[str]]) -> list[tuple[str, re.Pattern[str]]]:
    compiled = []
    for concept, patterns in table.items():
        for pattern in patterns:
            try:
                compiled.append((concept, re.compile(pattern)))
            except (re.error, TypeError) as error:
                raise ConfigError(f"draft check: {_FILE}: {concept}", value=pattern, remedy=f"{error}") from error
    return compiled
