"""Reads tables/LANGUAGE.toml: the words of each concept, the idioms and the topics of one language.

The words are data, so that a comms team can read and extend them. Below `terms`; never looks at a draft.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any, Final

from stormcone.errors import ConfigError

LANGUAGES: Final = ("en", "hu", "fi")
ANY_LANGUAGE: Final = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class TermTable:
    """One file. concepts: name -> phrases. idioms: phrases in which no word is meant literally.

    topics: name -> (phrases that name it, phrases that lean into it). endings: a pattern of what `~` stands for.
    """

    language: str
    endings: str = ""
    idioms: tuple[str, ...] = ()
    concepts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    topics: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=dict)


def read_toml(name: str) -> dict[str, Any]:
    """Return a data file of this package. Raises: ConfigError: it is not there, or no TOML."""
    path = resources.files("analysis.draft_check") / name
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"draft check: {name}", remedy="the file is missing; reinstall Stormcone") from None
    except ValueError as error:
        raise ConfigError(f"draft check: {name}", remedy=f"is not valid TOML: {error}") from error


def read_terms(language: str) -> TermTable:
    """Return the table of a language. Raises: ConfigError: the file is missing or wrong; names the key."""
    name = f"tables/{language}.toml"
    table = read_toml(name)
    known = {"endings", "idioms", "concepts", "topics"}
    for key in table:
        if key not in known:
            remedy = f"unknown key; known are {', '.join(sorted(known))}"
            raise ConfigError(f"draft check: {name}: {key}", remedy=remedy)
    return TermTable(
        language=language,
        endings=str(table.get("endings", "")),
        idioms=phrases_in(name, "idioms", table.get("idioms", [])),
        concepts={key: phrases_in(name, key, said) for key, said in table.get("concepts", {}).items()},
        topics={
            key: (
                phrases_in(name, f"{key}.names", said.get("names")),
                phrases_in(name, f"{key}.leans", said.get("leans", [])),
            )
            for key, said in table.get("topics", {}).items()
        },
    )


def phrases_in(name: str, key: str, given: object) -> tuple[str, ...]:
    """Return phrases: a list of them, or one text with a comma or a line's end between two.

    Raises: ConfigError: it is neither; names the file and the key.
    """
    said = [each for line in given.splitlines() for each in line.split(",")] if isinstance(given, str) else given
    if not isinstance(said, list) or not all(isinstance(each, str) for each in said):
        raise ConfigError(f"draft check: {name}: {key}", remedy="write phrases with commas between them")
    return tuple(each.strip() for each in said if each.strip())
