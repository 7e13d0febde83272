"""Why an incident is what it is, as its page shows it: the newest stored explanation joined with the evidence.

Stored records in, one frozen view out. Texts and names come from the evidence alone, so what was forgotten there is
gone here, too. Cleans nothing and draws nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from analysis.explaining import by_surprise
from stormcone.explanation_lines import StoredCarrier
from stormcone.journal import StoredVerdict
from stormcone.models import Evidence, Place, Reading, Topic, WouldChange


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierRow:
    """One large account. is_first: the first one that joined. is_copy: it passed on what another said."""

    author: str | None
    platform: str
    followers: int
    joined_at: datetime
    is_first: bool
    is_copy: bool
    address: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyView:
    """What people are angry about, who carried it, replies that show it, how far each signal moved, what would change.

    at: when it was explained. texts: people whose words were read. known_share: of those against, how many say their
    followers, 0..1. moved: readings furthest from what is usual first.
    """

    at: datetime
    texts: int
    phrases: tuple[Topic, ...]
    carriers: tuple[CarrierRow, ...]
    rule: str | None
    known_share: float
    exemplars: tuple[Evidence, ...]
    moved: tuple[Reading, ...]
    would_change: tuple[WouldChange, ...]


def read_why(verdicts: Sequence[StoredVerdict], evidence: Sequence[Evidence]) -> WhyView | None:
    """Return the newest explanation; None where nothing was explained, as before explanations were kept.

    Args: verdicts: those that were told, newest first.
    """
    for verdict in verdicts:
        explained = verdict.explanation
        if explained is None:
            continue
        pieces = {(each.platform, each.mention_id): each for each in evidence}
        accounts = (explained.first_amplifier, *explained.top_reach)
        carriers = {each.place: each for each in reversed(accounts) if each is not None}
        first = explained.first_amplifier.place if explained.first_amplifier else None
        return WhyView(
            at=verdict.at,
            texts=explained.texts,
            phrases=explained.phrases,
            carriers=tuple(
                _carrier_row(each, pieces, is_first=each.place == first)
                for each in sorted(carriers.values(), key=lambda each: (each.place != first, -each.followers))
            ),
            rule=explained.rule,
            known_share=explained.known_share,
            exemplars=tuple(pieces[place] for place in explained.exemplars if place in pieces),
            moved=by_surprise(verdict.reasons),
            would_change=explained.would_change,
        )
    return None


def _carrier_row(carrier: StoredCarrier, pieces: Mapping[Place, Evidence], *, is_first: bool) -> CarrierRow:
    kept = pieces.get(carrier.place)
    return CarrierRow(
        author=kept.author if kept else None,
        platform=carrier.place[0],
        followers=carrier.followers,
        joined_at=carrier.posted_at,
        is_first=is_first,
        is_copy=carrier.is_copy,
        address=kept.url if kept else None,
    )
