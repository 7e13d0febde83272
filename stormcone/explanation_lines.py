"""The words of an explanation in the journal, for machines and to be read back by screens.

Under stormcone.journal. Phrases and our own sentences stand here in full; people and their texts stand in the evidence
of the incident alone, and are named here by platform and id: what is forgotten there is forgotten.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from stormcone.models import Carrier, Explanation, Kind, Level, Lever, Place, Topic, WouldChange


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCarrier:
    """Who carried it, by the mention in the evidence. followers: as they were known then."""

    place: Place
    followers: int
    posted_at: datetime
    is_copy: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredExplanation:
    """An explanation as a screen reads it back.

    rule: by which the first amplifier was chosen; None in a line of `stormcone replay`, which names nobody.
    exemplars: places in the evidence.
    """

    texts: int
    phrases: tuple[Topic, ...]
    rule: str | None
    known_share: float
    first_amplifier: StoredCarrier | None
    top_reach: tuple[StoredCarrier, ...]
    exemplars: tuple[Place, ...]
    would_change: tuple[WouldChange, ...]


def short_explanation(explanation: Explanation) -> dict[str, Any]:
    """Return what `stormcone replay --json` says: phrases and what would change the verdict, nobody's name or text."""
    return {
        "texts": explanation.texts,
        "phrases": [
            {"phrase": each.phrase, "count": each.count, "z": round(each.z, 2)} for each in explanation.phrases
        ],
        "would_change": [
            {
                "lever": each.lever.value,
                "now": each.now,
                "needed": each.needed,
                "level": each.level.word,
                "kind": each.kind.value,
                "text": each.text,
            }
            for each in explanation.would_change
        ],
    }


def kept_explanation(explanation: Explanation) -> dict[str, Any]:
    """Return what the store keeps: the short form, and where in the evidence those it names are found."""
    carriers = explanation.carriers
    return short_explanation(explanation) | {
        "rule": carriers.rule,
        "known_share": round(carriers.known_share, 4),
        "first_amplifier": _carrier(carriers.first_amplifier) if carriers.first_amplifier else None,
        "top_reach": [_carrier(each) for each in carriers.top_reach],
        "exemplars": [[each.platform, each.mention_id] for each in explanation.exemplars],
    }


def read_explanation(line: Mapping[str, Any] | None) -> StoredExplanation | None:
    """Return what one of the two wrote, None where nothing was explained.

    Raises: KeyError, TypeError, ValueError: neither of them wrote it.
    """
    if line is None:
        return None
    first = line.get("first_amplifier")
    return StoredExplanation(
        texts=line["texts"],
        phrases=tuple(Topic(phrase=each["phrase"], z=each["z"], count=each["count"]) for each in line["phrases"]),
        rule=line.get("rule"),
        known_share=line.get("known_share", 0.0),
        first_amplifier=_read_carrier(first) if first else None,
        top_reach=tuple(map(_read_carrier, line.get("top_reach", ()))),
        exemplars=tuple((platform, identifier) for platform, identifier in line.get("exemplars", ())),
        would_change=tuple(
            WouldChange(
                lever=Lever(each["lever"]),
                now=each["now"],
                needed=each["needed"],
                level=Level.from_word(each["level"]),
                kind=Kind(each["kind"]),
                text=each["text"],
            )
            for each in line["would_change"]
        ),
    )


def _carrier(carrier: Carrier) -> dict[str, Any]:
    return {
        "platform": carrier.platform,
        "mention": carrier.mention_id,
        "followers": carrier.followers,
        "at": carrier.posted_at.astimezone(UTC).isoformat(),
        "is_copy": carrier.is_copy,
    }


def _read_carrier(line: Mapping[str, Any]) -> StoredCarrier:
    return StoredCarrier(
        place=(line["platform"], line["mention"]),
        followers=line["followers"],
        posted_at=datetime.fromisoformat(line["at"]),
        is_copy=line["is_copy"],
    )
