"""Makes the bundle of an incident: what was sealed, the timeline, decisions and answers, a page to read, a manifest.

Above the store's records, below command line and dashboard. The manifest holds the hash of every file; its own hash is
the seal of the bundle. Pure: the same records at the same instant make the same bytes. Reads nothing by itself.
"""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from stormcone.evidence.reading import read_page
from stormcone.journal import iso
from stormcone.models import Answer, DecisionRecord, Incident, IncidentEvent
from stormcone.models.sealed import SealedRecord
from stormcone.sealing import sha256_of

MANIFEST: Final = "manifest.json"
RECORDS: Final = "records.json"
_DAY_ONE: Final = (1980, 1, 1, 0, 0, 0)  # a zip knows no earlier day; the instant of making is in the manifest
_HOW: Final = """How to check this bundle

  stormcone evidence --verify case.zip

Without Stormcone: the SHA-256 of each file must be the one in manifest.json. In records.json the SHA-256 of each
piece's `content` must be its `sha256`; pieces without content were erased because somebody asked, or because the time
to keep them was over. The seal of the bundle is the SHA-256 of manifest.json: whoever made it was told.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A bundle, ready to be written. seal: SHA-256 of its manifest, which the store remembers."""

    content: bytes
    seal: str


def make_bundle(
    incident: Incident,
    *,
    records: Sequence[SealedRecord],
    events: Sequence[IncidentEvent],
    decisions: Sequence[DecisionRecord],
    answers: Sequence[Answer],
    made_at: datetime,
) -> Bundle:
    """Return everything that is known of an incident as one sealed zip.

    Args: records, events, decisions, answers: of this incident, oldest first.
    """
    files = {
        RECORDS: _text([_record(each) for each in records]),
        "timeline.json": _text([_event(each) for each in events]),
        "decisions.json": _text(
            [
                {"at": iso(each.at), "decision": each.decision.value, "by": each.by, "why": each.why}
                for each in decisions
            ]
        ),
        "answers.json": _text(
            [
                {"at": iso(each.at), "fact": each.fact, "value": json.loads(each.value_json), "by": each.by}
                for each in answers
            ]
        ),
        "report.html": read_page(
            incident, records=records, events=events, decisions=decisions, answers=answers, made_at=made_at
        ),
        "HOW-TO-CHECK.txt": _HOW,
    }
    manifest = _text(
        {
            "incident": incident.id,
            "brand": incident.brand,
            "made_at": iso(made_at),
            "records": len(records),
            "newest_record": records[-1].sha256 if records else None,
            "files": {name: sha256_of(text) for name, text in sorted(files.items())},
        }
    )
    return Bundle(content=_zipped({MANIFEST: manifest, **files}), seal=sha256_of(manifest))


def _record(record: SealedRecord) -> dict[str, Any]:
    return {
        "incident": record.incident_id,
        "number": record.number,
        "at": iso(record.at),
        "why": record.why.value,
        "previous": record.previous,
        "sha256": record.sha256,
        "items": [
            {
                "sort": each.sort.value,
                "platform": each.platform,
                "id": each.id,
                "sha256": each.sha256,
                "content": each.content,
                "erased_at": iso(each.erased_at) if each.erased_at else None,
            }
            for each in record.items
        ],
    }


def _event(event: IncidentEvent) -> dict[str, Any]:
    return {
        "at": iso(event.at),
        "event": event.moment.value,
        "state": event.state.value,
        "level": event.level.word,
        "kind": event.kind.value,
        "severity": event.severity,
        "headline": event.headline,
        "by": event.by,
        "why": event.why,
        "verdict": json.loads(event.verdict_json) if event.verdict_json else None,
    }


def _text(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _zipped(files: Mapping[str, str]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, text in files.items():
            bundle.writestr(
                zipfile.ZipInfo(name, _DAY_ONE), text.encode("utf-8", "surrogatepass"), zipfile.ZIP_DEFLATED
            )
    return written.getvalue()
