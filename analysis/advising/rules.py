"""Reads rules.toml: the rules, modifiers and bans of advice, checked as a whole before the first is applied.

Between the file and the advisor. A rule that names a fact, an action, a source or a setting that does not exist is an
error that says which rule; never a rule that silently does not fire.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any, Final

from analysis.advising.conditions import ANSWERS, DERIVED, NUMBERS, WORDS, Condition, parse
from stormcone.config import AdviceSettings
from stormcone.errors import ConfigError
from stormcone.models import Action, Avoid

_FILE: Final = "analysis/advising/rules.toml"
_SLOT = re.compile(r"\{(\w+)\}")
_KEYS: Final = {
    "rule": {"name", "when", "action", "also", "within", "text", "source", "other_side", "other_source", "avoid"},
    "modifier": {"name", "when", "also", "text", "source", "avoid"},
    "ban": {"name", "when", "actions", "text", "source"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """A further action, and when it is added."""

    action: Action
    when: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule or modifier. action: None for a modifier. also: of each group the first that fits is added."""

    name: str
    when: tuple[Condition, ...]
    text: str
    source: str
    action: Action | None = None
    also: tuple[tuple[Extra, ...], ...] = ()
    within_minutes: int = 0
    other_side: str | None = None
    other_source: str | None = None
    avoid: tuple[Avoid, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ban:
    """Actions that are never advised while its conditions hold."""

    name: str
    when: tuple[Condition, ...]
    actions: frozenset[Action]
    text: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBook:
    """Everything in rules.toml, in its order."""

    rules: tuple[Rule, ...]
    modifiers: tuple[Rule, ...]
    bans: tuple[Ban, ...]

    @property
    def deciding(self) -> frozenset[str]:
        """The facts that can move the action."""
        groups = (*(each.when for each in self.rules), *(each.when for each in self.bans))
        asked = frozenset(condition.fact for when in groups for condition in when)
        return asked.union(*(DERIVED[name] for name in asked & DERIVED.keys())) - DERIVED.keys()


def read_rules(settings: AdviceSettings, text: str | None = None) -> RuleBook:
    """Return the rules that come with Stormcone, or those of a text in the same form.

    Raises: ConfigError: a rule is wrong; names it, the value and the remedy.
    """
    if text is None:
        text = (resources.files("analysis.advising") / "rules.toml").read_text(encoding="utf-8")
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(_FILE, value=error, remedy="mend the line it names") from None
    reader = _Reader(settings, content.get("sources", {}))
    book = RuleBook(
        rules=tuple(reader.rule(each) for each in content.get("rule", [])),
        modifiers=tuple(reader.modifier(each) for each in content.get("modifier", [])),
        bans=tuple(reader.ban(each) for each in content.get("ban", [])),
    )
    names = [*(each.name for each in (*book.rules, *book.modifiers)), *(each.name for each in book.bans)]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ConfigError(_FILE, value=twice[0], remedy="give each rule a name of its own")
    if not book.rules or book.rules[-1].when:
        raise ConfigError(_FILE, remedy="end with a rule without conditions, so that there is always an answer")
    return book


class _Reader:
    """Turns tables into rules; the name of the rule that is being read stands in every error."""

    def __init__(self, settings: AdviceSettings, sources: Mapping[str, str]) -> None:
        self._numbers: dict[str, float] = settings.model_dump()
        self._sources = sources

    def rule(self, table: Mapping[str, Any]) -> Rule:
        name = self._name("rule", table)
        action = self._action(name, table.get("action"))
        within = table.get("within")
        minutes = self._numbers.get(within) if isinstance(within, str) else within
        if not isinstance(minutes, int):
            raise _wrong(name, within, "give within as minutes or as a key of [advice]")
        other = table.get("other_source")
        return Rule(
            name=name,
            when=self._conditions(name, table.get("when")),
            text=self._text(name, table.get("text")),
            source=self._source(name, table.get("source")),
            action=action,
            also=self._groups(name, table.get("also", [])),
            within_minutes=minutes,
            other_side=self._text(name, table["other_side"]) if "other_side" in table else None,
            other_source=self._source(name, other) if "other_side" in table else None,
            avoid=self._avoided(name, table.get("avoid", [])),
        )

    def modifier(self, table: Mapping[str, Any]) -> Rule:
        name = self._name("modifier", table)
        return Rule(
            name=name,
            when=self._conditions(name, table.get("when")),
            text=self._text(name, table.get("text")),
            source=self._source(name, table.get("source")),
            also=self._groups(name, table.get("also", [])),
            avoid=self._avoided(name, table.get("avoid", [])),
        )

    def ban(self, table: Mapping[str, Any]) -> Ban:
        name = self._name("ban", table)
        return Ban(
            name=name,
            when=self._conditions(name, table.get("when")),
            actions=frozenset(self._action(name, each) for each in table.get("actions", [])),
            text=self._text(name, table.get("text")),
            source=self._source(name, table.get("source")),
        )

    def _name(self, sort: str, table: Mapping[str, Any]) -> str:
        name = table.get("name")
        if not isinstance(name, str) or not name:
            raise ConfigError(f"{_FILE}: {sort}", remedy="give it a name")
        for key in table:
            if key not in _KEYS[sort]:
                raise _wrong(name, key, f"a {sort} has {', '.join(sorted(_KEYS[sort]))}")
        return name

    def _conditions(self, name: str, texts: object) -> tuple[Condition, ...]:
        if not isinstance(texts, list):
            raise _wrong(name, texts, "give when as a list of conditions; an empty one always holds")
        return tuple(self._condition(name, str(each)) for each in texts)

    def _condition(self, name: str, text: str) -> Condition:
        try:
            return parse(text, self._numbers)
        except ValueError as error:
            raise _wrong(name, text, str(error)) from None

    def _groups(self, name: str, entries: Sequence[object]) -> tuple[tuple[Extra, ...], ...]:
        groups = (each if isinstance(each, list) else [each] for each in entries)
        return tuple(tuple(self._extra(name, str(each)) for each in group) for group in groups)

    def _extra(self, name: str, text: str) -> Extra:
        word, _, conditions = text.partition(" if ")
        when = tuple(self._condition(name, each) for each in conditions.split(" and ")) if conditions else ()
        return Extra(action=self._action(name, word), when=when)

    def _action(self, name: str, word: object) -> Action:
        try:
            return Action(str(word))
        except ValueError:
            raise _wrong(name, word, f"an action is one of {', '.join(Action)}") from None

    def _avoided(self, name: str, words: Sequence[object]) -> tuple[Avoid, ...]:
        try:
            return tuple(Avoid(str(each)) for each in words)
        except ValueError:
            raise _wrong(name, words, f"avoid holds some of {', '.join(Avoid)}") from None

    def _source(self, name: str, key: object) -> str:
        if not isinstance(key, str) or key not in self._sources:
            raise _wrong(name, key, "every rule names a key of [sources]")
        return self._sources[key]

    def _text(self, name: str, text: object) -> str:
        if not isinstance(text, str) or not text.strip():
            raise _wrong(name, text, "every rule says why, in plain words")
        for slot in _SLOT.findall(text):
            if slot not in WORDS.keys() | NUMBERS | ANSWERS:
                raise _wrong(name, slot, "a text may show facts only")
        return text


def _wrong(name: str, value: object, remedy: str) -> ConfigError:
    return ConfigError(f"{_FILE}: {name}", value=value, remedy=remedy)
