"""Reads config.toml into frozen settings, or says in one line what is wrong with it.

First thing every command does. Finds plug-in sections by scanning the plug-in folders. Never writes the file, never
resolves a secret (see secrets.py); what is wrong is worded in refusing.py.
"""

import os
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, Field

from stormcone.config.advice import AdviceSettings
from stormcone.config.brands import BrandSettings
from stormcone.config.detector import DetectorSettings
from stormcone.config.kinds import KindSettings
from stormcone.config.people import EscalationSettings, PersonSettings, RotaSettings
from stormcone.config.playbook import PlaybookSettings, refuse_playbook, refuse_playbook_shape
from stormcone.config.refusing import config_error, refuse_unknown, suggestion, validate
from stormcone.config.sections import DashboardSettings, ScoringSettings, StoreSettings, WatchSettings
from stormcone.config.severity import SeveritySettings
from stormcone.errors import ConfigError
from stormcone.plugins import discover
from stormcone.ports import Channel, ChannelSettings, Collector, Settings, SourceSettings

_TABLES = (
    *("store", "watch", "scoring", "dashboard", "detector", "severity", "kinds", "advice"),
    *("collectors", "rota", "escalation", "playbook"),
)
_LISTS = ("brand", "people", "channels")


class Config(Settings):
    """Everything config.toml says. `folder` is where it stands: relative paths mean beside it."""

    model_config = ConfigDict(populate_by_name=True)

    folder: str = Field(default=".", exclude=True)
    store: StoreSettings = StoreSettings()
    watch: WatchSettings = WatchSettings()
    scoring: ScoringSettings = ScoringSettings()
    dashboard: DashboardSettings = DashboardSettings()
    detector: DetectorSettings = DetectorSettings()
    severity: SeveritySettings = SeveritySettings()
    kinds: KindSettings = KindSettings()
    advice: AdviceSettings = AdviceSettings()
    lease_seconds: float = Field(
        default=60,
        gt=0,
        alias="collectors.lease_seconds",
        description="a watcher that went silent is replaced after so long",
    )
    sources: Mapping[str, SourceSettings] = Field(default_factory=dict)
    brands: tuple[BrandSettings, ...] = Field(default=(), alias="brand")
    people: tuple[PersonSettings, ...] = ()
    channels: tuple[ChannelSettings, ...] = ()
    rota: RotaSettings = RotaSettings()
    escalation: EscalationSettings = EscalationSettings()
    playbook: PlaybookSettings = PlaybookSettings()

    def brand_named(self, name: str) -> BrandSettings:
        """Return the settings of a brand; a brand that the file does not name gets the defaults."""
        return next((brand for brand in self.brands if brand.name == name), BrandSettings(name=name))

    @property
    def enabled_sources(self) -> dict[str, SourceSettings]:
        """Sources that are switched on, by section name."""
        return {name: source for name, source in self.sources.items() if source.enabled}


def default_path() -> Path:
    """Return STORMCONE_CONFIG, or config.toml in the working directory."""
    return Path(os.environ.get("STORMCONE_CONFIG", "config.toml"))


