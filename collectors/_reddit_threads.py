"""Reads the comments below a submission or an own comment, and says when that is due.

Reddit serves the first few hundred and stubs for the rest; each stub costs a request, so one reading is bounded, and
what it leaves behind is filled by later polls. Never decides whose mention a comment is.
"""

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from collectors._reddit_client import BoundsReached, RedditClient
from collectors._reddit_items import SUBMISSION, Page, Thing, is_continued, read_more, read_tree
from collectors._reddit_walks import ThreadState
from stormcone.errors import CollectError
from stormcone.models import Skip

THREAD_PLACE: Final = "thread "  # before the fullname, where a thread leaves a stretch
SETTLING: Final = timedelta(minutes=3)  # a comment counts before it is served: read on after the last change
_ANYWAY: Final = timedelta(hours=1)  # a deletion and a comment between two looks leave the count as it was
_SLOW: Final = timedelta(minutes=10)  # few new comments below a stranger's submission may wait so long
_LIVELY: Final = 5  # new comments since the last reading that need no wait
_TOGETHER: Final = 100  # comments Reddit returns for one request
_MOST_KEPT: Final = 2_000  # steps of one thread kept for later polls
_SHOWN: Final = 500  # comments Reddit serves with the submission
_PERMALINK: Final = re.compile(r"/comments/([0-9a-z]{1,16})/")


@dataclass(slots=True, kw_only=True)
class Reading:
    """What a thread holds, its submission included. left: steps that a later poll may take."""

    things: list[Thing] = field(default_factory=list)
    skipped: list[Skip] = field(default_factory=list)
    left: tuple[str, ...] = ()
    stopped_by: Exception | None = None


def submission_of(name: str, url: str | None) -> str | None:
    """Return the fullname of the submission a thing belongs to, None where its address does not say.

    >>> submission_of("t1_c2", "https://www.reddit.com/r/acme/comments/a1/_/c2/"), submission_of("t3_a1", None)
    ('t3_a1', 't3_a1')
    """
    if name.startswith(SUBMISSION):
        return name
    found = _PERMALINK.search(url or "")
    return SUBMISSION + found[1] if found else None


def is_due(state: ThreadState | None, comments: int | None, now: datetime, *, is_own: bool) -> bool:
    """Tell whether a thread is to be read again.

    Args: state: how it was left. comments: its count now, None where Reddit does not say.
    """
    if state is None:
        return comments is None or comments > 0
    grown = (comments or 0) - (state.comments or 0)
    if is_own:
        return grown != 0 or state.read_at - state.changed_at < SETTLING or now - state.read_at >= _ANYWAY
    return grown >= _LIVELY or (grown > 0 and now - state.read_at >= _SLOW)


def read_thread(client: RedditClient, root: str, *, comment: str | None = None, requests: int) -> Reading:
    """Return a submission with the comments below it, newest first; or one comment with its answers.

    Args: root, comment: fullnames. requests: most that this reading may send.
    Raises: whatever kept even the first answer from coming, as `RedditClient.get`.
    """
    path = f"/comments/{root[3:]}/" + (f"_/{comment[3:]}" if comment else "")
    page = read_tree(client.get(path, sort="new", limit=_SHOWN), f"{THREAD_PLACE}{root}")
    reading = Reading(things=list(page.things), skipped=list(page.skipped))
    return _go_on(client, root, reading, page.stubs, requests - 1)


def fill_thread(client: RedditClient, root: str, steps: Iterable[str], *, requests: int) -> Reading:
    """Take the steps that an earlier reading left. Raises: as `read_thread`."""
    steps = tuple(steps)
    plain = tuple(step for step in steps if is_continued(step) is None)
    stubs = [*([plain] if plain else []), *((step,) for step in steps if is_continued(step) is not None)]
    reading = _go_on(client, root, Reading(), stubs, requests)
    if reading.stopped_by is not None and not reading.things:
        raise reading.stopped_by
    return reading


def _go_on(
    client: RedditClient, root: str, reading: Reading, stubs: Iterable[tuple[str, ...]], requests: int
) -> Reading:
    waiting = _batched(stubs, requests)
    asked: set[str] = set()
    while waiting and requests > 0:
        steps = waiting[0]
        try:
            page = _behind(client, root, steps)
        except (BoundsReached, CollectError) as error:
            reading.stopped_by = error
            break
        waiting.popleft()
        requests -= 1
        asked.update(steps)
        reading.things.extend(page.things)
        reading.skipped.extend(page.skipped)
        fresh = [tuple(each for each in stub if each not in asked) for stub in page.stubs]
        waiting = _batched([*waiting, *filter(None, fresh)], requests)
    reading.left = tuple(step for steps in waiting for step in steps)[:_MOST_KEPT]
    return reading


def _behind(client: RedditClient, root: str, steps: tuple[str, ...]) -> Page:
    """Return what stands behind one stub."""
    parent = is_continued(steps[0])
    if parent is not None:
        return read_tree(client.get(f"/comments/{root[3:]}/_/{parent}", sort="new"), f"{THREAD_PLACE}{root}")
    answer = client.post("/api/morechildren", link_id=root, children=",".join(steps), sort="new")
    return read_more(answer, f"{THREAD_PLACE}{root}")


def _batched(stubs: Iterable[tuple[str, ...]], requests: int) -> deque[tuple[str, ...]]:
    """Return the requests to send, largest first: one a stub, or full ones where there are too many stubs for that."""
    continued = [stub for stub in stubs if is_continued(stub[0]) is not None]
    single = [steps for stub in stubs if is_continued(stub[0]) is None for steps in _parts(stub)]
    if len(single) + len(continued) > requests:
        single = list(_parts(tuple(step for steps in single for step in steps)))
    return deque([*sorted(single, key=len, reverse=True), *continued])


def _parts(steps: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    return (steps[start : start + _TOGETHER] for start in range(0, len(steps), _TOGETHER))
