"""Reads rules.toml: which findings together are wrong, how wrong, and what to tell the author.

The rules are data; a rule that names a concept nobody can find is refused when it is read. Never looks at a draft.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from analysis.draft_check.term_files import read_toml
from stormcone.errors import ConfigError
from stormcone.models.drafts import DraftCategory

_FILE: Final = "rules.toml"
_KEYS: Final = frozenset({"name", "category", "risk", "all", "none", "near", "why", "shows", "source"})
_SLOT: Final = re.compile(r"\{(\d)\}")

Concepts = tuple[str, ...]  # any of these will do


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One [[rule]]; what its fields mean stands at the top of rules.toml."""

    name: str
    category: DraftCategory
    risk: float
    every: tuple[Concepts, ...]
    none: Concepts
    why: str
    near: int | None = None
    shows: int | None = None
    source: str = ""


def read_rules(known: frozenset[str]) -> tuple[Rule, ...]:
    """Return the rules that come with Stormcone, in the order of the file.

    Args: known: concepts that can be found.
    Raises: ConfigError: the file is wrong; names the rule.
    """
    table = read_toml(_FILE)
    return rules_of(table, known)


def rules_of(table: Mapping[str, Any], known: frozenset[str]) -> tuple[Rule, ...]:
    """Return the rules of a table of TOML. Raises: ConfigError: it is wrong; names the rule."""
    sets = {f"@{name}": said for name, said in table.get("sets", {}).items()}
    rules: dict[str, Rule] = {}
    for row in table.get("rule", ()):
        name = str(row.get("name", "?"))
        try:
            rule = _rule(row, sets)
        except (KeyError, TypeError, ValueError) as error:
            raise ConfigError(f"draft check: rule {name}", remedy=f"{error!r}; see the top of {_FILE}") from error
        if name in rules:
            raise ConfigError(f"draft check: rule {name}", remedy="stands twice; every name is used once")
        for concept in (*(each for line in rule.every for each in line), *rule.none):
            if concept not in known:
                raise ConfigError(f"draft check: rule {name}", value=concept, remedy="nobody finds this concept")
        rules[name] = rule
    return tuple(rules.values())


def _rule(row: Mapping[str, Any], sets: Mapping[str, str]) -> Rule:
    unknown = set(row) - _KEYS
    if unknown:
        raise ValueError(f"unknown key {min(unknown)}; known are {', '.join(sorted(_KEYS))}")
    every = tuple(_concepts(line, sets) for line in row["all"])
    risk = float(row["risk"])
    if not 0 < risk < 1 or not every:
        raise ValueError("risk lies between 0 and 1, and `all` has at least one line")
    if any(int(number) >= len(every) for number in _SLOT.findall(row["why"])):
        raise ValueError("`why` names a line that `all` does not have")
    return Rule(
        name=row["name"],
        category=DraftCategory(row["category"]),
        risk=risk,
        every=every,
        none=tuple(concept for line in row.get("none", ()) for concept in _concepts(line, sets)),
        why=row["why"],
        near=row.get("near"),
        shows=row.get("shows"),
        source=row.get("source", ""),
    )


def _concepts(line: str, sets: Mapping[str, str]) -> Concepts:
    """Return the concepts of a line, with sets opened; a set may name another."""
    named = [each.strip() for each in line.split("|")]
    opened = [inner for each in named for inner in (_concepts(sets[each], sets) if each.startswith("@") else (each,))]
    return tuple(dict.fromkeys(opened))
