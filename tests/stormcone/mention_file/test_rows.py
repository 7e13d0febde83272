"""What each kind of row becomes."""

from datetime import UTC, datetime

import pytest

from stormcone.mention_file import FileRow
from stormcone.mention_file.columns import COLUMNS, Cells
from stormcone.mention_file.rows import read_row
from stormcone.models import Deletion, Engagement, Gap, Like, Mention, Skip

AT = datetime(2026, 11, 3, 14, 5, tzinfo=UTC)
LATER = datetime(2026, 11, 3, 15, 0, tzinfo=UTC)


def cells(**given: str) -> Cells:
    plain = {"id": "1", "platform": "X", "brand": "acme", "created_at": "2026-11-03T14:05:00Z", "text": "hello"}
    return Cells._make((plain | given).get(name, "") for name in COLUMNS)


def read(**given: str) -> FileRow:
    found = read_row(cells(**given), "a.csv line 2")
    assert isinstance(found, FileRow), found
    return found


def test_plain_row_is_a_mention_with_everything_else_unknown() -> None:
    row = read()
    assert row.mention == Mention(platform="x", id="1", brand="acme", posted_at=AT, seen_at=AT, text="hello")
    assert (row.engagement, row.deletion, row.like, row.gap) == (None, None, None, None)
    assert (row.seen_at, row.place) == (AT, "a.csv line 2")


def test_late_row_keeps_both_times() -> None:
    row = read(seen_at="2026-11-03T15:00:00Z")
    assert row.mention is not None
    assert (row.mention.posted_at, row.mention.seen_at, row.seen_at) == (AT, LATER, LATER)


def test_every_column_of_a_mention_is_read() -> None:
    row = read(
        author=" u1 ",
        is_brand="1",
        parent_id="p",
        root_id="r",
        likes="1",
        reposts="2",
        replies="3",
        quotes="4",
        author_followers="5",
        author_created_at="2026-11-03T14:05:00Z",
        lang="en",
        url="https://example.org/1",
        account="acme_help",
        kind=" Mention ",
    )
    assert row.record == Mention(
        platform="x",
        id="1",
        brand="acme",
        posted_at=AT,
        seen_at=AT,
        text="hello",
        author="u1",
        is_own_post=True,
        parent_id="p",
        root_id="r",
        likes=1,
        reposts=2,
        replies=3,
        quotes=4,
        author_followers=5,
        author_created_at=AT,
        lang="en",
        url="https://example.org/1",
        account="acme_help",
    )


def test_metrics_row_is_engagement_as_seen_at_created_at() -> None:
    row = read(kind="metrics", likes="9", replies="4")
    assert row.engagement == Engagement(platform="x", post_id="1", brand="acme", seen_at=AT, likes=9, replies=4)
    assert row.mention is None


def test_deleted_row_is_a_deletion() -> None:
    assert read(kind="deleted").deletion == Deletion(platform="x", id="1", brand="acme", seen_at=AT)


def test_liked_row_is_a_like_by_the_account_of_the_brand() -> None:
    expected = Like(platform="x", id="1", brand="acme", liked_at=AT, text="hello", account="acme")
    assert read(kind="liked", account="acme").like == expected


def test_gap_row_needs_no_id_and_without_brand_means_every_brand() -> None:
    row = read(kind="gap", id="", brand="", text="", seen_at="2026-11-03T15:00:00Z")
    assert row.gap == Gap(platform="x", brand=None, started_at=AT, ended_at=LATER)


def test_text_is_kept_but_for_what_no_database_holds() -> None:
    row = read(text=" a\x00b\ud800 \u202e\r\n=1+1 ", author="\x00u\udfff")
    assert row.mention is not None
    assert row.mention.text == " ab\ufffd \u202e\r\n=1+1 "
    assert row.mention.author == "u\ufffd"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"id": ""}, "id = ''"),
        ({"id": "\x00"}, "id = "),
        ({"platform": " "}, "platform = "),
        ({"brand": ""}, "brand = ''"),
        ({"created_at": "soon"}, "created_at = 'soon'"),
        ({"seen_at": "soon"}, "seen_at = 'soon'"),
        ({"author_created_at": "soon"}, "author_created_at = 'soon'"),
        ({"is_brand": "perhaps"}, "is_brand = 'perhaps'"),
        ({"likes": "-3"}, "likes = '-3'"),
        ({"reposts": "1.5"}, "reposts = '1.5'"),
        ({"kind": "rant"}, "kind = 'rant'"),
        ({"kind": "metrics", "id": ""}, "id = ''"),
        ({"kind": "gap"}, "seen_at = ''"),
        ({"kind": "gap", "seen_at": "2026-11-03T13:00:00Z"}, "seen_at = '2026-11-03T13:00:00Z'"),
    ],
)
def test_bad_row_is_skipped_with_place_column_value_and_remedy(given: dict[str, str], told: str) -> None:
    found = read_row(cells(**given), "a.csv line 2")
    assert isinstance(found, Skip)
    assert found.place == "a.csv line 2"
    assert told in found.reason
    assert len(found.reason.split(": ", 1)[1]) > 10
