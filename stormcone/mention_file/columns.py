"""The columns and row kinds of a mention file, and `--map`, which renames columns.

The one place that knows names and order; read by the readers and the writer of this folder. Columns a file has beyond
these (labels, notes, exports of other tools) are ignored by design. Never looks into a cell.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from stormcone.errors import UsageError


class RowKind(StrEnum):
    """What a row of a mention file tells; an empty `kind` is a mention."""

    MENTION = "mention"
    METRICS = "metrics"  # counts of post `id` as seen at `created_at`
    DELETED = "deleted"  # post `id` was gone at `created_at`
    LIKED = "liked"  # the brand's account liked a post with this text
    GAP = "gap"  # nothing was collected from `created_at` until `seen_at`


class Cells(NamedTuple):
    """One row as text, cell by cell, in the order in which files are written; "" is unknown."""

    id: str
    platform: str
    brand: str
    created_at: str
    author: str
    is_brand: str
    text: str
    parent_id: str
    root_id: str
    likes: str
    reposts: str
    replies: str
    quotes: str
    author_followers: str
    author_created_at: str
    lang: str
    url: str
    account: str
    kind: str
    seen_at: str


COLUMNS: tuple[str, ...] = Cells._fields
NEEDED: tuple[str, ...] = ("id", "platform", "brand", "created_at", "text")
OPTIONAL: tuple[str, ...] = tuple(name for name in COLUMNS if name not in NEEDED)

NEEDED_BY_KIND: Mapping[RowKind, tuple[str, ...]] = MappingProxyType(
    {
        RowKind.MENTION: NEEDED,
        RowKind.METRICS: ("id", "platform", "brand", "created_at"),
        RowKind.DELETED: ("id", "platform", "brand", "created_at"),
        RowKind.LIKED: NEEDED,
        RowKind.GAP: ("platform", "created_at", "seen_at"),
    }
)

ColumnMap = Mapping[str, str]
NO_MAP: ColumnMap = MappingProxyType({})


def parse_column_map(text: str) -> ColumnMap:
    """Return what `--map` says: our column -> the file's column.

    Args: text: "created_at=tweet_created,text=body"; empty means no renaming.
    Raises: UsageError: a part is no pair, names a column we do not know, or names one twice.
    >>> dict(parse_column_map("created_at=tweet_created, text=body"))
    {'created_at': 'tweet_created', 'text': 'body'}
    """
    mapping: dict[str, str] = {}
    for part in filter(None, (each.strip() for each in text.split(","))):
        target, equals, source = (each.strip() for each in part.partition("="))
        if not (target and equals and source):
            raise UsageError(f"--map {part[:60]!r}: write COLUMN=NAME_IN_FILE, such as created_at=tweet_created")
        if target not in COLUMNS:
            raise UsageError(f"--map {part[:60]!r}: {target[:60]!r} is no column; known are {', '.join(COLUMNS)}")
        if target in mapping:
            raise UsageError(f"--map {part[:60]!r}: {target} is named twice; name each column once")
        mapping[target] = source
    return MappingProxyType(mapping)


def source_names(column_map: ColumnMap) -> tuple[str, ...]:
    """Return the name each of COLUMNS goes by in the file.

    >>> source_names({"id": "tweet_id"})[:2]
    ('tweet_id', 'platform')
    """
    return tuple(column_map.get(name, name) for name in COLUMNS)


def describe_missing(missing: tuple[str, ...], column_map: ColumnMap, found: tuple[str, ...]) -> str:
    """Return the sentence about needed columns that a file lacks.

    >>> describe_missing(("brand",), {}, ("id", "text"))
    "needed column missing: brand; found are 'id', 'text'; add it, or name it with --map brand=NAME_IN_FILE"
    """
    names = [f"{name} (mapped to {column_map[name][:60]!r})" if name in column_map else name for name in missing]
    shown = ", ".join(repr(name[:60]) for name in found[:30]) or "none"
    return (
        f"needed column{'s' if len(names) > 1 else ''} missing: {', '.join(names)}; found are {shown}; "
        f"add {'them' if len(names) > 1 else 'it'}, or name it with --map {missing[0]}=NAME_IN_FILE"
    )
