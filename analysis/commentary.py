"""Tells who comments on a storm as a matter of trade from who is concerned by it, by phrases that can be read.

Under the memory of company, on the words of one mention. The phrases stand in commentary.toml. An estimate of what is
said, never of who somebody is; most commentary goes unrecognised, and nothing is inferred from silence.
"""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from analysis.likeness import words_of
from stormcone.errors import ConfigError

_ENOUGH_HINTS: Final = 2
_ANY_REST: Final = "*"
_Phrase = tuple[str, str]  # a word that stands in it, and how it reads between spaces


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentaryPhrases:
    """The phrases of all languages together; a trade speaks English words everywhere."""

    sure: tuple[str, ...]
    hint: tuple[str, ...]
    concerned: tuple[str, ...]
    handles: tuple[str, ...]


class CommentaryReader:
    """Reads whether a mention comments on the matter.

    >>> reader = CommentaryReader.load()
    >>> reader.is_commentary(words_of("A case study in how not to do launches."), author="someone")
    True
    >>> reader.is_commentary(words_of("PR disaster or not, I want my money back"), author="someone")
    False
    """

    def __init__(self, phrases: CommentaryPhrases) -> None:
        self._sure = _by_word(phrases.sure)
        self._hint = _by_word(phrases.hint)
        self._concerned = _by_word(phrases.concerned)
        self._words = self._sure.keys() | self._hint.keys()
        self._handles = phrases.handles

    @classmethod
    @cache
    def load(cls) -> "CommentaryReader":
        """Return the reader of the phrases that come with Stormcone, built once in a process.

        Raises: ConfigError: the file of phrases is wrong.
        """
        return cls(_read())

    def is_commentary(self, words: Sequence[str], author: str | None) -> bool:
        """Tell whether somebody comments on the matter rather than being concerned by it.

        Args: words: as `words_of` returns them. author: the handle, None where nobody knows.
        """
        if self._words.isdisjoint(words):
            return False
        said = f" {' '.join(words)} "
        if _any(self._concerned, words, said):
            return False
        if _any(self._sure, words, said):
            return True
        hints = _count(self._hint, words, said)
        return hints >= _ENOUGH_HINTS or (hints > 0 and self._says_trade(author))

    def _says_trade(self, author: str | None) -> bool:
        folded = (author or "").casefold()
        return any(part in folded for part in self._handles)


def _by_word(phrases: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the phrases by their longest whole word, as they read between spaces."""
    found: dict[str, list[str]] = {}
    for phrase in phrases:
        has_rest = phrase.endswith(_ANY_REST)
        words = words_of(phrase.removesuffix(_ANY_REST))
        whole = words[:-1] if has_rest else words
        if not whole:
            raise ConfigError("commentary.toml", value=phrase, remedy="give every phrase one whole word")
        reads = f" {' '.join(words)}" + ("" if has_rest else " ")
        found.setdefault(max(whole, key=len), []).append(reads)
    return {word: tuple(dict.fromkeys(reads)) for word, reads in found.items()}


def _any(table: dict[str, tuple[str, ...]], words: Sequence[str], said: str) -> bool:
    return any(phrase in said for word in table.keys() & set(words) for phrase in table[word])


def _count(table: dict[str, tuple[str, ...]], words: Sequence[str], said: str) -> int:
    return sum(phrase in said for word in table.keys() & set(words) for phrase in table[word])


def _read() -> CommentaryPhrases:
    path = resources.files("analysis") / "commentary.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        languages = [rows for name, rows in table.items() if name != "handles"]
        return CommentaryPhrases(
            sure=tuple(phrase for rows in languages for phrase in rows["sure"]),
            hint=tuple(phrase for rows in languages for phrase in rows["hint"]),
            concerned=tuple(phrase for rows in languages for phrase in rows["concerned"]),
            handles=tuple(table["handles"]["parts"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ConfigError(str(path), remedy=f"every language needs sure, hint and concerned: {error!r}") from error
