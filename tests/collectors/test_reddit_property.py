"""Whatever the order of comments, polls, crashes and faults: what was served is collected, each thing once."""

import threading
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stormcone.errors import CollectError
from stormcone.ports import Allowance, WatchedBrand
from tests.collectors.fake_reddit import Fault
from tests.collectors.reddit_desk import Desk, desk

# Each is (what happens, how much): comments come, some late; time passes; a poll is saved, or lost by a crash after it;
# a page fails; requests are short; the process begins anew.
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("comments"), st.integers(1, 160)),
        st.tuples(st.just("late"), st.integers(1, 5)),
        st.tuples(st.just("poll"), st.integers(1, 12)),
        st.tuples(st.just("crash"), st.integers(1, 12)),
        st.tuples(st.just("fault"), st.integers(0, 4)),
        st.tuples(st.just("restart"), st.just(0)),
    ),
    min_size=3,
    max_size=12,
)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_collected_is_what_was_served(steps: list[tuple[str, int]]) -> None:
    with desk(brands=[WatchedBrand(name="Acme")]) as at:
        head = at.world.submit("acme", "talk")
        at.poll()
        for what, number in steps:
            _happen(at, head, what, number)
        at.world.faults = []
        gaps = 0
        for _ in range(6):
            batch = at.poll(minutes=1)
            gaps += len(batch.gaps)
        assert at.ids == set(at.world.posts)
        assert gaps == 0


def _happen(at: Desk, head: str, what: str, number: int) -> None:
    if what == "comments":
        for each in range(number):
            at.pass_time(milliseconds=100)
            at.world.comment(head, f"number {each}")
    elif what == "late":
        for each in range(number):
            at.world.comment(head, f"late {each}", late=timedelta(seconds=24 * number))
    elif what == "fault":
        at.world.faults = [Fault(path="/r/acme", skip=number, status=503)]
    elif what == "restart":
        at.restart()
    else:
        at.pass_time(seconds=60)
        try:
            if what == "poll":
                at.poll(Allowance(requests=number))
            else:
                at.ask(Allowance(requests=number))  # the crash: nothing of it is saved, the old cursor comes again
        except CollectError:
            pass  # asked again at the next poll


def test_nothing_is_handed_on_twice_in_one_batch() -> None:
    with desk() as at:
        head = at.world.submit("acme", "acme talk", author="acme_team")  # found by four ways
        at.world.comment(head, "acme again")
        batch = at.poll()
        keys = [(each.id, each.brand) for each in batch.mentions]
        assert len(keys) == len(set(keys)) == 2
        assert len(batch.engagements) == 1


def test_many_polls_leave_no_thread_and_a_small_cursor() -> None:
    with desk() as at:
        head = at.world.submit("acme", "acme talk", author="acme_team")
        at.poll()
        threads, sizes = threading.active_count(), []
        for day in range(30):
            at.world.comment(head, f"day {day}")
            batch = at.poll(minutes=24 * 60)
            sizes.append(len(batch.cursor or ""))
        assert at.ids == set(at.world.posts)
        assert threading.active_count() <= threads
        assert max(sizes) < 1_000
