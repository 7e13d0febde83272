"""The places of X a poll can walk, by name.

A place is a timeline or a query that has a mark of its own: `own/acme`, `mentions/acme`, `search/Acme/0`,
`threads/1,2`, and `at/acme` for mentions that X's timeline of 800 has dropped. Read by the walker; asks X nothing
before somebody calls a place.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from collectors._x_haul import Account, Origin
from collectors._x_items import Page, Span
from collectors._x_meter import OWNED_POST_USD, POST_USD
from collectors._x_queries import brand_queries, handle_query, thread_query, thread_terms
from collectors._x_visit import Visit

_MENTIONS_HELD: Final = 800


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a walk asks. is_search: it goes through X's search, which reaches seven days back and lags half a minute.

    holds: posts that X keeps there, None: enough.
    """

    name: str
    endpoint: str
    call: Callable[[Span], Page]
    origin: Origin
    price_usd: float = POST_USD
    is_search: bool = False
    holds: int | None = None


class Atlas:
    """Knows the places of one poll."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit

    def find(self, name: str) -> Place | None:
        """Return what a name stands for, or None where the settings know it no more."""
        kind, _, rest = name.partition("/")
        if kind == "threads":
            return self._thread_place(name, [root for root in rest.split(",") if root in self._visit.haul.threads])
        if kind == "search":
            return self._search_place(name, rest)
        account = next((each for each in self._visit.known_accounts() if each.key == rest), None)
        return None if account is None else self._account_place(name, kind, account)

    def _account_place(self, name: str, kind: str, account: Account) -> Place:
        gateway, handle, user_id = self._visit.gateway, account.handle, account.id
        origin = Origin(brand=account.brand, account=handle)
        price = OWNED_POST_USD if user_id == self._visit.owner else POST_USD
        if kind == "own":
            words = f"own posts of @{handle}"
            return Place(
                name=name,
                endpoint="timelines",
                call=lambda span: gateway.timeline(user_id, span, words),
                origin=Origin(),
                price_usd=price,
            )
        if kind == "mentions":
            words = f"mentions of @{handle}"
            return Place(
                name=name,
                endpoint="mentions",
                call=lambda span: gateway.mentions(user_id, span, words),
                origin=origin,
                price_usd=price,
                holds=_MENTIONS_HELD,
            )
        return self._searching(name, handle_query(handle), origin, f"search for @{handle}")

    def _thread_place(self, name: str, roots: list[str]) -> Place | None:
        if not roots:
            return None
        brand = self._visit.haul.threads[roots[0]].brand
        words = f"answers to {len(roots)} own posts"
        return self._searching(name, thread_query(self.terms(roots)), Origin(brand=brand), words)

    def _search_place(self, name: str, rest: str) -> Place | None:
        brand_name, _, index = rest.rpartition("/")
        brand = next((each for each in self._visit.terms.brands if each.name == brand_name), None)
        queries = brand_queries(brand) if brand else ()
        if not index.isdigit() or int(index) >= len(queries):
            return None
        return self._searching(name, queries[int(index)], Origin(brand=brand_name), f"search for {brand_name}")

    def _searching(self, name: str, query: str, origin: Origin, words: str) -> Place:
        gateway = self._visit.gateway
        return Place(
            name=name,
            endpoint="searches",
            call=lambda span: gateway.search(query, span, words),
            origin=origin,
            is_search=True,
        )

    def terms(self, roots: Iterable[str]) -> list[str]:
        """Return what a query for these threads says."""
        threads = self._visit.haul.threads
        return [term for root in roots for term in thread_terms(root, threads[root].versions)]
