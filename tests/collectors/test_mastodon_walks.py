"""For any storm, late indexing, cut-off polls and crashes: what a list served in time is what was taken from it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from collectors._mastodon_client import PAGE
from collectors._mastodon_walks import Mark, Walk, order, walk_down, walk_up
from stormcone.clock import ManualClock
from stormcone.collecting.effort import Effort

START = datetime(2026, 11, 3, 12, tzinfo=UTC)


@dataclass
class Timeline:
    """A list whose ids follow the time of writing, while a status may be indexed up to two minutes later."""

    clock: ManualClock
    entries: list[tuple[datetime, datetime]] = field(default_factory=list)  # written, indexed
    requests: int = 0
    got_answer: bool = True
    is_nearly_throttled: bool = False

    def seconds_to_wait(self) -> float | None:
        return None

    def shown(self) -> list[dict[str, Any]]:
        now = self.clock.now()
        written = [(at, number) for number, (at, indexed) in enumerate(self.entries) if indexed <= now]
        return [
            {"id": str(int((at - START).total_seconds() * 1000 + 10**9) * 10_000 + number), "created_at": at}
            for at, number in sorted(written, reverse=True)
        ]

    def page(self, *, max_id: str | None = None, min_id: str | None = None) -> list[Any]:
        self.requests += 1
        found = [
            each
            for each in self.shown()
            if (max_id is None or order(each["id"]) < order(max_id))
            and (min_id is None or order(each["id"]) > order(min_id))
        ]
        return found[-PAGE:] if min_id is not None else found[:PAGE]


minute = st.tuples(
    st.integers(min_value=0, max_value=90),  # statuses written in it
    st.integers(min_value=0, max_value=119),  # seconds until they are indexed
    st.sampled_from(["poll", "poll", "poll", "crash", "sleep"]),
    st.integers(min_value=1, max_value=4),  # requests allowed
)


@settings(max_examples=40, deadline=None)
@given(before=st.integers(min_value=0, max_value=100), minutes=st.lists(minute, max_size=8))
def test_taken_is_served_whatever_happens_between_the_polls(
    before: int, minutes: list[tuple[int, int, str, int]]
) -> None:
    clock = ManualClock(START)
    timeline = Timeline(clock, [(START - timedelta(seconds=each * 7),) * 2 for each in range(before)])
    taken: set[str] = set()
    walk = Walk(name="tag", fetch=timeline.page, take=lambda raws: taken.update(raw["id"] for raw in raws))

    def poll(mark: Mark | None, allowed: int) -> Mark:
        effort = Effort(timeline, clock, deadline=clock.now() + timedelta(hours=1), requests=allowed)
        if mark is None:
            way = walk_down(walk, effort, now=clock.now(), until=START - timedelta(days=7), stop_id=None, pages=25)
            return way.mark(None, clock.now())
        return walk_up(walk, mark, effort, now=clock.now(), pages=25)

    mark = poll(None, 100)
    for statuses, late_seconds, happening, allowed in minutes:
        now = clock.now()
        written = [now + timedelta(seconds=60 * each / max(1, statuses)) for each in range(statuses)]
        timeline.entries += [(at, at + timedelta(seconds=late_seconds)) for at in written]
        clock.move_to(now + timedelta(seconds=60))
        if happening == "crash":
            kept = set(taken)
            poll(mark, allowed)
            taken.intersection_update(kept)  # neither the batch nor its cursor was saved
        elif happening == "poll":
            mark = poll(mark, allowed)
    clock.move_to(clock.now() + timedelta(seconds=130))
    for _ in range(2):
        mark = poll(mark, 100)

    assert taken == {each["id"] for each in timeline.shown()}
