"""Reads bare texts to be scored: CSV with a column of texts, JSON lines, or one text a line.

The door of `stormcone score`. Shares lines and records with the mention file, but a row needs no id and no
date. Every row comes out in order, also one that cannot be read: then `problem` says why. Never scores.
"""

import csv
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Final

from stormcone.errors import MentionFileError
from stormcone.mention_file.csv_records import BrokenRecord, CsvRecords
from stormcone.mention_file.lines import Format, Lines, OpenFile, lines_of, open_lines

STANDARD_INPUT: Final = Path("-")
_TEXT: Final = "text"
_COMPANIONS: Final = ("lang", "platform", "author", "post")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRow:
    """One text. lang, platform, author: as its platform gives them. post: the text it answers.

    place: file and line. problem: why the row could not be read; its text is empty then.
    """

    place: str
    text: str = ""
    lang: str | None = None
    platform: str | None = None
    author: str | None = None
    post: str | None = None
    problem: str | None = None


def read_texts(path: Path, *, text_column: str = _TEXT) -> Iterator[TextRow]:
    """Yield every row in order.

    Args: path: .csv, .jsonl or .ndjson, perhaps with .gz; .txt is one text a line; STANDARD_INPUT is judged by its
        first sign: JSON lines start with "{", all else is one text a line. text_column: of a CSV file; a CSV on
        standard input is read as such where it is not "text".
    Raises: MentionFileError: the file cannot be read, or has no such column.
    """
    with _opened(path) as opened:
        name = "standard input" if path == STANDARD_INPUT else path.name
        if opened.format is Format.JSONL:
            yield from _json_texts(opened.lines, name)
        elif path.suffix.lower() == ".txt" or (path == STANDARD_INPUT and text_column == _TEXT):
            yield from _bare_texts(opened.lines, name)
        else:
            yield from _csv_texts(opened.lines, name, text_column)
        if opened.lines.damage is not None:
            raise MentionFileError(f"{name}: {opened.lines.damage}")


@contextmanager
def _opened(path: Path) -> Iterator[OpenFile]:
    if path != STANDARD_INPUT:
        with open_lines(path) as opened:
            yield opened
        return
    with lines_of(BufferedReader(sys.stdin.buffer), path) as opened:  # type: ignore[arg-type]  # any raw stream will do
        yield opened


def _bare_texts(lines: Lines, name: str) -> Iterator[TextRow]:
    for number, line in enumerate(lines, start=1):
        yield TextRow(place=f"{name} line {number}", text=line.rstrip("\r\n"))


def _json_texts(lines: Lines, name: str) -> Iterator[TextRow]:
    for number, line in enumerate(lines, start=1):
        if not line.isspace():
            yield _json_text(line, f"{name} line {number}")


def _json_text(line: str, place: str) -> TextRow:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return TextRow(place=place, problem=f"is no JSON ({error}); write one object a line")
    if not isinstance(row, dict) or not isinstance(row.get(_TEXT), str):
        return TextRow(place=place, problem='has no text; write {"text": "..."}')
    companions = {name: row[name] for name in _COMPANIONS if isinstance(row.get(name), str) and row[name]}
    return TextRow(place=place, text=row[_TEXT], **companions)


def _csv_texts(lines: Lines, name: str, text_column: str) -> Iterator[TextRow]:
    records = CsvRecords(lines)
    try:
        header = [cell.strip() for cell in records.header() or []]
    except csv.Error as error:
        raise MentionFileError(f"{name} line 1: the header is no valid CSV ({error}); correct it") from error
    if text_column not in header:
        raise MentionFileError(
            f"{name}: has no column {text_column!r}; name the column of texts with --text-column, "
            f"one of {', '.join(header) or 'none: the file is empty'}"
        )
    places = {column: header.index(column) for column in _COMPANIONS if column in header and column != text_column}
    for found in records.rows(len(header)):
        if isinstance(found, BrokenRecord):
            yield TextRow(place=f"{name} line {found.first_line}", problem=found.reason)
            continue
        line, cells = found
        companions = {column: cells[place] for column, place in places.items() if cells[place]}
        yield TextRow(place=f"{name} line {line}", text=cells[header.index(text_column)], **companions)
