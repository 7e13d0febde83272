"""Reads a CSV mention file row by row.

One of the two formats behind reading.py. Checks the header once, then hands every record to rows.py. Never keeps more
than one record in memory.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from operator import itemgetter

from stormcone.errors import MentionFileError
from stormcone.mention_file.columns import COLUMNS, NEEDED, Cells, ColumnMap, describe_missing, source_names
from stormcone.mention_file.csv_records import BrokenRecord, CsvRecords
from stormcone.mention_file.lines import Lines
from stormcone.mention_file.rows import FileRow, read_row
from stormcone.models import Skip


def csv_rows(lines: Lines, *, file_name: str, column_map: ColumnMap) -> Iterator[FileRow | Skip]:
    """Yield every row, readable or not, in file order.

    Raises: MentionFileError: the header cannot be read, lacks a needed column or names one twice.
    """
    records = CsvRecords(lines)
    header = _header(records, lines, file_name)
    pick = itemgetter(*_positions(header, file_name, column_map))
    cut_off: int | None = None  # first line of a record that the end of a damaged file cuts in two
    for found in records.rows(len(header)):
        if isinstance(found, BrokenRecord):
            if lines.damage is not None:
                cut_off = found.first_line
                continue
            yield Skip(place=_place(file_name, found), reason=found.reason)
        else:
            line, cells = found
            cells.append("")  # what a column that the file lacks points at
            yield read_row(Cells._make(pick(cells)), f"{file_name} line {line}")
    if lines.damage is not None:
        last_whole = records.lines_done if cut_off is None else cut_off - 1
        yield Skip(place=f"{file_name} after line {last_whole}", reason=lines.damage)


def _header(records: CsvRecords, lines: Lines, file_name: str) -> list[str]:
    try:
        header = records.header()
    except csv.Error as error:
        raise MentionFileError(f"{file_name} line 1: the header is no valid CSV ({error}); correct it") from error
    if header is None and lines.damage is not None:
        raise MentionFileError(f"{file_name}: {lines.damage}; not even the header is whole, get the file again")
    if header is None:
        raise MentionFileError(f"{file_name}: holds nothing; its first line must name the columns")
    return [name.strip() for name in header]


def _positions(header: list[str], file_name: str, column_map: ColumnMap) -> list[int]:
    """Return where each of COLUMNS stands in a record; -1, the appended empty cell, where it does not."""
    sources = source_names(column_map)
    missing = tuple(
        name
        for name, source in zip(COLUMNS, sources, strict=True)
        if source not in header and (name in NEEDED or name in column_map)
    )
    if missing:
        raise MentionFileError(f"{file_name}: {describe_missing(missing, column_map, tuple(header))}")
    for name, times in Counter(header).items():
        if times > 1 and name in sources:
            raise MentionFileError(f"{file_name}: column {name[:60]!r} stands {times} times; rename all but one")
    return [header.index(source) if source in header else -1 for source in sources]


def _place(file_name: str, broken: BrokenRecord) -> str:
    if broken.first_line == broken.last_line:
        return f"{file_name} line {broken.first_line}"
    return f"{file_name} lines {broken.first_line} to {broken.last_line}"
