"""[playbook]: what a team wants at hand in a storm: holding statements, who is called, steps, and the queue's hook.

The texts and steps that come with Stormcone stand beside this file (holding_statements.toml, action_steps.toml); a
team's own in config.toml go before them. Never fills a statement, never shows a telephone number: an error about one
does not repeat it, and settings print it as stars.
"""

import string
import tomllib
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from stormcone.config.refusing import config_error, suggestion, validate
from stormcone.models import Action, Cause, Kind
from stormcone.ports import Settings

_LISTS: Final = ("statements", "roles", "steps")
_LEAST_DIGITS: Final = 3  # such as 112
_LONGEST_PHONE: Final = 40


class Slot(StrEnum):
    """A place in a statement that a fact fills. What nobody can know but a person is left open."""

    BRAND = "brand"
    TOPIC = "topic"
    TIME = "time"
    DATE = "date"
    PLATFORM = "platform"
    CHANNEL_FOR_HELP = "channel_for_help"
    WHAT_WE_KNOW = "what_we_know"
    NEXT_UPDATE = "next_update"


SLOT_MEANINGS: Final[Mapping[Slot, str]] = {
    Slot.BRAND: "the brand's name",
    Slot.TOPIC: "what people speak about, in their own words",
    Slot.TIME: "the hour at which the incident opened, in the brand's time zone",
    Slot.DATE: "the day on which it opened, there",
    Slot.PLATFORM: "where the own post stands that it is about",
    Slot.CHANNEL_FOR_HELP: "where people get help; channel_for_help in [playbook]",
    Slot.WHAT_WE_KNOW: "what is confirmed; only a person knows",
    Slot.NEXT_UPDATE: "when you will speak again; only a person can promise it",
}


class StatementTemplate(Settings):
    """[[playbook.statements]]: a holding statement of your own; a person fills what is open, and sends it."""

    language: str = Field(pattern="^[a-z]{2}$", description="two-letter code, such as en")
    kind: Kind | None = Field(default=None, description="kind of incident it is for; absent: any")
    cause: Cause | None = Field(
        default=None, description="cause it is for, once a person has named it (docs/playbook.md); absent: any"
    )
    text: str = Field(
        min_length=1,
        max_length=2000,
        description="the statement; {brand}, {topic}, {time}, {date}, {platform} and {channel_for_help} are filled, "
        "{what_we_know} and {next_update} are left to a person",
    )

    @field_validator("text")
    @classmethod
    def _knows_its_slots(cls, text: str) -> str:
        for _ in pieces_of(text):
            pass
        return text


class PlaybookRole(Settings):
    """[[playbook.roles]]: who does what in a storm, in the order in which they are called."""

    role: str = Field(min_length=1, description="what the person is there for; steps name it")
    person: str | None = Field(default=None, description="id of [[people]]; or use name")
    name: str | None = Field(default=None, description="name of somebody who is not in [[people]]; or use person")
    phone: SecretStr | None = Field(
        default=None, description="shown by `stormcone playbook` and on demand on the dashboard, nowhere else"
    )
    note: str = Field(default="", description="such as: office hours only")

    @field_validator("phone", mode="before")
    @classmethod
    def _is_text(cls, phone: object) -> object:
        """Take anything: an error of pydantic would repeat the number; `refuse_playbook` says it without."""
        return phone if phone is None or isinstance(phone, str | SecretStr) else ""

    @property
    def who(self) -> str:
        """The person, by name or id."""
        return self.name or self.person or ""


class PlaybookStep(Settings):
    """[[playbook.steps]]: one step of an action; the first of an action replaces all that come with Stormcone."""

    action: Action = Field(description="the advised action it belongs to")
    text: str = Field(min_length=1, description="what to do, in a sentence")
    who: str = Field(min_length=1, description="a role of [[playbook.roles]], or any word for who does it")
    within_minutes: int = Field(ge=0, description="minutes from the advice by which it is done")


class PauseSettings(Settings):
    """[playbook.pause]: the scheduler that a person can ask to pause its queue; without it nothing is asked."""

    url_env: str | None = Field(default=None, description="environment variable that holds the scheduler's address")
    secret_env: str | None = Field(
        default=None, description="environment variable that holds the key the request is signed with"
    )
    allow_private: bool = Field(
        default=False, description="true allows loopback and private addresses, refused otherwise"
    )
    timeout_seconds: float = Field(default=10, gt=0, le=60, description="seconds after which the request is given up")

    @model_validator(mode="after")
    def _is_signed(self) -> Self:
        if (self.url_env is None) != (self.secret_env is None):
            raise ValueError("give both url_env and secret_env: a scheduler must be able to tell us from a stranger")
        return self


