"""Reads a JSONL mention file row by row, and single lines of one that is still growing.

One of the two formats behind reading.py; `JsonRowReader` also serves the file-drop collector. Never keeps more of the
file in memory than the first lines, which say whether a column is missing.
"""

import json
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from stormcone.errors import MentionFileError
from stormcone.mention_file.cells import BadCellError
from stormcone.mention_file.columns import (
    COLUMNS,
    NEEDED_BY_KIND,
    NO_MAP,
    Cells,
    ColumnMap,
    RowKind,
    describe_missing,
    source_names,
)
from stormcone.mention_file.lines import Lines
from stormcone.mention_file.rows import FileRow, read_row
from stormcone.models import Skip

# A JSON row may leave out what it does not know, so one row does not tell that a column is missing; these many do.
_LINES_LOOKED_AHEAD = 50
_KINDS = {str(kind): kind for kind in RowKind}


class JsonRowReader:
    """Reads one line of a JSONL mention file at a time."""

    def __init__(self, column_map: ColumnMap = NO_MAP) -> None:
        self._sources = source_names(column_map)

    def read(self, line: str, place: str) -> FileRow | Skip:
        """Return the row in `line`, or why it cannot be read. `place` is where the line stands."""
        try:
            parsed = json.loads(line)
        except json.JSONDecodeError as error:
            return Skip(
                place=place, reason=f"is no JSON ({error.msg}, character {error.pos + 1}); write one object a line"
            )
        except (ValueError, RecursionError):
            return Skip(place=place, reason="holds a number or brackets too long to read; write one object a line")
        if not isinstance(parsed, dict):
            return Skip(place=place, reason=f"is a JSON {type(parsed).__name__}; write one object a line")
        try:
            cells = Cells._make(map(_as_cell, COLUMNS, map(parsed.get, self._sources)))
        except BadCellError as error:
            return Skip(place=place, reason=str(error))
        return read_row(cells, place)


def json_rows(lines: Lines, *, file_name: str, column_map: ColumnMap) -> Iterator[FileRow | Skip]:
    """Yield every row, readable or not, in file order; blank lines are passed over.

    Raises: MentionFileError: none of the first rows has a column that their kind needs.
    """
    reader = JsonRowReader(column_map)
    source = iter(lines)
    first = list(islice(source, _LINES_LOOKED_AHEAD))
    _refuse_missing(first, file_name, column_map)
    number = 0
    for number, line in enumerate(chain(first, source), start=1):
        if not line.isspace():
            yield reader.read(line, f"{file_name} line {number}")
    if lines.damage is not None:
        yield Skip(place=f"{file_name} after line {number}", reason=lines.damage)


def _as_cell(column: str, value: Any) -> str:  # noqa: ANN401 - whatever JSON can hold
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    raise BadCellError(column, json.dumps(value), "must be text, a number or null")


def _refuse_missing(lines: list[str], file_name: str, column_map: ColumnMap) -> None:
    found: dict[str, None] = {}  # keys in the order they were met
    needed: set[str] = set()
    for line in lines:
        try:
            parsed = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(parsed, dict):
            found.update(dict.fromkeys(parsed))
            kind = parsed.get(column_map.get("kind", "kind"))
            needed.update(NEEDED_BY_KIND[_KINDS.get(str(kind), RowKind.MENTION)])
    names = zip(COLUMNS, source_names(column_map), strict=True)
    missing = tuple(name for name, source in names if name in needed and source not in found)
    if found and missing:
        raise MentionFileError(f"{file_name}: {describe_missing(missing, column_map, tuple(found))}")