def load_config(path: Path) -> Config:
    """Return the settings in `path`.

    Raises: ConfigError: the file cannot be read, is no TOML, holds an unknown key or a value of the wrong type; the
        message names file, key, value and remedy. PluginError: a file in a plug-in folder breaks its rules.
    """
    tables = _read_toml(path)
    _refuse_shapes(path, tables)
    refuse_playbook_shape(path, tables.get("playbook"))
    collectors = dict(tables.get("collectors", {}))
    settings = {name: section for name, section in tables.items() if name not in {"collectors", "channels"}}
    settings["folder"] = str(path.resolve().parent)
    if "lease_seconds" in collectors:
        settings["collectors.lease_seconds"] = collectors.pop("lease_seconds")
    config = validate(path, (), Config, settings).model_copy(
        update={"sources": _sources(path, collectors), "channels": _channels(path, tables.get("channels", []))}
    )
    _refuse_dangling(path, config)
    return config


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))  # editors on Windows put a mark in front
    except FileNotFoundError:
        raise ConfigError(str(path), remedy="no such file; name one with --config or STORMCONE_CONFIG") from None
    except OSError as error:
        raise ConfigError(str(path), remedy=f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(str(path), remedy=f"is not UTF-8 (byte {error.start}); save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(str(path), remedy=f"is not valid TOML: {error}") from error


def _refuse_shapes(path: Path, tables: Mapping[str, object]) -> None:
    """One pair of brackets for a section, two for an entry of a list."""
    refuse_unknown(path, (), tables, {*_TABLES, *_LISTS})
    for name, value in tables.items():
        if name in _TABLES and not isinstance(value, dict):
            raise config_error(path, (name,), f"is a section; write [{name}] above its keys")
        if name in _LISTS and not (isinstance(value, list) and all(isinstance(each, dict) for each in value)):
            raise config_error(path, (name,), f"is a list; write [[{name}]], in two brackets, above each entry")


def _sources(path: Path, sections: Mapping[str, object]) -> dict[str, SourceSettings]:
    known = discover("collectors", Collector, key="platform")  # type: ignore[type-abstract]  # a role to look for, never built
    refuse_unknown(path, ("collectors",), sections, {*known, "lease_seconds"})
    return {
        name: validate(path, ("collectors", name), known[name].Settings, section) for name, section in sections.items()
    }


def _channels(path: Path, entries: Sequence[Mapping[str, object]]) -> tuple[ChannelSettings, ...]:
    known = discover("alerts.channels", Channel, key="type")  # type: ignore[type-abstract]  # a role to look for, never built
    read = []
    for number, entry in enumerate(entries, start=1):
        kind, name = entry.get("type"), entry.get("id")
        key = ("channels", name if isinstance(name, str) and name else str(number))
        if not isinstance(kind, str) or kind not in known:
            raise config_error(path, (*key, "type"), f"give one of {', '.join(known)}", value=kind)
        read.append(validate(path, key, known[kind].Settings, entry))
    return tuple(read)


def _refuse_dangling(path: Path, config: Config) -> None:
    """Names that point nowhere are found now, not in the night they are needed."""
    _refuse_twice(path, "brand.name", [brand.name for brand in config.brands])
    _refuse_twice(path, "channels.id", [channel.id for channel in config.channels])
    _refuse_twice(path, "people.id", [person.id for person in config.people])
    channels = {channel.id for channel in config.channels}
    people = {person.id for person in config.people}
    brands = {brand.name for brand in config.brands}
    roles = {"primary", "secondary", "lead", "everyone"}
    checks = [
        *((f"people.{person.id}.channels", name, channels) for person in config.people for name in person.channels),
        *(
            (f"channels.{channel.id}.fallback", channel.fallback, channels - {channel.id})
            for channel in config.channels
            if channel.fallback
        ),
        *(("rota.people", name, people) for name in config.rota.people),
        *((f"people.{person.id}.brands", name, brands) for person in config.people for name in person.brands),
        *(("rota.catch_all", name, people) for name in [config.rota.catch_all] if name),
        *(("rota.overrides.person", each.person, people) for each in config.rota.overrides),
        *(("rota.holidays.person", each.person, people) for each in config.rota.holidays),
        *(
            ("escalation.steps.notify", name, people | roles)
            for step in config.escalation.steps
            for name in step.notify
        ),
        *((f"brand.{brand.name}.competitors", name, brands) for brand in config.brands for name in brand.competitors),
    ]
    for key, name, known in checks:
        if name not in known:
            raise config_error(path, (key,), suggestion(name, known) if known else "names nothing", value=name)
    _refuse_nobody(path, config)
    refuse_playbook(path, config.playbook, people=people, brands=brands)


def _refuse_nobody(path: Path, config: Config) -> None:
    """A rota or a ladder that was written down and names roles nobody holds would be noticed in a storm only.

    Where neither is written down, everybody is on call.
    """
    is_written = bool({"rota", "escalation"} & config.model_fields_set)
    named = {name for step in config.escalation.steps for name in step.notify}
    is_empty = not config.rota.people and config.rota.catch_all is None
    if config.people and is_written and is_empty and named & {"primary", "secondary", "lead"}:
        raise config_error(path, ("rota.people",), "nobody is on call; name ids of [[people]] here, or a catch_all")
    gap = config.rota.uncovered()
    if gap is not None:
        raise config_error(path, ("rota.holidays",), f"nobody is on call at {gap:%Y-%m-%d %H:%M} UTC; name a catch_all")


def _refuse_twice(path: Path, key: str, names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise config_error(path, (key,), "stands twice; every name is used once", value=name)
