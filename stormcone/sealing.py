"""How evidence is sealed and how a seal is checked: SHA-256 over canonical JSON, records in a chain.

Used by the store when it writes, and by whoever verifies a bundle later, with nothing but the bundle. Pure.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from stormcone.journal import iso
from stormcone.models.sealed import SealedRecord


def canonical(content: Mapping[str, Any]) -> str:
    """Return content as text that is the same for the same content.

    >>> canonical({"b": 1, "a": "é"})
    '{"a":"é","b":1}'
    """
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256_of(text: str) -> str:
    """Return the hash of a text, in hexadecimal digits; half a surrogate pair counts as the bytes it would be."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def record_hash(record: SealedRecord) -> str:
    """Return the hash that a record must bear: over its own words, the hashes of its items and the record before."""
    return sha256_of(
        canonical(
            {
                "incident": record.incident_id,
                "number": record.number,
                "at": iso(record.at),
                "why": record.why.value,
                "previous": record.previous,
                "items": [[each.sort.value, each.platform, each.id, each.sha256] for each in record.items],
            }
        )
    )


def flaws(records: Sequence[SealedRecord]) -> Iterator[str]:
    """Yield what is wrong with the records of one incident, oldest first; nothing where every seal is whole."""
    previous: str | None = None
    for number, record in enumerate(records, 1):
        place = f"record {record.number}"
        if record.number != number:
            yield f"{place}: record {number} is missing"
        if record.previous != previous:
            yield f"{place}: it does not follow the record before it"
        if record_hash(record) != record.sha256:
            yield f"{place}: its seal does not fit what it says"
        for position, item in enumerate(record.items, 1):
            if item.content is not None and sha256_of(item.content) != item.sha256:
                yield f"{place}, piece {position} ({item.sort.value} {item.id or ''}): its words were changed".rstrip()
        previous = record.sha256
