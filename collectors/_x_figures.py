"""What X knows without showing a post: who the watched accounts are, and how many posts name a brand each minute.

Steps of collectors/x.py. Handles are turned into ids once and remembered; counts cost the same whatever they count.
"""

from datetime import datetime, timedelta
from functools import partial
from typing import Final

from collectors._x_cursor import Unknown
from collectors._x_items import PLATFORM
from collectors._x_meter import COUNT_USD, USER_USD
from collectors._x_queries import volume_query
from collectors._x_visit import Visit
from stormcone.errors import Refused
from stormcone.models import Volume
from stormcone.ports import WatchedBrand

_ASKED_AT_ONCE: Final = 100
_ASKED_AGAIN: Final = timedelta(hours=1)  # after X did not know a handle
_FIRST_COUNTS: Final = timedelta(hours=24)  # one request counts a day as readily as a minute
_COUNTED_AGAIN: Final = timedelta(minutes=10)  # posts turn up late, and the newest counts lag by half a minute
_NEEDS_A_PERSON: Final = {401, 402}


class Figures:
    """Asks for accounts and counts in one poll."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit

    def accounts(self) -> None:
        """Learn the ids of handles that are not known yet. Raises: CollectError, EnoughError."""
        visit = self._visit
        wanted = {handle.lower() for brand in visit.terms.brands for handle in brand.handles}
        visit.unknown = {handle: each for handle, each in visit.unknown.items() if handle in wanted}
        new = sorted(handle for handle in wanted if handle not in visit.accounts and self._may_ask(handle))
        for start in range(0, len(new), _ASKED_AT_ONCE):
            self._resolve(new[start : start + _ASKED_AT_ONCE])
        for handle, each in visit.unknown.items():
            visit.troubles.append(
                f"account @{handle}: {each.said} Correct the handle under [[brand]] accounts, "
                "or remove it there if X has suspended it"
            )

    def owner(self) -> None:
        """Learn whose token we use: X bills that account's own posts and mentions a fifth. Raises: CollectError."""
        visit = self._visit
        if visit.owner is not None:
            return
        try:
            users = visit.ask("own account", visit.gateway.me)
        except Refused:
            if visit.gateway.last_status in _NEEDS_A_PERSON:
                raise
            visit.owner = ""  # the token of an app alone belongs to no account
            return
        for author in users.found.values():
            visit.meter.read("user", author.id, USER_USD)
        visit.owner = next((author.id for author in users.found.values()), "")

    def volumes(self) -> None:
        """Count the posts of each brand per minute."""
        visit, last = self._visit, self._visit.old.counted_at
        start = visit.terms.now - _FIRST_COUNTS
        if last is not None:
            start = max(start, last - _COUNTED_AGAIN)
        errors = len(visit.troubles)
        for brand in visit.terms.brands:
            if (query := volume_query(brand)) is not None:
                visit.step("counts", partial(self._count, brand, query, start.replace(second=0, microsecond=0)))
        if len(visit.troubles) == errors and not visit.is_over:
            visit.changes["counted_at"] = visit.terms.now

    def _may_ask(self, handle: str) -> bool:
        unknown = self._visit.unknown.get(handle)
        return unknown is None or self._visit.terms.now - unknown.asked_at >= _ASKED_AGAIN

    def _resolve(self, handles: list[str]) -> None:
        visit = self._visit
        users = visit.ask("accounts", lambda: visit.gateway.users(handles))
        for handle in handles:
            author = users.found.get(handle)
            if author is None:
                said = users.unknown.get(handle, "X does not know it.")
                visit.unknown[handle] = Unknown(asked_at=visit.terms.now, said=said)
                continue
            visit.unknown.pop(handle, None)
            visit.accounts[handle] = author.id
            visit.meter.read("user", author.id, USER_USD)

    def _count(self, brand: WatchedBrand, query: str, start: datetime) -> None:
        visit, place = self._visit, f"counts of {brand.name}"
        visit.meter.reserve(COUNT_USD)
        minutes = visit.ask("counts", lambda: visit.gateway.counts(query, start, place))
        visit.meter.flat(COUNT_USD)
        visit.haul.volumes += [
            Volume(platform=PLATFORM, brand=brand.name, minute=minute, mentions=count) for minute, count in minutes
        ]
