"""Finds the phrases and emoji in which backlash speaks, by name: the explanation of a text's hostility.

Beside sentiment, on the cleaned text: polarity scores read "who approved this, wow" as praise, this table does not. The
phrases are data (cue_tables/LANGUAGE.toml), so that a comms team can read and extend them. Never weighs polarity, never
looks at who wrote.
"""

import math
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from typing import Any

from stormcone.errors import ConfigError


class CueGroup(StrEnum):
    """What a cue is a sign of; SERVICE tells of trouble with the product rather than anger at words."""

    DEMAND = "demand"
    CONTEMPT = "contempt"
    OUTRAGE = "outrage"
    THREAT = "threat"
    SERVICE = "service"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One row of a table.

    name: as shown on screen. weight: 0..1, how hostile a text is in which this alone fires. phrases: lower case; a
    trailing * stands for any rest of the word. alone: texts that are a cue only if nothing else is said. emoji: single
    characters.
    """

    name: str
    group: CueGroup
    weight: float
    phrases: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    emoji: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.weight <= 1:
            raise ConfigError(f"cue {self.name}: weight", value=self.weight, remedy="give a number from 0 to 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class CueHits:
    """What was found in one text. hostility: 0..1. names: in order of the table. groups: those of the names."""

    hostility: float = 0.0
    names: tuple[str, ...] = ()
    groups: frozenset[CueGroup] = frozenset()


_NOTHING = CueHits()
# "don't delete this", "not a scam", "how do I delete this": the phrase is there, the cue is not.
_TAKEN_BACK = re.compile(
    r"(?:n't|\b(?:dont|not|never|without|how to|how do i|how can i|can i)) (?:(?:a|an|the|any|even|to|ever) )?$"
)
_TAKEN_BACK_REACH = 24  # characters before a phrase that can take it back
_LONGEST_ALONE = 40  # characters of a text, beyond which something else has been said as well
_WORDS = re.compile(r"\w+")
_LOOSE = {" ": r"\W{0,3}", "'": "'?", "*": r"\w*"}


class CueTable:
    """The cues of one language, compiled.

    >>> table = CueTable.load("en")
    >>> table.find("Wow. Read the room and DELETE THIS.").names
    ('delete this', 'read the room')
    >>> table.find("please don't delete this, I love it").names
    ()
    """

    def __init__(self, cues: Sequence[Cue]) -> None:
        self._cues = tuple(cues)
        self._alone = {text: position for position, cue in enumerate(cues) for text in cue.alone}
        self._emoji = {symbol: position for position, cue in enumerate(cues) for symbol in cue.emoji}
        by_phrase = {phrase: position for position, cue in enumerate(cues) for phrase in cue.phrases}
        self._groups = {cue.name: cue.group for cue in cues}
        self._pattern = _compile(by_phrase)
        self._phrases = {_bare(phrase): position for phrase, position in by_phrase.items() if "*" not in phrase}
        self._open_phrases = [(_compile([phrase]), position) for phrase, position in by_phrase.items() if "*" in phrase]

    @classmethod
    def load(cls, language: str) -> "CueTable":
        """Return the table that comes with Stormcone for a language, such as "en".

        Raises: ConfigError: there is no such table, or a row of it is wrong.
        """
        source = resources.files("analysis") / "cue_tables" / f"{language}.toml"
        try:
            rows = tomllib.loads(source.read_text(encoding="utf-8"))["cue"]
        except FileNotFoundError:
            raise ConfigError("language", value=language, remedy=f"add {source}") from None
        return cls([_cue(str(source), row) for row in rows])

    def find(self, text: str) -> CueHits:
        """Return the cues in `text`, each counted once, and their joint weight 1 - (1 - w1)(1 - w2)...

        Args: text: as `for_scoring` returns it, in any case.
        """
        found = set(self._found(text.casefold()))
        if not found:
            return _NOTHING
        cues = [self._cues[position] for position in sorted(found)]
        return CueHits(
            hostility=1 - math.prod(1 - cue.weight for cue in cues),
            names=tuple(cue.name for cue in cues),
            groups=frozenset(cue.group for cue in cues),
        )

    def group_of(self, name: str) -> CueGroup | None:
        """Return the group of a cue, by the name that scores carry; None for a name of another table."""
        return self._groups.get(name)

    def _found(self, text: str) -> Iterator[int]:
        for match in self._pattern.finditer(text):
            position = self._position(match.group())
            if not self._is_taken_back(position, text[max(0, match.start() - _TAKEN_BACK_REACH) : match.start()]):
                yield position
        if not text.isascii():
            yield from (self._emoji[symbol] for symbol in self._emoji.keys() & set(text))
        if len(text) <= _LONGEST_ALONE:
            said = " ".join(_WORDS.findall(text))
            if said in self._alone:
                yield self._alone[said]

    def _position(self, found: str) -> int:
        position = self._phrases.get(_bare(found))
        if position is None:
            position = next(each for pattern, each in self._open_phrases if pattern.fullmatch(found))
        return position

    def _is_taken_back(self, position: int, before: str) -> bool:
        is_service = self._cues[position].group is CueGroup.SERVICE  # "no refund" is about refunds, too
        return not is_service and _TAKEN_BACK.search(before) is not None


class _Branch(dict[str, "_Branch"]):
    """One step of the phrases' common tree of characters; `is_end` where a phrase may stop."""

    is_end = False

    def pattern(self) -> str:
        """Return the pattern of everything below; a phrase that goes on wins over one that stops."""
        ways = [_LOOSE.get(step) or re.escape(step) for step in self]
        tails = [below.pattern() for below in self.values()]
        choices = [way + tail for way, tail in zip(ways, tails, strict=True)] + [""] * self.is_end
        return choices[0] if len(choices) == 1 else f"(?:{'|'.join(choices)})"


def _compile(phrases: Iterable[str]) -> re.Pattern[str]:
    """Return one pattern for all phrases.

    Words may be parted by up to three signs or by none (a hashtag), and apostrophes be left out. The tree of characters
    spares trying every phrase at every word: on short texts that is thirty times as fast as a flat list.
    """
    root = _Branch()
    for phrase in phrases:
        branch = root
        for step in phrase:
            branch = branch.setdefault(step, _Branch())
        branch.is_end = True
    return re.compile(rf"\b{root.pattern()}(?!\w)")


def _bare(phrase: str) -> str:
    return "".join(_WORDS.findall(phrase))


def _cue(where: str, row: Mapping[str, Any]) -> Cue:
    try:
        return Cue(
            name=row["name"],
            group=CueGroup(row["group"]),
            weight=row["weight"],
            phrases=tuple(row.get("phrases", ())),
            alone=tuple(row.get("alone", ())),
            emoji=row.get("emoji", ""),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ConfigError(where, value=row.get("name"), remedy=f"name, group and weight are needed: {error}") from error
