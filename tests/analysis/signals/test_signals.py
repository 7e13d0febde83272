"""What every signal has in common: silence where the view lacks data, both numbers in the text, one file each."""

import importlib
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from stormcone.errors import PluginError
from stormcone.models.signal_views import SignalView
from stormcone.plugins import discover
from stormcone.ports import Signal
from tests.analysis.signals.views import VIEW

SIGNALS = {name: signal() for name, signal in discover("analysis.signals", Signal, key="name").items()}  # type: ignore[type-abstract]  # a role to look for
NOBODY = replace(
    VIEW, mentions=0, voices=0, against=0, hostile_voices=0, copies=0, positive=0, hostile_authors=0, cues={}
)

DROPPED_IN = '''
"""Signal: how many mentions there are."""

from stormcone.models import Axis, Reading
from stormcone.ports import Signal
from stormcone.models.signal_views import SignalView


class Loudness(Signal):
    """Mentions in the window."""

    name = "loudness"

    def read(self, view: SignalView) -> Reading:
        """Return the number."""
        said = f"{view.mentions:.0f} mentions"
        return Reading(signal=self.name, axis=Axis.VOLUME, value=view.mentions, expected=None, text=said)
'''


def test_every_signal_of_the_folder_is_tested_in_a_file_of_its_own() -> None:
    assert {f"test_{name}.py" for name in SIGNALS} <= {each.name for each in Path(__file__).parent.iterdir()}


@pytest.mark.parametrize("name", SIGNALS)
@pytest.mark.parametrize("view", [VIEW, NOBODY], ids=["storm", "nobody"])
def test_signal_reads_a_view_without_changing_its_mind(name: str, view: SignalView) -> None:
    reading = SIGNALS[name].read(view)
    assert reading == SIGNALS[name].read(view)
    if reading is not None:
        assert reading.signal == name
        assert reading.text


def test_signal_file_dropped_into_the_folder_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = _package(tmp_path, monkeypatch, "dropped_signals")
    (package / "loudness.py").write_text(DROPPED_IN)
    found = discover("dropped_signals", Signal, key="name")  # type: ignore[type-abstract]  # a role to look for
    reading = found["loudness"]().read(VIEW)
    assert reading is not None
    assert reading.text == "60 mentions"


def test_signal_file_without_a_signal_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = _package(tmp_path, monkeypatch, "empty_signals")
    (package / "nothing.py").write_text('"""Nothing."""\n')
    with pytest.raises(PluginError, match=r"nothing\.py"):
        discover("empty_signals", Signal, key="name")  # type: ignore[type-abstract]  # a role to look for


def _package(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> Path:
    package = folder / name
    package.mkdir()
    (package / "__init__.py").write_text('"""Signals of a test."""\n')
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    importlib.invalidate_caches()
    return package
