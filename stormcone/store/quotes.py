"""Takes strangers' words and names out of what timelines and messages quote of them; figures and our sentences stay.

Part of erasing, inside its transaction. Texts stand in the messages of notices (`replies`), names in their sentences
and in the readings of a verdict; an explanation names places only. Never touches a level, a count or a date.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, select, update

from stormcone.store.tables import brand_now, incident, incident_event, notice

SOMEBODY = "an account"  # stands where a name stood
_LOOKUP_SIZE = 500  # incidents asked in one query: well below both databases' limit of parameters


def unquote(connection: Connection, *, quoted: Collection[int], names: Mapping[int, Collection[str]]) -> int:
    """Erase quotes and names from notices and timelines.

    Args: quoted: incidents whose messages may quote what was erased: all their quotes go, since a message does not say
        whose each is. names: by incident, the authors whose names must go.
    Returns: how many stored lines changed.
    """
    changed = 0
    incidents = sorted({*quoted, *names})
    for start in range(0, len(incidents), _LOOKUP_SIZE):
        chunk = incidents[start : start + _LOOKUP_SIZE]
        changed += _clean_notices(connection, chunk, quoted, names)
        changed += _clean_events(connection, chunk, names)
        changed += _clean_now(connection, chunk, names)
    return changed


def message_without(message: str, names: Collection[str], *, drops_replies: bool) -> str:
    """Return a stored message without its quotes, and without every sentence that holds one of `names`.

    >>> message_without('{"headline":"h","about":"By Ann.","replies":["boo"]}', ["ann"], drops_replies=True)
    '{"headline":"h","about":null,"replies":[]}'
    """
    is_named = _finder(names)

    def clean(line: dict[str, Any]) -> None:
        if drops_replies and line.get("replies"):
            line["replies"] = []
        if line.get("about") and is_named(line["about"]):
            line["about"] = None
        if line.get("reasons"):
            line["reasons"] = [each for each in line["reasons"] if not is_named(each)]

    return _edited(message, clean, separators=(",", ":"))


def verdict_without(verdict: str, names: Collection[str]) -> str:
    """Return a stored verdict whose readings name nobody of `names`.

    >>> verdict_without('{"level": "page", "reasons": [{"text": "page with 9 followers"}]}', ["page"])
    '{"level": "page", "reasons": [{"text": "an account with 9 followers"}]}'
    """
    pattern = name_pattern(names)

    def clean(line: dict[str, Any]) -> None:
        for reason in line.get("reasons") or ():
            reason["text"] = pattern.sub(SOMEBODY, reason["text"])

    return _edited(verdict, clean) if names else verdict


def name_pattern(names: Collection[str]) -> re.Pattern[str]:
    """Return a pattern that finds whole names, with or without an @, in whatever case."""
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(rf"@?(?<![\w@])@?(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)


def _clean_notices(
    connection: Connection, chunk: list[int], quoted: Collection[int], names: Mapping[int, Collection[str]]
) -> int:
    found = connection.execute(
        select(notice.c.key, notice.c.incident_id, notice.c.message_json).where(notice.c.incident_id.in_(chunk))
    ).all()
    changes = [
        (row.key, cleaned)
        for row in found
        if (
            cleaned := message_without(
                row.message_json, names.get(row.incident_id, ()), drops_replies=row.incident_id in quoted
            )
        )
        != row.message_json
    ]
    for key, cleaned in changes:
        connection.execute(update(notice).where(notice.c.key == key).values(message_json=cleaned))
    return len(changes)


def _clean_events(connection: Connection, chunk: list[int], names: Mapping[int, Collection[str]]) -> int:
    of_chunk = [number for number in chunk if names.get(number)]
    found = connection.execute(
        select(incident_event.c.seq, incident_event.c.incident_id, incident_event.c.verdict_json).where(
            incident_event.c.incident_id.in_(of_chunk), incident_event.c.verdict_json.is_not(None)
        )
    ).all()
    changed = 0
    for row in found:
        cleaned = verdict_without(row.verdict_json, names[row.incident_id])
        if cleaned != row.verdict_json:
            changed += 1
            connection.execute(
                update(incident_event).where(incident_event.c.seq == row.seq).values(verdict_json=cleaned)
            )
    return changed


def _clean_now(connection: Connection, chunk: list[int], names: Mapping[int, Collection[str]]) -> int:
    everybody = {name for number in chunk for name in names.get(number, ())}
    if not everybody:
        return 0
    brands = select(incident.c.brand).where(incident.c.id.in_(chunk))
    return clean_newest(connection, everybody, brands=connection.execute(brands).scalars().all())


def clean_newest(connection: Connection, names: Collection[str], *, brands: Iterable[str]) -> int:
    """Erase names from the newest verdicts on brands. Returns: how many changed."""
    changed = 0
    for row in connection.execute(select(brand_now).where(brand_now.c.brand.in_(set(brands)))).all():
        cleaned = verdict_without(row.verdict_json, names)
        if cleaned != row.verdict_json:
            changed += 1
            connection.execute(update(brand_now).where(brand_now.c.brand == row.brand).values(verdict_json=cleaned))
    return changed


def _finder(names: Collection[str]) -> Callable[[str], bool]:
    """Messages hold names cleaned for sinks; so letters and digits alone are compared, and rather too much goes."""
    folded = [plain for name in names if (plain := _plain(name))]

    def is_named(sentence: str) -> bool:
        said = _plain(sentence)
        return any(name in said for name in folded)

    return is_named


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def _edited(text: str, edit: Callable[[dict[str, Any]], None], *, separators: tuple[str, str] | None = None) -> str:
    """Return JSON after an edit; as it is where it is none of ours, or where nothing changed."""
    try:
        line = json.loads(text)
    except ValueError:
        return text
    if not isinstance(line, dict):
        return text
    before = json.dumps(line, ensure_ascii=False)
    edit(line)
    unchanged = json.dumps(line, ensure_ascii=False) == before
    return text if unchanged else json.dumps(line, ensure_ascii=False, separators=separators)
