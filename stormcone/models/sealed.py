"""Evidence under seal: what was there at an instant, each piece with its hash, each record chained to the one before.

Written once by the store, never changed. What a stranger asks to have erased loses its words and keeps its hash, so
that the rest can still be proved.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SealedWhy(StrEnum):
    """Why a record was made."""

    OPENED = "opened"
    REOPENED = "reopened"
    REMOVAL_ADVISED = "removal_advised"
    REMOVAL_DECIDED = "removal_decided"
    ASKED = "asked"  # a person asked for a bundle


class ItemSort(StrEnum):
    """What a piece is."""

    INCIDENT = "incident"
    OWN_POST = "own_post"
    COUNTS = "counts"
    REPLY = "reply"
    OWN_LIKE = "own_like"


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedItem:
    """One piece. content: canonical JSON with a salt of its own; None where its words were erased for good.

    erased_at: when somebody asked for that, or deleted it; None where its time was over.
    """

    sort: ItemSort
    sha256: str
    content: str | None
    platform: str | None = None
    id: str | None = None
    erased_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedRecord:
    """What was kept at one instant. number: among the incident's records, from 1. previous: hash of the one before."""

    incident_id: int
    number: int
    at: datetime
    why: SealedWhy
    previous: str | None
    sha256: str
    items: tuple[SealedItem, ...]
