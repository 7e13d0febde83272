"""Single values of X's answers: ids, counts, times, texts, lists of objects; each checked as it is read.

Below the records of `_x_items.py`. Pure; never knows which answer a value comes from.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from stormcone.mention_file import storable

Json: TypeAlias = Mapping[str, Any]  # an object as X sent it; never leaves these private files
_LONGEST_ID: Final = 19  # digits
_LARGEST_COUNT: Final = 2**53


class MalformedError(ValueError):
    """A part of an answer is not what X's contract promises."""


def objects_in(value: object) -> list[Json]:
    """Return the objects of a list; nothing of anything else."""
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def text_in(raw: Json) -> str:
    r"""Return the whole text. Long posts carry it in a note; three characters come as HTML entities.

    >>> text_in({"text": "1 &lt; 2 &amp;amp; so\x00 on"})
    '1 < 2 &amp; so on'
    """
    note = raw.get("note_post") or raw.get("note_tweet")
    text = note.get("text") if isinstance(note, Mapping) else None
    text = text if isinstance(text, str) and text else raw.get("text")
    if not isinstance(text, str):
        raise MalformedError("has no text")
    return storable(text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))


def id_in(value: object, name: str) -> str:
    """Return an id. Raises: MalformedError: it is none."""
    text = str(value) if isinstance(value, str | int) else ""
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_ID):
        raise MalformedError(f"its {name} is not an id: {str(value)[:40]!r}")
    return text


def count_in(metrics: Json, *names: str) -> int | None:
    """Return the count under the first name that is there, None where none is. Raises: MalformedError."""
    value = next((metrics[name] for name in names if metrics.get(name) is not None), None)
    if isinstance(value, bool) or not isinstance(value, int | None) or not 0 <= (value or 0) <= _LARGEST_COUNT:
        raise MalformedError(f"its {names[0]} is no count: {str(value)[:40]!r}")
    return value


def instant_in(value: object) -> datetime | None:
    """Return a time in UTC. Raises: MalformedError: nobody can read it."""
    if value is None:
        return None
    try:
        instant = datetime.fromisoformat(str(value))
        return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise MalformedError(f"holds a time nobody can read: {str(value)[:40]!r}") from error
