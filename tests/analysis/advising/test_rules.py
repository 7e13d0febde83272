"""The file of rules: what is wrong in it is said with the rule's name, never found by a rule that does not fire."""

import pytest

from analysis.advising.conditions import parse
from analysis.advising.rules import read_rules
from stormcone.config import AdviceSettings
from stormcone.errors import ConfigError

GOOD = """
[sources]
own = "a source"
[[rule]]
name = "first"
when = ["cause is leak"]
action = "hold"
within = "act_minutes"
text = "It leaked, at severity {severity}."
source = "own"
[[rule]]
name = "last"
when = []
action = "monitor"
within = 60
text = "Watch it."
source = "own"
"""


def test_the_rules_that_come_with_stormcone_are_sound() -> None:
    book = read_rules(AdviceSettings())
    assert book.rules[-1].when == ()
    assert {"cause", "severity", "post_status", "platforms"} <= book.deciding


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('action = "hold"', 'action = "panic"', ("first", "panic")),
        ('when = ["cause is leak"]', 'when = ["cause is leek"]', ("first", "leek", "leak")),
        ('when = ["cause is leak"]', 'when = ["anger at least 3"]', ("first", "anger")),
        ('when = ["cause is leak"]', 'when = ["severity at least lots"]', ("first", "lots")),
        ('when = ["cause is leak"]', 'when = "cause is leak"', ("first", "list")),
        ('within = "act_minutes"', 'within = "some_minutes"', ("first", "some_minutes")),
        ('text = "It leaked, at severity {severity}."', 'text = "{brand} leaked"', ("first", "brand")),
        ('text = "It leaked, at severity {severity}."', 'text = " "', ("first", "why")),
        ('source = "own"\n[[rule]]', 'source = "hearsay"\n[[rule]]', ("first", "hearsay")),
        ('source = "own"\n[[rule]]', 'source = "own"\nnote = 1\n[[rule]]', ("first", "note")),
        ('source = "own"\n[[rule]]', 'source = "own"\navoid = ["fun"]\n[[rule]]', ("first", "fun")),
        ('name = "last"', 'name = "first"', ("first", "name of its own")),
        ("when = []", 'when = ["big"]', ("without conditions",)),
        ('name = "last"', "", ("rule", "name")),
        ('action = "hold"', "action = ", ("line",)),
    ],
)
def test_a_wrong_rule_is_named_with_its_remedy(old: str, new: str, named: tuple[str, ...]) -> None:
    assert old in GOOD
    with pytest.raises(ConfigError) as error:
        read_rules(AdviceSettings(), GOOD.replace(old, new))
    assert all(word in str(error.value) for word in ("rules.toml", *named))


@pytest.mark.parametrize("text", ["", "not", "not cause", "cause", "severity is 3", "said includes nothing much"])
def test_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse(text, {})


def test_what_nobody_knows_meets_neither_a_condition_nor_its_opposite() -> None:
    view = {"severity": None, "harm_to_people": None, "cause": None}
    for text in ("severity at least 1", "severity at most 5", "harm_to_people", "not harm_to_people", "cause is leak"):
        assert not parse(text, {}).holds(view)
    assert parse("cause is unknown", {}).holds(view)
