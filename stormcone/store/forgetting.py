"""Forgets a person or a post because somebody asked for it: words and names go, counts stay, and it is on record.

The store's half of `stormcone forget`. One transaction: what is erased, its record and the sign to running watchers.
The record holds a keyed hash of the name, never the name. Never touches what a brand published itself.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, Table, func, or_, select, update

from stormcone.errors import UsageError
from stormcone.models import Place
from stormcone.store.collecting_tables import forgotten
from stormcone.store.database import Database
from stormcone.store.erasing import Erased, by_platform, erase_posts
from stormcone.store.mentions import SAVE_LOCK
from stormcone.store.pseudonyms import Pseudonyms, read_pseudonyms
from stormcone.store.quotes import SOMEBODY, name_pattern
from stormcone.store.record_tables import sealed_item
from stormcone.store.tables import decision, evidence, incident_event, mention, revision


class Forgotten(StrEnum):
    """What somebody asked to be forgotten."""

    AUTHOR = "author"
    POST = "post"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetRecord:
    """That something was forgotten: when, what kind, on which platform (None: all), how many rows, and why."""

    at: datetime
    kind: Forgotten
    platform: str | None
    name_hash: str
    rows: int
    why: str


class _DryRun(Exception):
    """Nothing is to be changed after all: the transaction rolls back."""


class ForgettingStore:
    """Forgets, and keeps the record."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def forget(
        self,
        kind: Forgotten,
        name: str,
        *,
        platform: str | None = None,
        at: datetime,
        why: str,
        is_dry_run: bool = False,
    ) -> Erased:
        """Erase every word of an author, or of a post, with the names of who wrote it.

        Args: name: handle of the author, with or without @, in whatever case; or the platform's id of the post.
            platform: only there; None: wherever it is found. is_dry_run: count, and change nothing.
        Returns: what was erased. Where nothing was found there is no record either.
        Raises: UsageError: it is a brand's own account or post. StoreError: nothing was changed.
        """
        found = Erased()
        try:
            with self._database.write() as connection:
                self._database.wait_for_turn(connection, SAVE_LOCK)
                found = self._erase(connection, kind, name, platform, at)
                if found.rows and not is_dry_run:
                    hashed = read_pseudonyms(connection).hashed(f"{kind.value}\0{name.removeprefix('@').casefold()}")
                    record = {"at": at, "kind": kind.value, "platform": platform, "name_hash": hashed}
                    connection.execute(forgotten.insert(), record | {"rows": found.rows, "why": why})
                    connection.execute(update(revision).values(history=revision.c.history + 1))
                if is_dry_run:
                    raise _DryRun
        except _DryRun:
            pass
        return found

    def records(self) -> tuple[ForgetRecord, ...]:
        """Return what was forgotten, oldest first."""
        with self._database.read() as connection:
            return tuple(
                ForgetRecord(
                    at=row.at,
                    kind=Forgotten(row.kind),
                    platform=row.platform,
                    name_hash=row.name_hash,
                    rows=row.rows,
                    why=row.why,
                )
                for row in connection.execute(select(forgotten).order_by(forgotten.c.seq))
            )

    def _erase(self, connection: Connection, kind: Forgotten, name: str, platform: str | None, at: datetime) -> Erased:
        platforms = _platforms(connection) if platform is None else [platform]
        if kind is Forgotten.POST:
            places = {(each, name) for each in platforms}
            _refuse_own(connection, kind, name, places)
            return erase_posts(connection, places, at=at)
        plain = name.removeprefix("@")
        places, spellings = _by_author(connection, plain, platforms, read_pseudonyms(connection))
        _refuse_own(connection, kind, name, places)
        found = erase_posts(connection, places, at=at, also_named=spellings)
        if not found.rows:
            return found
        return found + Erased(quotes=_clean_reasons_why(connection, spellings))


def _platforms(connection: Connection) -> list[str]:
    sealed = select(sealed_item.c.platform).where(sealed_item.c.platform.is_not(None))
    said = select(mention.c.platform).union(select(evidence.c.platform), sealed)
    return list(connection.execute(said).scalars())


def _by_author(
    connection: Connection, plain: str, platforms: Iterable[str], names: Pseudonyms
) -> tuple[set[Place], set[str]]:
    """Return the places of what an author wrote, and the spellings of the name that stand there."""
    places: set[Place] = set()
    spellings = {plain}
    for platform in platforms:
        said = select(mention.c.id.label("id"), mention.c.author).where(
            mention.c.platform == platform, _is(mention, plain, also=names.of(platform, plain))
        )
        kept = select(evidence.c.mention_id.label("id"), evidence.c.author).where(
            evidence.c.platform == platform, _is(evidence, plain)
        )
        sealed = select(sealed_item.c.id, sealed_item.c.author).where(
            sealed_item.c.platform == platform, _is(sealed_item, plain)
        )
        for row in [*connection.execute(said), *connection.execute(kept), *connection.execute(sealed)]:
            places.add((platform, row.id))
            if row.author.removeprefix("@").casefold() == plain.casefold():
                spellings.add(row.author.removeprefix("@"))
    return places, spellings


def _is(table: Table, plain: str, also: str | None = None) -> ColumnElement[bool]:
    # SQLite lowers ASCII letters only, so the name as it was given is looked for as well.
    spelled = [plain, f"@{plain}", *([also] if also is not None else [])]
    lowered = [plain.lower(), f"@{plain.lower()}"]
    return or_(table.c.author.in_(spelled), func.lower(table.c.author).in_(lowered))


def _refuse_own(connection: Connection, kind: Forgotten, name: str, places: Iterable[Place]) -> None:
    for platform, ids in by_platform(places):
        own = select(mention.c.seq).where(
            mention.c.platform == platform, mention.c.id.in_(ids), mention.c.is_own_post.is_(True)
        )
        if connection.execute(own.limit(1)).first() is not None:
            whose = "is an account of a brand" if kind is Forgotten.AUTHOR else "is a brand's own post"
            raise UsageError(f"{kind.value} {name!r} {whose}: what a brand published is its own record and stays")


def _clean_reasons_why(connection: Connection, names: Collection[str]) -> int:
    """Take names out of what the team wrote beside decisions and acts. Returns: how many lines changed."""
    pattern, changed = name_pattern(names), 0
    for table in (incident_event, decision):
        lines = connection.execute(select(table.c.seq, table.c.why).where(table.c.why.is_not(None), table.c.why != ""))
        for row in lines.all():
            cleaned = pattern.sub(SOMEBODY, row.why)
            if cleaned != row.why:
                changed += 1
                connection.execute(update(table).where(table.c.seq == row.seq).values(why=cleaned))
    return changed
