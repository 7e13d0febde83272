"""What is written reads back as the same records."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stormcone.mention_file import COLUMNS, FileRow, Record, read_rows, write_csv, write_jsonl
from stormcone.models import Deletion, Engagement, Gap, Like, Mention

AT = datetime(2026, 11, 3, 14, 5, 0, 250_000, tzinfo=UTC)

names = (
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=20)
    .map(str.strip)
    .filter(bool)
)
platforms = names.map(str.lower).filter(lambda name: name == name.strip().lower())
texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=60)
instants = st.datetimes(datetime(1971, 1, 1), datetime(2198, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive by its contract
counts = st.none() | st.integers(0, 2**63 - 1)
unknown_names = st.none() | names

mentions = st.builds(
    Mention,
    platform=platforms,
    id=names,
    brand=names,
    posted_at=instants,
    seen_at=instants,
    text=texts,
    author=unknown_names,
    is_own_post=st.booleans(),
    parent_id=unknown_names,
    root_id=unknown_names,
    likes=counts,
    reposts=counts,
    replies=counts,
    quotes=counts,
    author_followers=counts,
    author_created_at=st.none() | instants,
    lang=unknown_names,
    url=unknown_names,
    account=unknown_names,
)
engagements = st.builds(
    Engagement,
    platform=platforms,
    post_id=names,
    brand=names,
    seen_at=instants,
    likes=counts,
    reposts=counts,
    replies=counts,
    quotes=counts,
)
deletions = st.builds(Deletion, platform=platforms, id=names, brand=names, seen_at=instants)
likes = st.builds(Like, platform=platforms, id=names, brand=names, liked_at=instants, text=texts, account=unknown_names)
gaps = st.builds(
    lambda platform, brand, start, minutes: Gap(
        platform=platform, brand=brand, started_at=start, ended_at=start + timedelta(minutes=minutes)
    ),
    platforms,
    unknown_names,
    instants,
    st.integers(0, 10_000),
)
records = st.lists(mentions | engagements | deletions | likes | gaps, max_size=5)


def read_back(folder: Path, name: str, written: str) -> list[Record]:
    path = folder / name
    path.write_bytes(written.encode())
    found = list(read_rows(path))
    assert all(isinstance(row, FileRow) for row in found), found
    return [row.record for row in found if isinstance(row, FileRow)]


@settings(max_examples=100, deadline=None)
@given(given_records=records)
def test_csv_reads_back_the_same_records(tmp_path_factory: pytest.TempPathFactory, given_records: list[Record]) -> None:
    stream = io.StringIO(newline="")
    assert write_csv(given_records, stream) == len(given_records)
    assert read_back(tmp_path_factory.getbasetemp(), "round.csv", stream.getvalue()) == given_records


@settings(max_examples=100, deadline=None)
@given(given_records=records)
def test_jsonl_reads_back_the_same_records(
    tmp_path_factory: pytest.TempPathFactory, given_records: list[Record]
) -> None:
    stream = io.StringIO(newline="")
    assert write_jsonl(given_records, stream) == len(given_records)
    assert len(stream.getvalue().splitlines()) == len(given_records)
    assert read_back(tmp_path_factory.getbasetemp(), "round.jsonl", stream.getvalue()) == given_records


def mention(**changed: object) -> Mention:
    plain = {"platform": "x", "id": "1", "brand": "acme", "posted_at": AT, "seen_at": AT, "text": "hello"}
    return Mention(**(plain | changed))  # type: ignore[arg-type]  # keywords of mixed types


def test_columns_are_written_in_the_order_of_the_contract_with_times_in_utc() -> None:
    stream = io.StringIO(newline="")
    write_csv([mention(seen_at=AT + timedelta(minutes=1), likes=0)], stream)
    header, row = csv.reader(io.StringIO(stream.getvalue(), newline=""))
    assert tuple(header) == COLUMNS
    cells = dict(zip(header, row, strict=True))
    assert cells["created_at"] == "2026-11-03T14:05:00.250Z"
    assert cells["seen_at"] == "2026-11-03T14:06:00.250Z"
    assert (cells["is_brand"], cells["likes"], cells["reposts"], cells["kind"]) == ("0", "0", "", "mention")


def test_jsonl_holds_every_column_and_null_where_unknown() -> None:
    stream = io.StringIO()
    write_jsonl([mention(text="a\u2028b")], stream)
    (line,) = stream.getvalue().splitlines()
    found = json.loads(line)
    assert tuple(found) == COLUMNS
    assert (found["text"], found["likes"], found["is_brand"], found["seen_at"]) == ("a\u2028b", None, 0, None)


def test_formula_is_written_as_it_is() -> None:
    stream = io.StringIO(newline="")
    write_csv([mention(text="=1+1")], stream)
    assert ",=1+1," in stream.getvalue()


def test_text_that_no_database_holds_is_cleaned_when_written() -> None:
    for write in (write_csv, write_jsonl):
        stream = io.StringIO(newline="")
        write([mention(text="a\x00\ud800")], stream)
        assert "\x00" not in stream.getvalue()
        stream.getvalue().encode("utf-8")
