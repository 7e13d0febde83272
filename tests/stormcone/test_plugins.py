from collections.abc import Callable, Iterator
from importlib import import_module, invalidate_caches
from pathlib import Path
from sys import modules
from types import ModuleType

import pytest

from stormcone.config import load_config
from stormcone.errors import ConfigError, PluginError
from stormcone.plugins import discover
from stormcone.ports import Channel, Collector, Signal

COLLECTOR = """
from typing import ClassVar
from pydantic import Field
from stormcone.models import Batch
from stormcone.ports import Collector, SourceSettings

class PigeonSettings(SourceSettings):
    loft: str = Field(description="where the pigeons live")

class Pigeon(Collector):
    platform: ClassVar[str] = "pigeon"
    Settings: ClassVar[type[SourceSettings]] = PigeonSettings

    def poll(self, cursor, allowance, deadline):
        return Batch()
"""
CHANNEL = """
from stormcone.ports import Channel, ChannelSettings

class SmokeSettings(ChannelSettings):
    hill: str

class Smoke(Channel):
    type = "smoke"
    Settings = SmokeSettings

    def deliver(self, notice):
        pass
"""
SIGNAL = """
from stormcone.ports import Signal

class Moon(Signal):
    name = "moon"

    def read(self, view):
        return None
"""

Drop = Callable[[str, str, str], Path]


@pytest.fixture
def drop(tmp_path: Path) -> Iterator[Drop]:
    """Put a file into a plug-in folder for the length of a test, by way of a folder beside it."""
    dropped: list[tuple[ModuleType, str]] = []

    def put(package_name: str, name: str, source: str) -> Path:
        package = import_module(package_name)
        folder = tmp_path / package_name
        folder.mkdir(exist_ok=True)
        file = folder / f"{name}.py"
        file.write_text(source, encoding="utf-8")
        package.__path__.append(str(folder))
        dropped.append((package, name))
        invalidate_caches()
        return file

    yield put
    for package, name in dropped:
        package.__path__.pop()
        modules.pop(f"{package.__name__}.{name}", None)
        vars(package).pop(name, None)


def test_a_collector_is_one_file_and_brings_its_section(drop: Drop, tmp_path: Path) -> None:
    drop("collectors", "pigeon", COLLECTOR)
    assert "pigeon" in discover("collectors", Collector, key="platform")  # type: ignore[type-abstract]  # a role to look for
    config = tmp_path / "config.toml"
    config.write_text("[collectors.pigeon]\nloft = 'roof'\n", encoding="utf-8")
    assert load_config(config).sources["pigeon"].model_dump()["loft"] == "roof"
    config.write_text("[collectors.pigeon]\nlofd = 'roof'\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"collectors\.pigeon\.lofd: unknown key; did you mean loft\?"):
        load_config(config)


def test_without_the_file_there_is_no_such_section(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("[collectors.pigeon]\nloft = 'roof'\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"collectors\.pigeon: unknown key"):
        load_config(config)


def test_a_channel_is_one_file_and_brings_its_section(drop: Drop, tmp_path: Path) -> None:
    drop("alerts.channels", "smoke", CHANNEL)
    assert "smoke" in discover("alerts.channels", Channel, key="type")  # type: ignore[type-abstract]  # a role to look for
    config = tmp_path / "config.toml"
    config.write_text("[[channels]]\nid = 'hill'\ntype = 'smoke'\nhill = 'north'\n", encoding="utf-8")
    (settings,) = load_config(config).channels
    assert settings.model_dump()["hill"] == "north"


def test_a_signal_is_one_file(drop: Drop) -> None:
    drop("analysis.signals", "moon", SIGNAL)
    found = discover("analysis.signals", Signal, key="name")  # type: ignore[type-abstract]  # a role to look for
    assert found["moon"]().name == "moon"
    assert list(found) == sorted(found)


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("", 0),
        (SIGNAL + SIGNAL.replace("Moon", "Sun"), 2),
        ("from stormcone.ports import Signal\n\nclass Half(Signal):\n    name = 'half'\n", 0),
        ("from analysis.signals.velocity import Velocity\n", 0),
    ],
    ids=["empty", "two classes", "an abstract class", "a class of another file"],
)
def test_a_file_without_exactly_one_class_of_its_role_is_named(drop: Drop, source: str, count: int) -> None:
    file = drop("analysis.signals", "broken", source)
    with pytest.raises(PluginError) as raised:
        discover("analysis.signals", Signal, key="name")  # type: ignore[type-abstract]  # a role to look for
    assert str(raised.value) == f"{file}: a plug-in file holds exactly one concrete Signal, not {count}"


def test_a_name_taken_twice_is_refused_naming_both(drop: Drop) -> None:
    file = drop("analysis.signals", "zz_second", SIGNAL.replace('"moon"', '"velocity"'))
    with pytest.raises(PluginError) as raised:
        discover("analysis.signals", Signal, key="name")  # type: ignore[type-abstract]  # a role to look for
    assert str(raised.value) == f"{file}: name 'velocity' is already taken by analysis.signals.velocity"


def test_files_that_begin_with_an_underscore_are_no_plug_ins(drop: Drop) -> None:
    drop("analysis.signals", "_shared", "")
    assert "_shared" not in discover("analysis.signals", Signal, key="name")  # type: ignore[type-abstract]  # a role to look for
