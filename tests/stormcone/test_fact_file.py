"""Facts are read strictly: unknown is a value, everything else that is wrong is named with its key."""

import json
from contextlib import suppress
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stormcone.errors import UsageError
from stormcone.fact_file import read_facts
from stormcone.models import Cause, Facts, Said

KEYS = [each.name for each in fields(Facts)]


def read(**table: Any) -> Facts:
    return read_facts(json.dumps(table))


@pytest.mark.parametrize("key", [key for key in KEYS if key != "brand"])
def test_missing_and_unknown_mean_the_same(key: str) -> None:
    assert read(**{key: "unknown"}) == Facts() == read()


def test_values_arrive_as_they_are_kept() -> None:
    facts = read(cause="leak", severity=3, coordination=1, said=["apology", "joke"], press=False, brand="unknown")
    assert (facts.cause, facts.severity, facts.coordination) == (Cause.LEAK, 3, 1.0)
    assert (facts.said, facts.press, facts.brand) == ((Said.APOLOGY, Said.JOKE), False, "unknown")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("severity", 0),
        ("severity", 6),
        ("severity", 2.5),
        ("severity", True),
        ("severity", "3"),
        ("severity", None),
        ("coordination", 1.01),
        ("coordination", -0.1),
        ("neg_share", "half"),
        ("platforms", 0),
        ("doubling_min", 0),
        ("post_age_min", -1),
        ("distinct_authors", -1),
        ("distinct_authors", 10**400),
        ("reply_ratio", float("nan")),
        ("reply_ratio", float("inf")),
        ("press", "yes"),
        ("press", 1),
        ("cause", "boredom"),
        ("cause", ["leak"]),
        ("responsibility", "none"),
        ("said", "apology"),
        ("said", ["sorry"]),
        ("said", ["none", "apology"]),
        ("brand", 7),
    ],
)
def test_a_value_out_of_its_range_is_named_with_its_key(key: str, value: object) -> None:
    with pytest.raises(UsageError, match=key):
        read_facts(json.dumps({key: value}))


def test_a_key_that_does_not_exist_gets_a_suggestion() -> None:
    with pytest.raises(UsageError, match=r"harm_to_peple: .*harm_to_people"):
        read(harm_to_peple=True)


@pytest.mark.parametrize("text", ["", "[]", "3", "{", '{"severity": 2, "severity": 4}', "[" * 100_000, "1" * 5000])
def test_what_is_no_table_of_facts_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        read_facts(text)


@given(
    st.dictionaries(
        st.sampled_from([*KEYS, "x"]), st.none() | st.booleans() | st.floats() | st.text() | st.lists(st.text())
    )
)
def test_whatever_stands_in_a_file_is_read_or_refused(table: dict[str, Any]) -> None:
    with suppress(UsageError):
        assert isinstance(read_facts(json.dumps(table)), Facts)
