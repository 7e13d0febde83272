"""Reads a mention file: CSV, JSONL, or either packed with gzip.

The door of this folder for import, replay, drills and `score`. Streams: a file may be larger than memory. Every row
comes out, as a FileRow or as a Skip that names its line and reason. Never writes, never asks what time it is.
"""

from collections.abc import Iterator
from pathlib import Path

from stormcone.errors import MentionFileError
from stormcone.mention_file.columns import NO_MAP, ColumnMap
from stormcone.mention_file.csv_rows import csv_rows
from stormcone.mention_file.json_rows import json_rows
from stormcone.mention_file.lines import Format, open_lines
from stormcone.mention_file.rows import FileRow
from stormcone.models import Skip


def read_rows(path: Path, *, column_map: ColumnMap = NO_MAP, is_strict: bool = False) -> Iterator[FileRow | Skip]:
    """Yield every row of a mention file in file order; opened at the first `next`, closed at the end.

    Columns that DESIGN's list does not name are ignored. A row that cannot be read is yielded as a Skip. A packed file
    that is cut off yields all its whole rows and then one Skip.

    Args: path: a .csv, .jsonl or .ndjson file, or one of them with .gz; other names are judged by their content.
        column_map: our column -> the file's column (see parse_column_map). is_strict: the first Skip is an error.
    Raises: MentionFileError: the file cannot be read at all, lacks a needed column, or is_strict met a bad row.
    """
    with open_lines(path) as opened:
        read = csv_rows if opened.format is Format.CSV else json_rows
        for found in read(opened.lines, file_name=path.name, column_map=column_map):
            if is_strict and isinstance(found, Skip):
                raise MentionFileError(f"{found.place}: {found.reason}")
            yield found
