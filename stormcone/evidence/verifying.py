"""Checks a bundle: is every file as its manifest says, does every seal fit, is the chain whole?

Needs the bundle alone; whether it was made by this house only its database can say. A bundle comes from anywhere, so
nothing in it is trusted: sizes are bounded, nothing is unpacked to disk. Never repairs.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from stormcone.errors import UsageError
from stormcone.evidence.bundling import MANIFEST, RECORDS
from stormcone.models.sealed import ItemSort, SealedItem, SealedRecord, SealedWhy
from stormcone.sealing import flaws

_MOST_BYTES: Final = 512 * 2**20  # unpacked, all files together


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check found. flaws: none where the bundle is whole. seal: SHA-256 of its manifest."""

    seal: str
    incident: int | None
    records: int
    pieces: int
    erased: int
    flaws: tuple[str, ...]


def verify_bundle(path: Path) -> Finding:
    """Return what is wrong with a bundle.

    Raises: UsageError: it cannot be read, or is no bundle at all.
    """
    files = _read(path)
    if MANIFEST not in files:
        raise UsageError(f"{path}: no bundle of evidence, {MANIFEST} is missing")
    found = list(_wrong_files(files))
    manifest = _json(files[MANIFEST], found, MANIFEST)
    records = _records(files.get(RECORDS, b""), found)
    found += flaws(records)
    newest = records[-1].sha256 if records else None
    if isinstance(manifest, dict) and manifest.get("newest_record") != newest:
        found.append(f"{RECORDS}: its last record is not the one the manifest names")
    pieces = [item for record in records for item in record.items]
    incident = manifest.get("incident") if isinstance(manifest, dict) else None
    return Finding(
        seal=hashlib.sha256(files[MANIFEST]).hexdigest(),
        incident=incident if isinstance(incident, int) else None,
        records=len(records),
        pieces=len(pieces),
        erased=sum(each.content is None for each in pieces),
        flaws=tuple(found),
    )


def _read(path: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(path) as bundle:
            names = bundle.namelist()
            if len(set(names)) < len(names):
                raise UsageError(f"{path}: the same file stands in it twice")
            if sum(each.file_size for each in bundle.infolist()) > _MOST_BYTES:
                raise UsageError(f"{path}: larger than any bundle ({_MOST_BYTES // 2**20} MB)")
            return {name: bundle.read(name) for name in names}
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror or error})") from None
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise UsageError(f"{path}: no bundle, or broken on its way ({error})") from None


def _wrong_files(files: dict[str, bytes]) -> Iterator[str]:
    try:
        told = json.loads(files[MANIFEST])["files"]
        listed = {str(name): str(digest) for name, digest in told.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        yield f"{MANIFEST}: does not list files and their hashes"
        return
    for name in sorted(listed.keys() - files.keys()):
        yield f"{name}: missing"
    for name in sorted(files.keys() - listed.keys() - {MANIFEST}):
        yield f"{name}: was added"
    for name in sorted(listed.keys() & files.keys()):
        if hashlib.sha256(files[name]).hexdigest() != listed[name]:
            yield f"{name}: was changed"


def _records(content: bytes, found: list[str]) -> tuple[SealedRecord, ...]:
    lines = _json(content, found, RECORDS)
    try:
        return tuple(map(_record, lines)) if isinstance(lines, list) else ()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        found.append(f"{RECORDS}: cannot be read ({error})")
        return ()


def _record(line: dict[str, Any]) -> SealedRecord:
    return SealedRecord(
        incident_id=line["incident"],
        number=line["number"],
        at=datetime.fromisoformat(line["at"]),
        why=SealedWhy(line["why"]),
        previous=line["previous"],
        sha256=line["sha256"],
        items=tuple(
            SealedItem(
                sort=ItemSort(each["sort"]),
                sha256=each["sha256"],
                content=each["content"],
                platform=each["platform"],
                id=each["id"],
            )
            for each in line["items"]
        ),
    )


def _json(content: bytes, found: list[str], name: str) -> Any:  # noqa: ANN401 - JSON is anything
    try:
        return json.loads(content.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError):
        found.append(f"{name}: is not JSON any more")
        return None
