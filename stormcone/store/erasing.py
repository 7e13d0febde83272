"""Erases the words of strangers wherever they are kept: text, author and link; ids, times, scores and counts stay.

Called inside the transaction that learns of a deletion, of a request to forget, or of an age. A brand's own posts are
never touched here: they are its own record. Never decides what is to go.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, or_, select, update

from stormcone.models import Place
from stormcone.store.collecting_tables import own_like
from stormcone.store.quotes import unquote
from stormcone.store.sealed import erase_sealed
from stormcone.store.tables import evidence, incident, mention

WORDLESS = {"text": "", "author": None, "url": None, "author_created_at": None}  # of a mention
_WORDLESS_PIECE = {"text": "", "author": None, "url": None}  # of a piece of evidence

_LOOKUP_SIZE = 500  # ids asked in one query: well below both databases' limit of parameters
_NAMED_AFTER = timedelta(days=1)  # a verdict names accounts that spoke up to so long before its incident


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """How many rows lost their words. evidence: pieces, under seal or not. quotes: stored messages and verdicts that
    quoted or named somebody.
    """

    mentions: int = 0
    evidence: int = 0
    likes: int = 0
    quotes: int = 0

    @property
    def rows(self) -> int:
        """All of them together."""
        return self.mentions + self.evidence + self.likes + self.quotes

    def __add__(self, other: "Erased") -> "Erased":
        return Erased(
            mentions=self.mentions + other.mentions,
            evidence=self.evidence + other.evidence,
            likes=self.likes + other.likes,
            quotes=self.quotes + other.quotes,
        )


def erase_posts(
    connection: Connection, places: Iterable[Place], *, at: datetime, also_named: Collection[str] = ()
) -> Erased:
    """Erase what strangers said in posts, as mentions of whatever brand, as evidence, as likes and as quotes.

    Args: places: platform and id of each; own posts among them stay. at: noted as the time of erasing.
        also_named: names of their author that no row holds any more; verdicts and messages of that time may.
    Returns: what was erased; all zero where nothing was left to erase.
    """
    total = Erased()
    for platform, ids in by_platform(places):
        total += _erase(connection, platform, ids, at, also_named)
    return total


def by_platform(places: Iterable[Place]) -> Iterator[tuple[str, list[str]]]:
    """Yield platforms with some of their ids, few enough for one query."""
    grouped: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for platform, identifier in places:
        grouped[platform][identifier] = None
    for platform, ids in grouped.items():
        every = list(ids)
        for start in range(0, len(every), _LOOKUP_SIZE):
            yield platform, every[start : start + _LOOKUP_SIZE]


def is_own_elsewhere() -> ColumnElement[bool]:
    """Return the condition that a piece of evidence is a post that a brand published itself."""
    return exists().where(
        mention.c.platform == evidence.c.platform,
        mention.c.id == evidence.c.mention_id,
        mention.c.is_own_post.is_(True),
    )


def _erase(connection: Connection, platform: str, ids: list[str], at: datetime, also_named: Collection[str]) -> Erased:
    # What retention has erased before still has its author's pseudonym.
    has_words = or_(mention.c.erased_at.is_(None), mention.c.author.is_not(None))
    strangers = (mention.c.platform == platform, mention.c.id.in_(ids), mention.c.is_own_post.is_(False), has_words)
    said = connection.execute(select(mention.c.brand, mention.c.author, mention.c.posted_at).where(*strangers)).all()
    if said:
        connection.execute(update(mention).where(*strangers).values(**WORDLESS, erased_at=at))
    kept = (
        evidence.c.platform == platform,
        evidence.c.mention_id.in_(ids),
        or_(evidence.c.text != "", evidence.c.author.is_not(None)),
        ~is_own_elsewhere(),
    )
    pieces = connection.execute(select(evidence.c.incident_id, evidence.c.author).where(*kept)).all()
    if pieces:
        connection.execute(update(evidence).where(*kept).values(**_WORDLESS_PIECE))
    liked = update(own_like).where(own_like.c.platform == platform, own_like.c.id.in_(ids), own_like.c.text != "")
    likes = connection.execute(liked.values(text="")).rowcount
    names = _names_by_incident(connection, said, also_named)
    for piece in pieces:
        names[piece.incident_id].update([*also_named, *([piece.author] if piece.author else [])])
    quotes = unquote(connection, quoted={piece.incident_id for piece in pieces}, names=names)
    sealed = erase_sealed(connection, platform, ids, at)
    return Erased(mentions=len(said), evidence=len(pieces) + sealed, likes=likes, quotes=quotes)


def _names_by_incident(
    connection: Connection, said: Sequence[Any], also_named: Collection[str]
) -> defaultdict[int, set[str]]:
    """Return, for the incidents that lived around what was said, whom their verdicts may name."""
    names: defaultdict[int, set[str]] = defaultdict(set)
    of_brand: defaultdict[str, list[Any]] = defaultdict(list)
    for row in said:
        if row.author or also_named:
            of_brand[row.brand].append(row)
    for brand, found in of_brand.items():
        first, last = min(row.posted_at for row in found), max(row.posted_at for row in found)
        around = select(incident.c.id).where(
            incident.c.brand == brand,
            incident.c.opened_at <= last + _NAMED_AFTER,
            or_(incident.c.resolved_at.is_(None), incident.c.resolved_at >= first),
        )
        for identifier in connection.execute(around).scalars():
            names[identifier].update([*also_named, *(row.author for row in found if row.author)])
    return names
