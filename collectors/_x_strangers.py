"""The threads of strangers' posts about a brand, while they are hot: answers and quotes that do not name it.

A step of collectors/x.py, after all that concerns the brand's own posts. Such a thread may be anybody's and of any
size, so only the newest page is read at each poll, few threads at once, and so many posts a day; what lies beyond is
left out and is no gap.
"""

from datetime import timedelta
from functools import partial
from typing import Final

from collectors._x_cursor import THREAD_DAYS, Stranger
from collectors._x_haul import Origin
from collectors._x_ids import id_at, instant_of
from collectors._x_items import Page, Span
from collectors._x_queries import thread_query, thread_terms
from collectors._x_visit import Visit
from collectors._x_walks import before
from stormcone.collecting import is_hot

_MOST_THREADS: Final = 5  # at once: their terms fit one query
_LIVELY: Final = 20  # replies and quotes of a post when it is found: few posts ever have as many
_COOLS_AFTER: Final = timedelta(minutes=30)
_LOOKS_BACK: Final = timedelta(hours=1)  # answers bought of a thread when it becomes hot


class StrangerWatch:
    """Searches the answers below strangers' hot posts in one poll."""

    def __init__(self, visit: Visit, *, most_billed: int) -> None:
        """most_billed: posts a UTC day that X may bill for this."""
        self._visit, self._most_billed = visit, most_billed
        self._day = visit.terms.now.date().isoformat()
        self._billed = visit.old.strangers_billed if visit.old.strangers_day == self._day else 0
        self._threads = self._watched()

    def run(self) -> None:
        """Search the hot threads, one query for each brand."""
        for brand in dict.fromkeys(each.brand for each in self._threads.values()):
            roots = [root for root, each in self._threads.items() if each.brand == brand]
            if self._billed < self._most_billed:
                self._visit.step("strangers' threads", partial(self._read, brand, roots))
        told = {"strangers": self._threads, "strangers_day": self._day, "strangers_billed": self._billed}
        self._visit.changes |= told

    def _watched(self) -> dict[str, Stranger]:
        """Return the threads that are hot now, or were within the last half hour; the liveliest first."""
        now, known = self._visit.terms.now, self._visit.old.strangers
        brands = {brand.name for brand in self._visit.terms.brands}
        found = {root: each for root, each in known.items() if each.hot_until > now and each.brand in brands}
        for root, brand in {**self._found_lively(), **self._answered_lately()}.items():
            mark = known[root].mark if root in known else max(int(root), id_at(now - _LOOKS_BACK))
            found[root] = Stranger(brand=brand, mark=mark, hot_until=now + _COOLS_AFTER)
        latest = sorted(found.items(), key=lambda each: each[1].hot_until, reverse=True)
        return dict(latest[:_MOST_THREADS])

    def _answered_lately(self) -> dict[str, str]:
        """Return posts of others that are stored, so are about a brand, and whose stored answers come thick."""
        threads = self._visit.terms.archive.hot_threads(limit=4 * _MOST_THREADS)
        return {
            post.id: post.brand
            for post in threads
            if is_hot(post) and not post.is_own_post and post.url is not None and self._is_searchable(post.id)
        }

    def _found_lively(self) -> dict[str, str]:
        """Return posts of others that had many answers already when this poll found them."""
        return {
            found.id: brand
            for (_, brand), found in self._visit.haul.mentions.items()
            if not found.is_own_post and found.root_id is None and self._is_searchable(found.id)
            if (found.replies or 0) + (found.quotes or 0) >= _LIVELY
        }

    def _is_searchable(self, root: str) -> bool:
        if not (root.isascii() and root.isdigit()) or root in self._visit.haul.threads:
            return False
        return instant_of(int(root)) > self._visit.terms.now - timedelta(days=THREAD_DAYS)

    def _read(self, brand: str, roots: list[str]) -> None:
        page = self._page(brand, roots)
        self._visit.is_saturated = self._visit.is_saturated or page.token is not None
        newest = max((post.number for post in page.posts), default=0)
        for root in roots:
            stranger = self._threads[root]
            self._threads[root] = stranger.model_copy(update={"mark": max(stranger.mark, newest)})

    def _page(self, brand: str, roots: list[str]) -> Page:
        visit = self._visit
        query = thread_query([term for root in roots for term in thread_terms(root, (root,))])
        span = Span(since_id=before(min(self._threads[root].mark for root in roots)))
        words = f"answers to {len(roots)} posts of others"
        page = visit.ask("searches", lambda: visit.gateway.search(query, span, words))
        self._billed += sum(not visit.meter.is_paid(str(post.number)) for post in page.posts)
        visit.haul.keep(visit.pay(page), Origin(brand=brand))
        return page
