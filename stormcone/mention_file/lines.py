"""Opens a mention file and hands out its lines of text, whatever the bytes look like.

First step of reading: finds out whether the file is packed and which format it has. Bytes that are no UTF-8 become
U+FFFD, so that their row is kept. Never interprets a row.
"""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from io import BufferedReader, TextIOWrapper
from pathlib import Path
from typing import TextIO

from stormcone.errors import MentionFileError

_GZIP_MAGIC = b"\x1f\x8b"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


class Format(Enum):
    """How the rows of a mention file are written."""

    CSV = "csv"
    JSONL = "jsonl"


_FORMAT_BY_SUFFIX = {".csv": Format.CSV, ".jsonl": Format.JSONL, ".ndjson": Format.JSONL}


class Lines:
    """The lines of an open file, read once; `damage` says, after the last one, why the file ended too early."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.damage: str | None = None

    def __iter__(self) -> Iterator[str]:
        try:
            yield from self._stream
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            self.damage = f"the packed file is cut off or damaged after this ({error}); rows up to here were read"
        except OSError as error:
            self.damage = f"the rest cannot be read ({error.strerror or error}); rows up to here were read"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFile:
    """A mention file while it is being read."""

    lines: Lines
    format: Format


@contextmanager
def open_lines(path: Path) -> Iterator[OpenFile]:
    """Open `path` for reading and close it again.

    Raises: MentionFileError: it cannot be opened, is a folder, is empty where a header is needed, or is UTF-16.
    """
    try:
        raw = path.open("rb")
    except OSError as error:
        raise MentionFileError(f"{path}: cannot be read: {error.strerror}; check the name and its rights") from error
    with raw, lines_of(raw, path) as opened:
        yield opened


@contextmanager
def lines_of(raw: BufferedReader, path: Path) -> Iterator[OpenFile]:
    """Read what is open already, such as standard input; `path` is its name in errors, its ending tells the format.

    Raises: MentionFileError: as `open_lines`.
    """
    with _unpacked(path, raw) as stream:
        head = _head(path, stream)
        found = _format(path, head)
        # In CSV a lone carriage return ends a line too; in JSONL only the line feed does.
        newline = "" if found is Format.CSV else "\n"
        with TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline=newline) as text:
            yield OpenFile(lines=Lines(text), format=found)


def _unpacked(path: Path, raw: BufferedReader) -> BufferedReader | gzip.GzipFile:
    is_packed = _head(path, raw)[:2] == _GZIP_MAGIC
    if path.suffix.lower() == ".gz" and not is_packed:
        raise MentionFileError(f"{path}: is no gzip file, though its name says so; pack it again or rename it")
    return gzip.GzipFile(fileobj=raw) if is_packed else raw


def _head(path: Path, stream: BufferedReader | gzip.GzipFile) -> bytes:
    try:
        return stream.peek(64)[:64]
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise MentionFileError(f"{path}: is a damaged gzip file ({error}); get it again") from error
    except OSError as error:
        raise MentionFileError(f"{path}: cannot be read: {error.strerror}; check the disk") from error


def _format(path: Path, head: bytes) -> Format:
    if head.startswith(_UTF16_MARKS):
        raise MentionFileError(f"{path}: is UTF-16; save it as UTF-8")
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    inner = path.with_suffix("") if path.suffix.lower() == ".gz" else path
    by_name = _FORMAT_BY_SUFFIX.get(inner.suffix.lower())
    found = by_name or (Format.JSONL if start[:1] in (b"{", b"[") else Format.CSV)
    if found is Format.CSV and not head:
        raise MentionFileError(f"{path}: is empty; its first line must name the columns")
    if found is Format.JSONL and start[:1] == b"[":
        raise MentionFileError(f"{path}: starts with '['; write one JSON object a line, not a list")
    return found
