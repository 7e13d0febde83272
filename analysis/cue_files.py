"""Reads the files of phrases, cue_tables/LANGUAGE.toml, into rows.

The phrases are data, so that a comms team can read and extend them. Below the cues; never looks at a text.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from stormcone.errors import ConfigError

EVERY_LANGUAGE = "any"
BORROWED_FROM = "en"


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

    name: as shown on screen. weight: 0..1, how hostile a text is in which this alone fires. phrases: as PhraseTree
    reads them. alone: texts that are a cue only if nothing else is said. emoji: single characters.
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
class Friend:
    """A counter-sign: a text in which cues are meant kindly. strength: 0..1, the part of their weight it takes."""

    name: str
    strength: float
    phrases: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    emoji: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.strength <= 1:
            raise ConfigError(f"friend {self.name}: strength", value=self.strength, remedy="give a number from 0 to 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFile:
    """One file of cue_tables, read. What its fields mean stands at the top of cue_tables/en.toml."""

    cues: tuple[Cue, ...]
    friends: tuple[Friend, ...] = ()
    taken_back: tuple[str, ...] = ()
    fillers: tuple[str, ...] = ()
    praise: frozenset[str] = frozenset()
    addressed: frozenset[str] = frozenset()
    virtues: frozenset[str] = frozenset()
    first_person: frozenset[str] = frozenset()
    negations: frozenset[str] = frozenset()
    fold_accents: bool = False


def primary(language: str) -> str:
    """Return the first part of a language code, in lower case.

    >>> primary("pt-BR"), primary("EN_us")
    ('pt', 'en')
    """
    return language.lower().replace("_", "-").partition("-")[0]


def read_table(language: str) -> TableFile:
    """Return the table file of a language, as it stands.

    Raises: ConfigError: there is no such file, or a row of it is wrong.
    """
    path = table_path(language)
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        return TableFile(
            cues=tuple(Cue(group=CueGroup(row["group"]), weight=row["weight"], **_said(row)) for row in table["cue"]),
            friends=tuple(Friend(strength=row["strength"], **_said(row)) for row in table.get("friend", ())),
            taken_back=tuple(table.get("taken_back", ())),
            fillers=tuple(table.get("fillers", ())),
            praise=frozenset(table.get("praise", ())),
            addressed=frozenset(table.get("addressed", ())),
            virtues=frozenset(table.get("virtues", ())),
            first_person=frozenset(table.get("first_person", ())),
            negations=frozenset(table.get("negations", ())),
            fold_accents=bool(table.get("fold_accents", False)),
        )
    except FileNotFoundError:
        raise ConfigError("language", value=language, remedy=f"add {path}") from None
    except (KeyError, TypeError, ValueError) as error:
        raise ConfigError(str(path), remedy=f"every row needs name, group and weight: {error!r}") from error


def table_path(language: str) -> Traversable:
    """Return where the table of a language stands, or would stand."""
    return resources.files("analysis") / "cue_tables" / f"{language if language.isalpha() else 'none'}.toml"


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": row["name"],
        "phrases": tuple(row.get("phrases", ())),
        "alone": tuple(row.get("alone", ())),
        "emoji": row.get("emoji", ""),
    }
