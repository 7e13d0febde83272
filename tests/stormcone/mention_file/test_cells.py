"""Single cells: times, counts, names, texts."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stormcone.mention_file.cells import BadCellError, count, flag, instant, name_cell, storable

TWO_PM = datetime(2026, 11, 3, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-03T14:05:00Z",
        "2026-11-03T14:05:00.000Z",
        "2026-11-03t14:05:00z",
        "2026-11-03 14:05:00",
        "2026-11-03T14:05",
        "2026-11-03T15:05:00+01:00",
        " 2026-11-03T14:05:00+00:00 ",
    ],
)
def test_iso_times_are_read_as_utc(text: str) -> None:
    found = instant("created_at", text)
    assert found == TWO_PM
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "1424158565",
        "1412101512345",
        "2026-13-01",
        "2026-02-30T10:00:00Z",
        "03/11/2026",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
    ],
)
def test_what_is_no_time_is_named_with_its_value(text: str) -> None:
    with pytest.raises(BadCellError, match="created_at = ") as raised:
        instant("created_at", text)
    assert repr(text) in str(raised.value)


@pytest.mark.parametrize(("text", "value"), [("", None), (" ", None), ("0", 0), ("007", 7), ("12.0", 12)])
def test_counts_are_whole_numbers_or_unknown(text: str, value: int | None) -> None:
    assert count("likes", text) == value


@pytest.mark.parametrize(
    "text", ["-1", "1.5", "1e3", "1_000", "1,000", "many", "nan", "inf", "²", "9" * 5000, str(2**63)]
)
def test_what_is_no_count_is_refused(text: str) -> None:
    with pytest.raises(BadCellError, match="likes = "):
        count("likes", text)


def test_largest_count_is_kept() -> None:
    assert count("likes", str(2**63 - 1)) == 2**63 - 1


def test_flag_that_is_neither_yes_nor_no_is_refused() -> None:
    with pytest.raises(BadCellError, match="is_brand = 'maybe'"):
        flag("is_brand", "maybe")


def test_message_cuts_a_long_value_and_hides_no_controls_in_it() -> None:
    with pytest.raises(BadCellError) as raised:
        instant("created_at", "\u202e\n\x1b[31m" + "x" * 1_000_000)
    assert len(str(raised.value)) < 200
    assert str(raised.value).isprintable()


def test_name_longer_than_an_index_takes_is_refused() -> None:
    with pytest.raises(BadCellError, match="501 characters"):
        name_cell("id", "x" * 501)


@given(st.text(st.characters(codec=None)))
def test_storable_text_can_be_encoded_and_loses_only_what_no_database_holds(text: str) -> None:
    kept = storable(text)
    kept.encode("utf-8")
    assert "\x00" not in kept
    assert len(kept) == len(text) - text.count("\x00")
    assert all(
        now == before or (now == "\ufffd" and "\ud800" <= before <= "\udfff")
        for now, before in zip(kept, text.replace("\x00", ""), strict=True)
    )
