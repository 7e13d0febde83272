"""`--map` and the list of columns."""

import pytest

from stormcone.errors import UsageError
from stormcone.mention_file import COLUMNS, NEEDED, OPTIONAL, parse_column_map


def test_columns_stand_in_the_order_of_the_contract() -> None:
    assert COLUMNS[:11] == (
        "id",
        "platform",
        "brand",
        "created_at",
        "author",
        "is_brand",
        "text",
        "parent_id",
        "root_id",
        "likes",
        "reposts",
    )
    assert set(NEEDED) | set(OPTIONAL) == set(COLUMNS)
    assert not set(NEEDED) & set(OPTIONAL)


def test_map_renames_columns() -> None:
    assert parse_column_map("created_at=tweet_created,text=body") == {"created_at": "tweet_created", "text": "body"}


def test_map_keeps_an_equals_sign_in_the_name_of_the_file() -> None:
    assert parse_column_map("id=a=b") == {"id": "a=b"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("created_at", "created_at=tweet_created"),
        ("created_at=", "created_at=tweet_created"),
        ("=x", "created_at=tweet_created"),
        ("when=tweet_created", "known are id, platform"),
        ("id=a,id=b", "named twice"),
    ],
)
def test_bad_map_says_what_and_what_to_do(text: str, told: str) -> None:
    with pytest.raises(UsageError, match=told) as raised:
        parse_column_map(text)
    assert "\n" not in str(raised.value)


def test_map_does_not_change_afterwards() -> None:
    with pytest.raises(TypeError):
        parse_column_map("id=a")["text"] = "b"  # type: ignore[index]  # that it is refused is the point
