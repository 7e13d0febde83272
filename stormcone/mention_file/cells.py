"""Turns the text of one cell into a value, or says what is wrong with it.

Used row by row when a mention file is read. Changes nothing in a text but what a database cannot hold. Never guesses: a
cell it does not understand is refused with column, value and remedy.
"""

import re
from datetime import UTC, datetime

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_WHOLE_NUMBER = re.compile(r"[0-9]+(?:\.0+)?")  # spreadsheets and pandas write 12 as 12.0 beside empty cells
_FLAGS = {
    "": False,
    "0": False,
    "0.0": False,
    "false": False,
    "no": False,
    "1": True,
    "1.0": True,
    "true": True,
    "yes": True,
}
_MAX_COUNT = 2**63 - 1  # the widest integer both databases store
_MAX_COUNT_DIGITS = 19
_SHOWN_CHARACTERS = 60
_MAX_NAME_CHARACTERS = 500  # names stand in indexes, whose entries PostgreSQL limits
_FIRST_YEAR, _LAST_YEAR = 1970, 2199  # outside of it lie typing errors, and the arithmetic of windows overflows


class BadCellError(ValueError):
    """A cell that cannot be read; its text names column, value and remedy. Becomes a Skip, never leaves this folder."""

    def __init__(self, column: str, value: str, remedy: str) -> None:
        super().__init__(f"{column} = {value[:_SHOWN_CHARACTERS]!r}: {remedy}")


def storable(text: str) -> str:
    """Return `text` as both databases can hold it: NUL removed, each lone surrogate as U+FFFD, all else untouched.

    >>> storable("a" + chr(0) + "b" + chr(0xD800))
    'ab\ufffd'
    """
    if text.isascii():
        return text.replace("\x00", "")
    if _UNSTORABLE.search(text) is None:
        return text
    return _UNSTORABLE.sub(lambda found: "" if found[0] == "\x00" else "\ufffd", text)


def name_cell(column: str, value: str) -> str:
    """Return the id or name in a cell that must not be empty, without surrounding blanks."""
    name = optional_name(column, value)
    if name is None:
        raise BadCellError(column, value, "is empty; every row of this kind needs it")
    return name


def optional_name(column: str, value: str) -> str | None:
    """Return the id or name in a cell without surrounding blanks; None where it is empty."""
    name = storable(value).strip()
    if len(name) > _MAX_NAME_CHARACTERS:
        raise BadCellError(column, name, f"is {len(name)} characters long; {_MAX_NAME_CHARACTERS} are allowed")
    return name or None


def optional_text(value: str) -> str | None:
    """Return a text without surrounding blanks; None where it is empty."""
    return storable(value).strip() or None


def instant(column: str, value: str) -> datetime:
    """Return the UTC instant in a cell: ISO 8601 with Z or an offset; without either it is UTC.

    >>> instant("created_at", "2026-11-03 14:05:00+01:00").isoformat()
    '2026-11-03T13:05:00+00:00'
    """
    text = value.strip().upper()
    try:
        # Without hyphens a Unix time in milliseconds would pass for a date in the Middle Ages.
        found = datetime.fromisoformat(text) if text[4:5] == "-" else None
    except ValueError:
        found = None
    if found is None:
        raise BadCellError(column, value, "is no ISO 8601 time; write it like 2026-11-03T14:05:00Z")
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise BadCellError(column, value, f"lies outside {_FIRST_YEAR} to {_LAST_YEAR}; correct the year")
    if found.tzinfo is None:
        return found.replace(tzinfo=UTC)
    return found if found.tzinfo is UTC else found.astimezone(UTC)


def optional_instant(column: str, value: str) -> datetime | None:
    """Return the UTC instant in a cell; None where it is empty."""
    return instant(column, value) if value and not value.isspace() else None


def count(column: str, value: str) -> int | None:
    """Return the count in a cell, >= 0; None where it is empty.

    >>> count("likes", "12"), count("likes", "12.0"), count("likes", "")
    (12, 12, None)
    """
    text = value.strip()
    if not text:
        return None
    if _WHOLE_NUMBER.fullmatch(text) is None:
        raise BadCellError(column, value, "is no count; write a whole number from 0, or leave it empty")
    digits = text.partition(".")[0].lstrip("0") or "0"
    if len(digits) > _MAX_COUNT_DIGITS or int(digits) > _MAX_COUNT:
        raise BadCellError(column, value, f"is too large; {_MAX_COUNT} is the largest count")
    return int(digits)


def flag(column: str, value: str) -> bool:
    """Return whether a cell says yes; an empty one says no.

    >>> flag("is_brand", "1"), flag("is_brand", "False"), flag("is_brand", "")
    (True, False, False)
    """
    found = _FLAGS.get(value.strip().lower())
    if found is None:
        raise BadCellError(column, value, "is neither 1 (the brand's own post) nor 0 (by others)")
    return found
