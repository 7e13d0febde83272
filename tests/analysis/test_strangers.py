"""Who has been heard before: within a month, within bounds, and unknown while too little is remembered."""

import pytest

from analysis import strangers
from analysis.strangers import DAY, KEPT, KnownAuthors


def author(number: int) -> tuple[str, str]:
    return "x", f"author {number}"


def make_known(number: int = 30, *, at: float = 0.0) -> KnownAuthors:
    known = KnownAuthors()
    for each in range(number):
        known.hear(author(each), at, seen_at=at)
    return known


def test_somebody_heard_before_the_post_is_no_stranger() -> None:
    known = make_known()
    known.hear(author(3), 5 * DAY, seen_at=5 * DAY)
    known.hear(author(99), 5 * DAY, seen_at=5 * DAY)
    assert known.is_stranger(author(3), before=4.9 * DAY) is False
    assert known.is_stranger(author(99), before=4.9 * DAY) is True


def test_somebody_who_first_spoke_after_the_post_is_a_stranger_to_it_and_not_to_the_next() -> None:
    known = make_known()
    known.hear(author(99), 5 * DAY, seen_at=5 * DAY)
    assert known.is_stranger(author(99), before=5 * DAY) is True
    assert known.is_stranger(author(99), before=5 * DAY + 1) is False


def test_on_the_first_day_nobody_can_know() -> None:
    known = make_known()
    known.hear(author(99), 0.9 * DAY, seen_at=0.9 * DAY)
    assert known.is_stranger(author(99), before=0.9 * DAY) is None
    assert known.is_stranger(author(3), before=0.9 * DAY) is None


def test_among_a_handful_of_authors_nobody_can_know() -> None:
    known = make_known(5)
    known.hear(author(99), 9 * DAY, seen_at=9 * DAY)
    assert known.is_stranger(author(99), before=9 * DAY) is None


def test_old_posts_collected_at_the_start_are_no_memory_of_their_days() -> None:
    known = KnownAuthors()
    for each in range(30):
        known.hear(author(each), 0.0, seen_at=5 * DAY)
    known.hear(author(99), 5.1 * DAY, seen_at=5.1 * DAY)
    assert known.is_stranger(author(99), before=5.1 * DAY) is None
    assert known.is_stranger(author(99), before=6.1 * DAY) is False


def test_author_who_was_silent_for_a_month_is_forgotten() -> None:
    known = make_known()
    for each in range(1, 30):
        known.hear(author(each), 20 * DAY, seen_at=20 * DAY)
    later = KEPT + DAY
    known.hear(author(0), later, seen_at=later)
    known.hear(author(1), later, seen_at=later)
    assert known.is_stranger(author(0), before=later) is True
    assert known.is_stranger(author(1), before=later) is False


def test_a_row_from_the_beginning_of_time_changes_nothing() -> None:
    known = make_known(at=3 * DAY)
    known.hear(author(99), -1e11, seen_at=3 * DAY)
    assert known.is_stranger(author(3), before=3.5 * DAY) is None
    assert known.is_stranger(author(99), before=9 * DAY) is True


def test_memory_is_bounded_and_knows_how_far_back_it_still_reaches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strangers, "MOST_AUTHORS", 100)
    known = KnownAuthors()
    for each in range(1_000):
        known.hear(author(each), each * 60.0, seen_at=each * 60.0)
    assert len(known._heard) == 100
    # Only the last hundred minutes are remembered: of a post from then nobody can say who is new.
    assert known.is_stranger(author(999), before=999 * 60.0) is None
    assert known.is_stranger(author(0), before=899 * 60.0 + 2 * DAY) is True


def test_restored_memory_answers_as_the_one_that_never_stopped() -> None:
    lived, restored = make_known(), KnownAuthors()
    for each in range(10):
        lived.hear(author(each), 4 * DAY, seen_at=4 * DAY)
    for each in range(29, -1, -1):
        restored.hear(author(each), 0.0, last_at=4 * DAY if each < 10 else 0.0, seen_at=0.0)
    for known in (lived, restored):
        known.hear(author(50), 6 * DAY, seen_at=6 * DAY)
    for asked in (author(0), author(20), author(50), author(77)):
        for before in (0.5 * DAY, 3 * DAY, 6 * DAY):
            assert lived.is_stranger(asked, before=before) == restored.is_stranger(asked, before=before)
