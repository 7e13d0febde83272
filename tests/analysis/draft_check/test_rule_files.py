"""Files of rules that are wrong are refused by the name of the rule."""

from typing import Any

import pytest

from analysis.draft_check.rule_files import rules_of
from stormcone.errors import ConfigError

GOOD: dict[str, Any] = {"name": "r", "category": "tone_deaf", "risk": 0.6, "all": ["joke", "@bad"], "why": "{0} {1}"}
KNOWN = frozenset({"joke", "death", "war"})
SETS = {"bad": "death | @worse", "worse": "war"}


def read(**changed: Any) -> Any:
    row = {key: value for key, value in {**GOOD, **changed}.items() if value is not None}
    return rules_of({"sets": SETS, "rule": [row]}, KNOWN)[0]


def test_sets_open_into_their_concepts() -> None:
    assert read().every == (("joke",), ("death", "war"))


@pytest.mark.parametrize(
    "changed",
    [
        {"category": "rude"},
        {"risk": 1.5},
        {"risk": None},
        {"all": []},
        {"all": ["nothing"]},
        {"all": ["@nothing"]},
        {"none": ["nothing"]},
        {"why": "{2}"},
        {"colour": "red"},
    ],
)
def test_wrong_rule_is_refused_by_name(changed: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match="rule r"):
        read(**changed)


def test_name_is_used_once() -> None:
    with pytest.raises(ConfigError, match="stands twice"):
        rules_of({"sets": SETS, "rule": [GOOD, GOOD]}, KNOWN)
