"""One walk through pages of posts, newest first, back to where the last walk began.

Pure but for the page it is given; used by collectors/x.py for timelines, mentions, searches and threads. The mark
moves only together with what it leaves behind: a walk that stops early says which stretch it left out.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, TypeAlias

from collectors._x_ids import id_at, instant_of
from collectors._x_items import PLATFORM, Page, Span
from collectors._x_meter import EnoughError
from stormcone.errors import CollectError

OVERLAP: Final = timedelta(seconds=150)  # posts may turn up two minutes late; half a minute for clocks
PAGES: Final = 8  # of one walk in one poll; the mentions timeline holds no more (800 posts)
FetchPage: TypeAlias = Callable[[Span], Page]


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """How far a walk came. newest, oldest: ids, None where nothing was seen. is_complete: the mark was reached.

    error: what ended it early, None where only its pages were used up.
    """

    newest: int | None = None
    oldest: int | None = None
    is_complete: bool = False
    error: CollectError | EnoughError | None = None


def walk(
    fetch: FetchPage, *, mark: int, until: int | None = None, pages: int = PAGES, holds: int | None = None
) -> Walked:
    """Walk from the newest post (or from `until`) back to `mark`, and on through the overlap.

    Args: fetch: asks for a page, keeps its posts, returns it. mark: id of the newest post known. until: id to start
        below. pages: most pages to fetch, >= 1. holds: posts after which the place ends unsaid.
    """
    numbers: list[int] = []
    error: CollectError | EnoughError | None = None
    span = Span(since_id=before(mark), until_id=until)
    has_ended = False
    for _ in range(pages):
        try:
            page = fetch(span)
            if page.token is not None and page.token == span.token:
                raise CollectError(PLATFORM, "a page leads to itself; has X changed its contract?")
        except (CollectError, EnoughError) as stop:
            error = stop
            break
        numbers += [post.number for post in page.posts]
        span, has_ended = replace(span, token=page.token), page.token is None
        if has_ended:
            break
    oldest = min(numbers, default=None)
    has_all = has_ended and (holds is None or len(numbers) < holds)
    return Walked(
        newest=max(numbers, default=None),
        oldest=oldest,
        is_complete=has_all or (oldest is not None and oldest <= mark),
        error=error,
    )


def before(mark: int) -> int:
    """Return the id from which to ask, so that posts which turned up late are seen.

    >>> instant_of(before(id_at(instant_of(10**18))) + 1) - instant_of(10**18) == -OVERLAP
    True
    """
    return max(1, id_at(instant_of(mark) - OVERLAP) - 1)