class PlaybookSettings(Settings):
    """[playbook]: holding statements, roles, steps, and the hook that pauses the queue."""

    language: str = Field(
        default="en", pattern="^[a-z]{2}$", description="language of the statements where none is asked for"
    )
    channel_for_help: str | None = Field(
        default=None, min_length=1, max_length=200, description="where people get help, as a statement names it"
    )
    channels_for_help: Mapping[str, str] = Field(
        default_factory=dict, description="the same by brand, such as { acme = 'help.acme.example' }; goes before it"
    )
    statements: tuple[StatementTemplate, ...] = Field(
        default=(), description="[[playbook.statements]], before those that come with Stormcone"
    )
    roles: tuple[PlaybookRole, ...] = Field(default=(), description="[[playbook.roles]], in the order of calling")
    steps: tuple[PlaybookStep, ...] = Field(
        default=(), description="[[playbook.steps]], in place of those that come with Stormcone"
    )
    pause: PauseSettings = Field(
        default=PauseSettings(), description="[playbook.pause], the scheduler that a person can ask"
    )

    def help_for(self, brand: str) -> str | None:
        """Return where people of a brand get help, None where nobody said so."""
        return self.channels_for_help.get(brand, self.channel_for_help)

    def steps_of(self, action: Action) -> tuple[PlaybookStep, ...]:
        """Return the steps of an action: the team's own, else those that come with Stormcone."""
        own = tuple(each for each in self.steps if each.action is action)
        return own or tuple(each for each in shipped_steps() if each.action is action)


def pieces_of(text: str) -> Iterator[tuple[str, Slot | None]]:
    """Yield a template as pairs: words, and the slot behind them; {{ and }} are braces.

    Raises: ValueError: a slot is unknown, or a brace has no partner.
    >>> list(pieces_of("{brand}: we {{listen}}"))
    [('', <Slot.BRAND: 'brand'>), (': we {', None), ('listen}', None)]
    """
    try:
        parsed = list(string.Formatter().parse(text))
    except ValueError:
        raise ValueError("a brace has no partner; write {{ or }} for a brace of your own") from None
    known = [each.value for each in Slot]
    for words, name, form, conversion in parsed:
        if name is not None and (name not in known or form or conversion):
            shown = name + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "")
            raise ValueError(f"unknown slot {{{shown}}}; {suggestion(name, known)}")
        yield words, None if name is None else Slot(name)


@cache
def shipped_statements() -> tuple[StatementTemplate, ...]:
    """Return the holding statements that come with Stormcone. Raises: ConfigError: their file is wrong."""
    return validate("holding_statements.toml", (), _Statements, _shipped("holding_statements.toml")).statements


@cache
def shipped_steps() -> tuple[PlaybookStep, ...]:
    """Return the steps that come with Stormcone. Raises: ConfigError: their file is wrong."""
    return validate("action_steps.toml", (), _Steps, _shipped("action_steps.toml")).steps


def refuse_playbook_shape(path: Path, given: object) -> None:
    """Raise ConfigError where a list is none, before its entries, and the numbers in them, stand in an error."""
    tables: Mapping[str, object] = given if isinstance(given, Mapping) else {}
    for name in _LISTS:
        value = tables.get(name, [])
        if not (isinstance(value, list) and all(isinstance(each, Mapping) for each in value)):
            remedy = f"is a list; write [[playbook.{name}]], in two brackets, above each entry"
            raise config_error(path, ("playbook", name), remedy)


def refuse_playbook(path: Path, playbook: PlaybookSettings, *, people: set[str], brands: set[str]) -> None:
    """Raise ConfigError for names that point nowhere, roles without a person, and statements that stand twice."""
    for role in playbook.roles:
        key = ("playbook", "roles", role.role)
        if (role.person is None) == (role.name is None):
            raise config_error(path, key, "give either person, an id of [[people]], or name")
        if role.person is not None and role.person not in people:
            remedy = suggestion(role.person, people) if people else "names nothing; or use name"
            raise config_error(path, (*key, "person"), remedy, value=role.person)
        if role.phone is not None and not _is_phone(role.phone.get_secret_value()):
            raise config_error(path, (*key, "phone"), 'write the number as text, such as "+358 9 123 456"')
    for brand in playbook.channels_for_help:
        if brand not in brands:
            remedy = suggestion(brand, brands) if brands else "names nothing; add the [[brand]]"
            raise config_error(path, ("playbook", "channels_for_help", brand), remedy)
    meant = [(each.language, each.kind, each.cause) for each in playbook.statements]
    for number, each in enumerate(meant, start=1):
        if each in meant[: number - 1]:
            remedy = "stands twice for the same language, kind and cause; keep one"
            raise config_error(path, ("playbook", "statements", str(number)), remedy)


def _is_phone(text: str) -> bool:
    digits = sum(each.isdigit() for each in text)
    return digits >= _LEAST_DIGITS and len(text) <= _LONGEST_PHONE and text.isprintable()


class _Statements(Settings):
    """The file of statements."""

    statements: tuple[StatementTemplate, ...]


class _Steps(Settings):
    """The file of steps."""

    steps: tuple[PlaybookStep, ...]


def _shipped(name: str) -> dict[str, Any]:
    return tomllib.loads((resources.files("stormcone.config") / name).read_text(encoding="utf-8"))
