"""Tells who speaks from own experience with a brand from who comments on others', by words that can be read.

Beside the ballot, asked once for each new voice of a thread. The words stand in first_person.toml, for the eight
languages with tables of cues. A lower bound: whoever does not say that it happened to them counts as a bystander. Never
decides whether a text is hostile, or true.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

from analysis.likeness import words_of
from stormcone.errors import ConfigError

_OWN_REACH: Final = 3  # words from "my" to what is mine: "my last two orders"


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPersonWords:
    """The words of one language, folded as `words_of` folds; what they mean stands at the top of first_person.toml."""

    reach: int
    plain: frozenset[str]
    phrases: tuple[str, ...]
    selves: frozenset[str]
    done: frozenset[str]
    mine: frozenset[str]
    things: frozenset[str]
    starts: frozenset[str]  # one of these stands in every text that speaks from experience


class FirstPersonReader:
    """Reads whether a text speaks from own experience.

    >>> reader = FirstPersonReader.load()
    >>> reader.is_personal("I have been waiting for my order since Monday", "en")
    True
    >>> reader.is_personal("I can't believe they posted this", "en")
    False
    >>> reader.is_personal("Czekam na paczkę", "pl") is None
    True
    """

    def __init__(self, tables: dict[str, FirstPersonWords]) -> None:
        self._tables = tables

    @classmethod
    @cache
    def load(cls) -> "FirstPersonReader":
        """Return the reader of the words that come with Stormcone, built once in a process.

        Raises: ConfigError: the file of words is wrong.
        """
        return cls(_read())

    def is_personal(self, text: str, lang: str | None) -> bool | None:
        """Tell whether somebody tells what happened to them.

        Args: text: anything; the first 600 characters are read. lang: of the text.
        Returns: None where the language is unknown, or has no table, or nothing is said in words.
        """
        table = self._tables.get(lang or "")
        if table is None:
            return None
        words = words_of(text)
        if not words:
            return None
        if table.starts.isdisjoint(words):
            return False
        if not table.plain.isdisjoint(words):
            return True
        said = f" {' '.join(words)} "
        return any(phrase in said for phrase in table.phrases) or _has_own(words, table) or _has_done(words, table)


def _has_own(words: Sequence[str], table: FirstPersonWords) -> bool:
    """Tell whether something of the speaker's own is named: "our first order"."""
    return any(
        word in table.mine and not table.things.isdisjoint(words[place + 1 : place + 1 + _OWN_REACH])
        for place, word in enumerate(words)
    )


def _has_done(words: Sequence[str], table: FirstPersonWords) -> bool:
    """Tell whether the speaker did something that customers do: "I still have not received"."""
    return any(
        word in table.done and not table.selves.isdisjoint(words[max(0, place - table.reach) : place])
        for place, word in enumerate(words)
    )


def _read() -> dict[str, FirstPersonWords]:
    path = resources.files("analysis") / "first_person.toml"
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        return {lang: _words(rows) for lang, rows in tables.items()}
    except (KeyError, TypeError, ValueError) as error:
        raise ConfigError(str(path), remedy=f"every language needs plain, selves, done ...: {error!r}") from error


def _words(rows: dict[str, Any]) -> FirstPersonWords:
    folded = [words_of(row) for row in rows["plain"]]
    if not all(folded):
        raise ValueError("a row of plain holds no word")
    selves, done, mine, things = (
        frozenset(word for row in rows[name] for word in words_of(row)) for name in ("selves", "done", "mine", "things")
    )
    single = frozenset(words[0] for words in folded if len(words) == 1)
    return FirstPersonWords(
        reach=int(rows["reach"]),
        plain=single,
        phrases=tuple(f" {' '.join(words)} " for words in folded if len(words) > 1),
        selves=selves,
        done=done,
        mine=mine,
        things=things,
        starts=single | mine | done | {words[0] for words in folded},
    )
