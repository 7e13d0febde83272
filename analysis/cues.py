"""Finds the phrases and emoji in which backlash speaks, by name: the explanation of a text's hostility.

Beside sentiment, on the cleaned text: polarity scores read "who approved this, wow" as praise, these tables do not. The
phrases stand in cue_tables/LANGUAGE.toml. Never weighs polarity, never looks at who wrote.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from analysis.cue_files import (
    BORROWED_FROM,
    EVERY_LANGUAGE,
    Cue,
    CueGroup,
    Friend,
    TableFile,
    primary,
    read_table,
    table_path,
)
from analysis.phrases import ANY_WORD, GAP, PhraseTree, fold_accents
from stormcone.errors import ConfigError

__all__ = ["Cue", "CueGroup", "CueHits", "CueTable", "CueTables", "Friend", "Signs", "TableFile", "heaviest", "primary"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CueHits:
    """What was found in one text. hostility: 0..1. names: in order of the table. groups: those of the names."""

    hostility: float = 0.0
    names: tuple[str, ...] = ()
    groups: frozenset[CueGroup] = frozenset()

    @classmethod
    def of(cls, cues: Iterable[Cue]) -> "CueHits":
        """Return the hits of some cues, each counted once: their joint weight is 1 - (1 - w1)(1 - w2)..."""
        once = heaviest(cue for cue in cues if cue.weight)
        return cls(
            hostility=1 - math.prod(1 - cue.weight for cue in once.values()),
            names=tuple(once),
            groups=frozenset(cue.group for cue in once.values()),
        )


def heaviest(cues: Iterable[Cue]) -> dict[str, Cue]:
    """Return cues by name, the heaviest where several have one name, in the order in which they first came."""
    once: dict[str, Cue] = {}
    for cue in cues:
        if cue.name not in once or once[cue.name].weight < cue.weight:
            once[cue.name] = cue
    return once


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """The rows of tables that fired in one text."""

    cues: tuple[Cue, ...] = ()
    friends: tuple[Friend, ...] = ()


_LONGEST_ALONE = 40  # characters of a text, beyond which something else has been said as well
_APART = r"[^\w.!?;:,]{1,3}"  # not across the end of a clause: "No. Delete this."
_TAKEN_BACK_REACH = 40  # characters before a phrase that can take it back
_WORDS = re.compile(r"\w+")


class CueTable:
    """The cues of one language, compiled.

    >>> table = CueTable.load("en")
    >>> table.find("Wow. Read the room and DELETE THIS.").names
    ('delete this', 'read the room')
    >>> table.find("please don't delete this, I love it").names
    ()
    """

    def __init__(self, file: TableFile) -> None:
        fold = self._fold = fold_accents if file.fold_accents else _as_it_is
        rows: list[Cue | Friend] = [*file.cues, *file.friends]
        self._rows = rows
        self._phrase_rows = [number for number, row in enumerate(rows) for _ in row.phrases]
        self._tree = PhraseTree([fold(phrase) for row in rows for phrase in row.phrases])
        self._alone = {_said(fold(text)): number for number, row in enumerate(rows) for text in row.alone}
        self._emoji = {symbol: number for number, row in enumerate(rows) for symbol in row.emoji}
        self._groups = {cue.name: cue.group for cue in file.cues}
        self._taken_back = _taken_back([fold(each) for each in file.taken_back], [fold(each) for each in file.fillers])

    @classmethod
    def load(cls, language: str) -> "CueTable":
        """Return the table that comes with Stormcone for a language, such as "en", emoji included.

        Raises: ConfigError: there is no such table, or a row of it is wrong.
        """
        return cls(_with_emoji(read_table(language), read_table(EVERY_LANGUAGE)))

    def find(self, text: str) -> CueHits:
        """Return the cues in `text`, each counted once, and their joint weight 1 - (1 - w1)(1 - w2)...

        Args: text: as `for_scoring` returns it, in any case.
        """
        return CueHits.of(self.signs(text).cues)

    def signs(self, text: str) -> Signs:
        """Return the cues and the friendly counter-signs in `text`, each once, in order of the table."""
        found = set(self._found(self._fold(text.casefold())))
        if not found:
            return _NO_SIGNS
        rows = [self._rows[number] for number in sorted(found)]
        return Signs(
            cues=tuple(row for row in rows if isinstance(row, Cue)),
            friends=tuple(row for row in rows if isinstance(row, Friend)),
        )

    def group_of(self, name: str) -> CueGroup | None:
        """Return the group of a cue, by the name that scores carry; None for a name of another table."""
        return self._groups.get(name)

    def _found(self, text: str) -> Iterator[int]:
        for start, phrase in self._tree.find(text):
            number = self._phrase_rows[phrase]
            if not self._is_taken_back(number, text, start):
                yield number
        if not text.isascii():
            yield from (self._emoji[symbol] for symbol in self._emoji.keys() & set(text))
        if self._alone and len(text) <= _LONGEST_ALONE:
            said = _said(text)
            if said in self._alone:
                yield self._alone[said]

    def _is_taken_back(self, number: int, text: str, start: int) -> bool:
        if start == 0 or self._taken_back is None:
            return False
        row = self._rows[number]
        if isinstance(row, Cue) and (
            row.group is CueGroup.SERVICE or not row.weight
        ):  # "no refund" is about refunds, too
            return False
        return self._taken_back.search(text, max(0, start - _TAKEN_BACK_REACH), start) is not None


_NO_SIGNS = Signs()


class CueTables:
    """The cues of several languages together, as a brand's mentions need them.

    Every text is searched for the cues of its own language, for English phrases (people borrow them) and for emoji; of
    English only what no other language can mean: "war" is German for "was". A language without a table has all of
    English.

    >>> tables = CueTables.load(["en", "xx"])
    >>> tables.find("shame on you 🤡", "xx").names
    ('shameful', 'clown emoji')
    >>> tables.group_of("clown emoji").value
    'contempt'
    """

    def __init__(self, files: Mapping[str, TableFile]) -> None:
        every = files[EVERY_LANGUAGE]
        self._english = CueTable(_with_emoji(files[BORROWED_FROM], every))
        self._borrowed = CueTable(_with_emoji(_unmistakable(files[BORROWED_FROM]), every))
        own = files.keys() - {BORROWED_FROM, EVERY_LANGUAGE}
        self._tables = {language: CueTable(files[language]) for language in own}
        self._files = dict(files)
        self._by_name = {cue.name: cue for file in reversed(list(files.values())) for cue in file.cues}

    @classmethod
    def load(cls, languages: Iterable[str]) -> "CueTables":
        """Return the tables of some languages, by codes such as "en" or "pt-BR"; English always comes along.

        Raises: ConfigError: a row of a table is wrong.
        """
        wanted = dict.fromkeys([*map(primary, languages), BORROWED_FROM, EVERY_LANGUAGE])
        return _loaded(tuple(each for each in wanted if table_path(each).is_file()))

    def find(self, text: str, language: str | None) -> CueHits:
        """Return the cues in `text`, each name once; of two of a name the heavier one.

        Args: text: as `for_scoring` returns it. language: its code, None where nobody knows.
        """
        return CueHits.of(self.signs(text, language).cues)

    def signs(self, text: str, language: str | None) -> Signs:
        """Return the cues and friendly counter-signs in `text`, by name, the heavier of two of one name."""
        own = self._tables.get(primary(language or "")) if self._tables else None
        if own is None:
            return self._english.signs(text)
        signs, common = own.signs(text), self._borrowed.signs(text)
        cues = heaviest((*signs.cues, *common.cues))
        friends = {each.name: each for each in (*signs.friends, *common.friends)}
        return Signs(cues=tuple(cues.values()), friends=tuple(friends.values()))

    def words(self, language: str | None) -> TableFile:
        """Return the file of a language, for its lists of words; the English one where there is none."""
        return self._files.get(primary(language or "")) or self._files[BORROWED_FROM]

    def group_of(self, name: str) -> CueGroup | None:
        """Return the group of a cue, by the name that scores carry; None where no table knows the name."""
        row = self._by_name.get(name)
        return row.group if row else None

    def cue(self, name: str) -> Cue:
        """Return the row of a name, for signs which are not phrases.

        Raises: ConfigError: no table has it.
        """
        if name not in self._by_name:
            raise ConfigError("cue tables", value=name, remedy=f"add this row to {table_path(EVERY_LANGUAGE)}")
        return self._by_name[name]


@cache
def _loaded(languages: tuple[str, ...]) -> CueTables:
    """Read and compile each set of tables once in a process: they never change, and hold ten thousand phrases."""
    return CueTables({each: read_table(each) for each in languages})


def _taken_back(words: Sequence[str], fillers: Sequence[str]) -> re.Pattern[str] | None:
    """Return the pattern of what takes back the phrase behind it: "don't delete this", "not even a scam"."""
    if not words:
        return None
    taken = "|".join(re.escape(word).replace("'", "'?") for word in sorted(words, key=len, reverse=True))
    filler = "|".join(re.escape(word) for word in fillers) or "(?!)"
    return re.compile(rf"(?<!\w)(?:{taken}){_APART}(?:(?:{filler}){_APART}){{0,2}}\Z")


def _unmistakable(file: TableFile) -> TableFile:
    """Return what of the English table is looked for in other languages: phrases of several words, with a weight."""

    def phrases(of: Cue | Friend) -> tuple[str, ...]:
        return tuple(phrase for phrase in of.phrases if " " in phrase and not phrase.startswith((ANY_WORD, GAP)))

    return replace(
        file,
        cues=tuple(replace(cue, phrases=phrases(cue)) for cue in file.cues if cue.weight),
        friends=tuple(replace(friend, phrases=phrases(friend)) for friend in file.friends),
    )


def _with_emoji(file: TableFile, every: TableFile) -> TableFile:
    return replace(file, cues=file.cues + every.cues, friends=file.friends + every.friends)


def _said(text: str) -> str:
    return " ".join(_WORDS.findall(text))


def _as_it_is(text: str) -> str:
    return text
