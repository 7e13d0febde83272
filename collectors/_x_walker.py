"""Walks the places of X, keeps what they show, and pays back what earlier walks left out.

Third party to visit and atlas in one poll of collectors/x.py. A mark moves only as far as what was seen and what is
written down as a stretch; never decides which places are walked.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from collectors._x_client import BadMarkError
from collectors._x_cursor import THREAD_DAYS, Mark
from collectors._x_ids import id_at, instant_of
from collectors._x_items import PLATFORM, Page, Span
from collectors._x_places import Atlas, Place
from collectors._x_visit import Visit
from collectors._x_walks import PAGES, Walked, walk
from stormcone.collecting import Stretch
from stormcone.models import Gap
from stormcone.ports import Thrift

_RESET: Final = timedelta(days=1)  # where a walk begins again whose mark X does not take
_FILL_PAGES: Final = 10  # of all stretches in one poll
_SETTLED: Final = timedelta(seconds=45)  # search does not show what is younger than half a minute
_TIMELINE_HOLDS: Final = timedelta(minutes=10)  # in a storm 800 mentions last so long


class Walker:
    """Walks places in one poll."""

    def __init__(self, visit: Visit) -> None:
        self._visit, self._atlas = visit, Atlas(visit)
        self._pages = 1 if visit.terms.thrift >= Thrift.SAMPLED else PAGES
        self._overflown: set[str] = set()  # searches for mentions that the timeline has dropped
        self._oldest = visit.terms.now - timedelta(days=THREAD_DAYS)

    def walk_on(self, name: str, first: timedelta) -> None:
        """Walk a place from its newest post back to its mark. first: how far back where it has no mark yet.

        Raises: CollectError, EnoughError: the walk ended early; what it saw is kept, what it left is a stretch.
        """
        visit, place = self._visit, self._atlas.find(name)
        if place is None:
            return
        known = visit.marks.get(name)
        mark = known.post_id if known else id_at(visit.terms.now - first)
        self.walk(place, mark, lambda reached: self._move(name, reached))

    def walk(self, place: Place, mark: int, move: Callable[[int], None]) -> None:
        """Walk a place back to `mark` and hand the id that was reached to `move`. Raises: as walk_on."""
        visit = self._visit
        mark = self._within_reach(place, mark)
        walked = walk(self._keeping(place), mark=mark, pages=self._pages, holds=place.holds)
        if walked.newest is not None or walked.is_complete:
            self._leave_rest(place, walked, mark)
            # After a storm falls silent, its last minutes must not be read, and billed, again day after day.
            settled = id_at(visit.gateway.settled_at()) if walked.is_complete else 0
            move(max(mark, walked.newest or 0, settled))
        elif isinstance(walked.error, BadMarkError) and instant_of(mark) < visit.terms.now - _RESET:
            restart = visit.terms.now - _RESET
            self._lose(place, mark, restart)
            move(id_at(restart))
        if walked.error is not None:
            raise walked.error

    def _move(self, name: str, reached: int) -> None:
        self._visit.marks[name] = Mark(post_id=reached, walked_at=self._visit.terms.now)

    def by_turn(self, names: list[str]) -> list[str]:
        """Return the places in the order in which they were walked last, so that a small allowance serves all."""
        marks = self._visit.marks
        return sorted(names, key=lambda name: (name in marks, marks[name].walked_at if name in marks else None))

    def fill(self) -> None:
        """Fetch what earlier walks left out, the newest first. Raises: as walk_on."""
        pages_left = _FILL_PAGES
        self._overflown = {each.place for each in self._visit.stretches if each.place.startswith("at/")}
        for stretch in sorted(self._visit.stretches, key=lambda each: each.ended_at, reverse=True):
            if pages_left <= 0:
                self._visit.has_more = True
                return
            pages_left -= self._fill(stretch, pages_left)

    def _fill(self, stretch: Stretch, pages: int) -> int:
        """Go on with one stretch; return how many pages it may have taken."""
        visit, now = self._visit, self._visit.terms.now
        place = self._atlas.find(self._today(stretch))
        reach = self._oldest if place and place.is_search else datetime.min.replace(tzinfo=now.tzinfo)
        if place is None or stretch.ended_at <= reach:
            visit.stretches.remove(stretch)  # its gap stays: nobody can fill it any more
            return 0
        is_keyword_search = place.name.startswith("search/")
        is_settled = not place.name.startswith("at/") or stretch.ended_at < now - _SETTLED
        if not is_settled or (is_keyword_search and visit.terms.thrift):
            return 0
        started_at = max(stretch.started_at, reach)
        asked_before = visit.meter.requests
        walked = walk(self._keeping(place), mark=id_at(started_at), until=int(stretch.token or 0) or None, pages=pages)
        index = visit.stretches.index(stretch)
        if walked.is_complete:
            del visit.stretches[index]
            if started_at == stretch.started_at:
                visit.filled.append(stretch.gap(PLATFORM))
        elif walked.oldest is not None:
            visit.stretches[index] = stretch.model_copy(update={"token": str(walked.oldest), "place": place.name})
        if walked.error is not None:
            raise walked.error
        return visit.meter.requests - asked_before

    def _today(self, stretch: Stretch) -> str:
        """Return where a stretch is found today: old mentions have left the timeline, search still has them."""
        kind, _, rest = stretch.place.partition("/")
        is_old = stretch.ended_at < self._visit.terms.now - _TIMELINE_HOLDS or f"at/{rest}" in self._overflown
        return f"at/{rest}" if kind == "mentions" and is_old else stretch.place

    def _keeping(self, place: Place) -> Callable[[Span], Page]:
        """Return what fetches a page of a place, keeps its posts and bills them."""

        def fetch(span: Span) -> Page:
            page = self._visit.ask(place.endpoint, lambda: place.call(span))
            self._visit.haul.keep(self._visit.pay(page, place.price_usd), place.origin)
            return page

        return fetch

    def _leave_rest(self, place: Place, walked: Walked, mark: int) -> None:
        """Leave the part between the mark and the oldest post seen to later polls."""
        if walked.is_complete or walked.oldest is None:
            return
        is_bottom = place.name.startswith("mentions/") and walked.error is None and self._pages == PAGES
        name = place.name.replace("mentions/", "at/", 1) if is_bottom else place.name
        started_at = instant_of(mark)
        self._visit.leave(
            Stretch(
                started_at=started_at,
                ended_at=max(started_at, instant_of(walked.oldest)),
                brand=place.origin.brand,
                token=str(walked.oldest),
                place=name,
            )
        )

    def _within_reach(self, place: Place, mark: int) -> int:
        """Return the mark, or the oldest X can search from; what lies between is a gap nobody can fill."""
        if not place.is_search or instant_of(mark) >= self._oldest:
            return mark
        self._lose(place, mark, self._oldest)
        return id_at(self._oldest)

    def _lose(self, place: Place, mark: int, until: datetime) -> None:
        gap = Gap(platform=PLATFORM, brand=place.origin.brand, started_at=instant_of(mark), ended_at=until)
        self._visit.gaps.append(gap)
