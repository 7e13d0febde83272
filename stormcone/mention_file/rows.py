"""Turns the cells of one row into the record it stands for.

Between the two file formats and everybody who reads mention files. Two rows with the same id are two rows here: whether
one is already known is for the store to say. Never raises for a bad row: it becomes a Skip that names place and reason.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from stormcone.mention_file.cells import (
    BadCellError,
    count,
    flag,
    instant,
    name_cell,
    optional_instant,
    optional_name,
    optional_text,
    storable,
)
from stormcone.mention_file.columns import Cells, RowKind
from stormcone.models import Deletion, Engagement, Gap, Like, Mention, Skip

Record: TypeAlias = Mention | Engagement | Deletion | Like | Gap


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """One row that could be read: its record, when it was collected, and where it stands ("file.csv line 12")."""

    record: Record
    seen_at: datetime
    place: str

    @property
    def brand(self) -> str | None:
        """The brand the row concerns; None for a gap of every brand."""
        return self.record.brand

    @property
    def mention(self) -> Mention | None:
        """The mention or own post, if that is what the row holds."""
        return self.record if isinstance(self.record, Mention) else None

    @property
    def engagement(self) -> Engagement | None:
        """The counts of a post, if that is what the row holds."""
        return self.record if isinstance(self.record, Engagement) else None

    @property
    def deletion(self) -> Deletion | None:
        """The deletion, if that is what the row holds."""
        return self.record if isinstance(self.record, Deletion) else None

    @property
    def like(self) -> Like | None:
        """The like by the brand's account, if that is what the row holds."""
        return self.record if isinstance(self.record, Like) else None

    @property
    def gap(self) -> Gap | None:
        """The gap, if that is what the row holds."""
        return self.record if isinstance(self.record, Gap) else None


def read_row(cells: Cells, place: str) -> FileRow | Skip:
    """Return the row in `cells`, or why it cannot be read."""
    try:
        build = _BUILDERS.get(cells.kind) or _builder(cells.kind)
        created_at = instant("created_at", cells.created_at)
        seen_at = optional_instant("seen_at", cells.seen_at) or created_at
        return FileRow(record=build(cells, created_at, seen_at), seen_at=seen_at, place=place)
    except BadCellError as error:
        return Skip(place=place, reason=str(error))


def _mention(cells: Cells, created_at: datetime, seen_at: datetime) -> Mention:
    return Mention(
        platform=_platform(cells),
        id=name_cell("id", cells.id),
        brand=name_cell("brand", cells.brand),
        posted_at=created_at,
        seen_at=seen_at,
        text=storable(cells.text),
        author=optional_name("author", cells.author),
        is_own_post=flag("is_brand", cells.is_brand),
        parent_id=optional_name("parent_id", cells.parent_id),
        root_id=optional_name("root_id", cells.root_id),
        likes=count("likes", cells.likes),
        reposts=count("reposts", cells.reposts),
        replies=count("replies", cells.replies),
        quotes=count("quotes", cells.quotes),
        author_followers=count("author_followers", cells.author_followers),
        author_created_at=optional_instant("author_created_at", cells.author_created_at),
        lang=optional_name("lang", cells.lang),
        url=optional_text(cells.url),
        account=optional_name("account", cells.account),
    )


def _engagement(cells: Cells, created_at: datetime, _seen_at: datetime) -> Engagement:
    return Engagement(
        platform=_platform(cells),
        post_id=name_cell("id", cells.id),
        brand=name_cell("brand", cells.brand),
        seen_at=created_at,
        likes=count("likes", cells.likes),
        reposts=count("reposts", cells.reposts),
        replies=count("replies", cells.replies),
        quotes=count("quotes", cells.quotes),
    )


def _deletion(cells: Cells, created_at: datetime, _seen_at: datetime) -> Deletion:
    return Deletion(
        platform=_platform(cells),
        id=name_cell("id", cells.id),
        brand=name_cell("brand", cells.brand),
        seen_at=created_at,
    )


def _like(cells: Cells, created_at: datetime, _seen_at: datetime) -> Like:
    return Like(
        platform=_platform(cells),
        id=name_cell("id", cells.id),
        brand=name_cell("brand", cells.brand),
        liked_at=created_at,
        text=storable(cells.text),
        account=optional_name("account", cells.account),
    )


def _gap(cells: Cells, created_at: datetime, seen_at: datetime) -> Gap:
    if not cells.seen_at.strip():
        raise BadCellError("seen_at", cells.seen_at, "is empty; a gap needs the time until which nothing was collected")
    if seen_at < created_at:
        raise BadCellError("seen_at", cells.seen_at, "lies before created_at; a gap ends after it starts")
    return Gap(
        platform=_platform(cells),
        brand=optional_name("brand", cells.brand),
        started_at=created_at,
        ended_at=seen_at,
        place=optional_name("id", cells.id) or "",
    )


def _platform(cells: Cells) -> str:
    return name_cell("platform", cells.platform).lower()


_Builder: TypeAlias = Callable[[Cells, datetime, datetime], Record]
_BUILDERS: dict[str, _Builder] = {
    "": _mention,
    RowKind.MENTION: _mention,
    RowKind.METRICS: _engagement,
    RowKind.DELETED: _deletion,
    RowKind.LIKED: _like,
    RowKind.GAP: _gap,
}


def _builder(kind: str) -> _Builder:
    found = _BUILDERS.get(storable(kind).strip().lower())
    if found is None:
        raise BadCellError("kind", kind, f"is unknown; known are {', '.join(RowKind)}")
    return found
