"""The threads of own posts: which are due, and how several share one search.

A step of collectors/x.py. Replies that dropped the @ and quotes are found here only; the rest comes with the mentions.
"""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from collectors._x_cursor import THREAD_DAYS
from collectors._x_places import Atlas
from collectors._x_queries import fits
from collectors._x_visit import Visit
from collectors._x_walker import Walker
from stormcone.collecting import is_hot

_MOST_QUERIES: Final = 10  # in one poll


class ThreadWatch:
    """Searches the answers and quotes of own posts in one poll."""

    def __init__(self, visit: Visit, walker: Walker) -> None:
        self._visit, self._walker, self._atlas = visit, walker, Atlas(visit)

    def run(self) -> None:
        """Search the due threads, several a query; those not looked at for longest first."""
        for group in self._due()[:_MOST_QUERIES]:
            self._visit.step("threads", partial(self._walk, group))

    def _walk(self, roots: list[str]) -> None:
        threads = self._visit.haul.threads
        place = self._atlas.find(f"threads/{','.join(roots)}")
        if place is not None:
            self._walker.walk(place, min(threads[root].mark for root in roots), partial(self._move, roots))

    def _move(self, roots: list[str], reached: int) -> None:
        threads = self._visit.haul.threads
        for root in roots:
            changes = {"mark": max(threads[root].mark, reached), "looked_at": self._visit.terms.now}
            threads[root] = threads[root].model_copy(update=changes)

    def _due(self) -> list[list[str]]:
        """Return the root ids of due threads in groups that fit a query."""
        now, threads = self._visit.terms.now, self._visit.haul.threads
        oldest = now - timedelta(days=THREAD_DAYS)
        hot = {post.id for post in self._visit.terms.archive.own_posts(since=oldest) if is_hot(post)}
        due = [root for root, each in threads.items() if each.is_watched(now) and each.is_due(now, is_hot=root in hot)]
        groups: list[list[str]] = []
        # Threads of like marks share a query, so that no answer is read again for the sake of an older thread.
        for root in sorted(due, key=lambda each: (threads[each].brand, threads[each].mark)):
            if groups and threads[groups[-1][0]].brand == threads[root].brand and self._has_room(groups[-1], root):
                groups[-1].append(root)
            else:
                groups.append([root])
        never = datetime.min.replace(tzinfo=UTC)
        return sorted(groups, key=lambda group: min(threads[root].looked_at or never for root in group))

    def _has_room(self, group: list[str], root: str) -> bool:
        return fits(self._atlas.terms([*group, root]))
