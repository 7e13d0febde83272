"""The mention file: the one format for import, replay, drills, export and the file-drop collector.

Knows columns, rows and files; imports the records and the errors and nothing else. Never touches the database.
"""

from stormcone.mention_file.cells import storable
from stormcone.mention_file.columns import (
    COLUMNS,
    NEEDED,
    NO_MAP,
    OPTIONAL,
    ColumnMap,
    RowKind,
    parse_column_map,
)
from stormcone.mention_file.json_rows import JsonRowReader
from stormcone.mention_file.reading import read_rows
from stormcone.mention_file.rows import FileRow, Record
from stormcone.mention_file.texts import TextRow, read_texts
from stormcone.mention_file.writing import write_csv, write_jsonl

__all__ = [
    "COLUMNS",
    "NEEDED",
    "NO_MAP",
    "OPTIONAL",
    "ColumnMap",
    "FileRow",
    "JsonRowReader",
    "Record",
    "RowKind",
    "TextRow",
    "parse_column_map",
    "read_rows",
    "read_texts",
    "storable",
    "write_csv",
    "write_jsonl",
]
