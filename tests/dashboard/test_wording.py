"""Every signal has a name in words, so that no screen shows a name of code."""

from dashboard import wording
from stormcone.plugins import discover
from stormcone.ports import Signal


def test_every_signal_has_a_name_in_words() -> None:
    found = discover("analysis.signals", Signal, key="name")  # type: ignore[type-abstract]  # a role to look for
    assert set(found) <= set(wording.SIGNAL_WORDS)
    names = list(wording.SIGNAL_WORDS.values())
    assert len(set(names)) == len(names)
