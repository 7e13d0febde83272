"""The life of an incident through the real pipeline: second waves, recovery waves, late arrivals, deleted posts."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random

import pytest

from stormcone.mention_file import FileRow
from stormcone.models import Deletion, Level, Mention, Moment, State, Transition
from stormcone.pipeline.replaying import Played, play
from tests.fakes import AT, POST, at, make_mention
from tests.stormcone.pipeline.parts import make_calm, make_pipeline, make_storm

START = AT - timedelta(days=30)
HOUR = 60.0  # minutes
LIFE = ["opened", "cooling", "resolved"]


def replayed(records: Sequence[Mention | Deletion]) -> tuple[list[Transition], Played]:
    pipeline, clock = make_pipeline(start=START)
    played = Played()
    rows = [FileRow(record=each, seen_at=each.seen_at, place="invented") for each in records]
    happened = list(play(pipeline, clock, rows, poll_minutes=1, played=played))
    pipeline.store.close()
    return happened, played


def words(seed: str) -> str:
    """Return invented words that no two people put together alike: who say the same are an arranged wave."""
    rng = Random(seed)
    return " ".join("".join(rng.choice("bdfgklmnprst") + rng.choice("aeiou") for _ in range(3)) for _ in range(7))


def angry(seed: str) -> str:
    return f"shame {words(seed)}"


def thankful(seed: str) -> str:
    """Return what is said when the trouble ends; one in twenty is angry still."""
    return angry(seed) if seed.endswith(("07", "27", "47", "67")) else f"thanks {words(seed)}"


def said(
    name: str, count: int, minutes: float, text: Callable[[str], str], *, in_thread: bool, seconds: float = 20
) -> list[Mention]:
    """Return mentions by as many people, one every few seconds from so many minutes after noon on."""
    thread = POST[1] if in_thread else None

    def one(n: int, posted_at: datetime) -> Mention:
        return make_mention(
            f"{name}-{n}",
            author=f"{name}-author-{n}",
            text=text(f"{name}-{n:02}"),
            posted_at=posted_at,
            seen_at=posted_at,
            parent_id=thread,
            root_id=thread,
        )

    return [one(n, at(minutes + n * seconds / 60)) for n in range(count)]


def everyday(*, hours: int = 12) -> list[Mention]:
    """Return what is said in the two days before the storm, and so many hours after it began."""
    after = said("visitor", 4 * hours, 0, words, in_thread=False, seconds=900)
    return [*make_calm(2), *after]


def storm(*, in_thread: bool) -> list[Mention]:
    return make_storm(60) if in_thread else said("first", 80, 0, angry, in_thread=False)


def moments(happened: Sequence[Transition]) -> list[str]:
    return [each.moment.value for each in happened if each.moment is not Moment.UPDATED]


def incidents(happened: Sequence[Transition]) -> set[int | None]:
    return {each.incident.id for each in happened}


@pytest.mark.parametrize(("hours", "in_thread"), [(4, True), (4, False), (20, True)])
def test_a_second_wave_within_a_day_is_the_same_incident_paged_anew_and_named(hours: int, *, in_thread: bool) -> None:
    second = said("second", 80, hours * HOUR, angry, in_thread=in_thread)
    happened, played = replayed([*everyday(hours=hours + 4), *storm(in_thread=in_thread), *second])
    assert incidents(happened) == {1}
    assert moments(happened) == [*LIFE, "reopened", *LIFE[1:]]
    assert played.pages == 2
    (again,) = [each for each in happened if each.moment is Moment.REOPENED]
    assert again.why is not None
    assert again.why.startswith("a new storm ")
    assert again.why.endswith(" after the end")
    later = happened[happened.index(again) :]
    assert all(each.incident.headline.startswith("Second wave: acme: ") for each in later)
    assert later[-1].incident.reopened_count == 1


def test_a_storm_on_the_same_post_a_day_later_is_another_incident() -> None:
    second = said("second", 80, 29 * HOUR, angry, in_thread=True)
    happened, _ = replayed([*everyday(hours=32), *storm(in_thread=True), *second])
    assert incidents(happened) == {1, 2}
    assert moments(happened) == [*LIFE, *LIFE]
    assert not any("wave" in each.incident.headline for each in happened)


@pytest.mark.parametrize("minutes", [90, 240])
@pytest.mark.parametrize("in_thread", [True, False])
@pytest.mark.parametrize("begun_in_thread", [True, False])
def test_thanks_after_a_storm_page_nobody_and_open_nothing(
    minutes: int, *, in_thread: bool, begun_in_thread: bool
) -> None:
    thanks = said("thanks", 80, minutes, thankful, in_thread=in_thread, seconds=15)
    happened, played = replayed([*everyday(), *storm(in_thread=begun_in_thread), *thanks])
    assert moments(happened) == LIFE
    assert (incidents(happened), played.pages) == ({1}, 1)


def test_anger_of_the_same_size_while_it_cools_does_page() -> None:
    """The twin of the test above: what keeps thanks quiet keeps nothing else quiet."""
    second = said("second", 80, 90, angry, in_thread=True, seconds=15)
    happened, played = replayed([*everyday(), *storm(in_thread=True), *second])
    assert moments(happened) == ["opened", "cooling", "reopened", "cooling", "resolved"]
    assert played.pages == 2
    assert happened[-1].incident.headline.startswith("Second wave: ")


@pytest.mark.parametrize("minutes", [200, 500])
def test_the_last_few_under_a_stormed_post_are_no_second_wave(minutes: int) -> None:
    trickle = said("trickle", 30, 20, angry, in_thread=True, seconds=20 * 60)
    few = said("few", 5, minutes, angry, in_thread=True, seconds=60)
    happened, played = replayed([*everyday(), *make_storm(200), *trickle, *few])
    assert (moments(happened), played.pages) == (LIFE, 1)


def test_old_mentions_that_arrive_after_the_end_do_not_reopen() -> None:
    late = [
        make_mention(
            f"late-{n}",
            author=f"late-author-{n}",
            text=angry(f"late-{n}"),
            posted_at=at(10 + n / 10),
            seen_at=at(4 * HOUR),
        )
        for n in range(100)
    ]
    happened, _ = replayed([*everyday(), *make_storm(60), *late])
    assert (moments(happened), incidents(happened)) == (LIFE, {1})


def test_deleted_own_post_keeps_the_incident_open_and_one() -> None:
    gone = Deletion(platform=POST[0], id=POST[1], brand="acme", seen_at=at(8))
    replies = said("later", 150, 8, angry, in_thread=True)
    happened, _ = replayed([*everyday(), *make_storm(40), gone, *replies])
    assert incidents(happened) == {1}
    at_the_deletion = [each for each in happened if each.at <= at(50)]
    assert {each.incident.state for each in at_the_deletion} == {State.OPEN}
    assert at_the_deletion[-1].incident.level is Level.PAGE
    assert moments(happened) == LIFE
    (end,) = [each for each in happened if each.moment is Moment.RESOLVED]
    assert end.at > at(150)
