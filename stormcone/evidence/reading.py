"""The page of a bundle that people read: what happened, what was said, what was decided; with every hash.

Beside bundling. Loads nothing from anywhere; every word of a stranger is cleaned, defanged and escaped. Judges nothing.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any, Final

from jinja2 import Environment, StrictUndefined, Template

from alerts.cleaning import clean_for_sink, defang
from stormcone.journal import iso
from stormcone.models import Answer, DecisionRecord, Incident, IncidentEvent
from stormcone.models.sealed import ItemSort, SealedItem, SealedRecord

_TEXT_CHARS: Final = 2_000
_ERASED: Final = "(erased; its hash stays)"


def read_page(
    incident: Incident,
    *,
    records: Sequence[SealedRecord],
    events: Sequence[IncidentEvent],
    decisions: Sequence[DecisionRecord],
    answers: Sequence[Answer],
    made_at: datetime,
) -> str:
    """Return the page, whole and on its own. Args: as `make_bundle`."""
    return _template().render(
        incident=incident,
        made_at=iso(made_at),
        opened_at=iso(incident.opened_at),
        records=[_shown(each) for each in records],
        events=events,
        decisions=decisions,
        answers=answers,
        iso=iso,
        safe=_safe,
    )


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    page = resources.files("stormcone.evidence") / "report.html.j2"
    return environment.from_string(page.read_text(encoding="utf-8"))


def _safe(text: str | None) -> str:
    return defang(clean_for_sink(text or "", max_chars=_TEXT_CHARS))


def _shown(record: SealedRecord) -> dict[str, Any]:
    """Return a record as the template reads it."""
    pieces = [(each, json.loads(each.content) if each.content else None) for each in record.items]
    return {
        "number": record.number,
        "at": iso(record.at),
        "why": record.why.value.replace("_", " "),
        "sha256": record.sha256,
        "posts": [_said(item, told) for item, told in pieces if item.sort is ItemSort.OWN_POST],
        "replies": [_said(item, told) for item, told in pieces if item.sort is ItemSort.REPLY],
        "likes": [_said(item, told) for item, told in pieces if item.sort is ItemSort.OWN_LIKE],
        "counts": next((told for item, told in pieces if item.sort is ItemSort.COUNTS), None),
    }


def _said(item: SealedItem, told: dict[str, Any] | None) -> dict[str, Any]:
    if told is None:
        return {"place": f"{item.platform}/{item.id}", "at": "", "author": "", "text": _ERASED, "sha256": item.sha256}
    return {
        "place": f"{item.platform}/{item.id}",
        "at": told.get("posted_at") or told.get("liked_at") or "",
        "author": _safe(told.get("author") or told.get("account")),
        "text": _safe(told.get("text")),
        "sha256": item.sha256,
    }
