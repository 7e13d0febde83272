from datetime import timedelta

from stormcone.models import Batch, Gap, Level, StepReading
from stormcone.store import CursorMove, Store
from tests.fakes import AT, POST, at, make_mention, make_own_post, make_scored, make_verdict


def scored(identifier: str, minutes: float, **changes: object) -> object:
    return make_scored(make_mention(identifier, posted_at=at(minutes), seen_at=at(minutes), **changes))


def keep_mentions(store: Store, *mentions: object) -> None:
    store.mentions.save(list(mentions), Batch())  # type: ignore[arg-type]  # what `scored` returns


def step(store: Store, minutes: float, usual: float | None, spread: float | None) -> None:
    reading = StepReading(minutes=5, voices=1.0, against=0.0, usual_voices=usual, spread_voices=spread)
    store.readings.save([(make_verdict(Level.CALM, minutes, step=reading), "")])


def test_mentions_are_counted_by_bin_up_to_the_running_one(store: Store) -> None:
    keep_mentions(
        store,
        *(scored(f"a{n}", minutes) for n, minutes in enumerate((-15.1, -15, -11, -10, -4, -1, 0, 1))),
        scored("other", -4, brand="other"),
    )
    course = store.courses.course("acme", at=at(2), bin_minutes=5, bins=3)
    assert course.starts_at == at(-15)
    assert course.mentions == (2, 1, 2)
    assert course.ends_at == at(0)
    assert course.at == at(2)


def test_band_of_a_bin_is_what_the_detector_expected_of_it(store: Store) -> None:
    step(store, -10, None, None)
    step(store, -5, 6.0, 2.5)
    step(store, 0, 3.0, 2.0)
    course = store.courses.course("acme", at=at(1), bin_minutes=5, bins=4)
    assert course.low == (None, None, 1.0, 0.0)
    assert course.high == (None, None, 11.0, 7.0)


def test_bins_that_were_not_collected_are_named(store: Store) -> None:
    store.sources.register("x", poll_seconds=60, now=AT)
    _, version = store.sources.cursor("x")
    holes = (
        Gap(platform="x", brand=None, started_at=at(-14), ended_at=at(-10)),
        Gap(platform="x", brand="other", started_at=at(-5), ended_at=at(0)),
    )
    move = CursorMove(source="x", cursor="next", expected_version=version, polled_at=at(1))
    store.mentions.save([], Batch(gaps=holes), move=move)
    assert store.courses.course("acme", at=at(0), bin_minutes=5, bins=3).not_collected == (0,)


def test_own_post_is_marked_while_it_lies_in_the_picture(store: Store) -> None:
    keep_mentions(store, make_scored(make_own_post(posted_at=at(-20), seen_at=at(-20))))
    seen = [
        store.courses.course("acme", at=at(0), bin_minutes=5, bins=bins, post=post).post_at
        for bins, post in ((4, POST), (3, POST), (4, ("x", "other")), (4, None))
    ]
    assert seen == [at(-20), None, None, None]


def test_course_of_a_brand_nobody_mentions_is_all_zeros(store: Store) -> None:
    course = store.courses.course("nobody", at=at(0), bin_minutes=5)
    assert course.mentions == (0,) * 72
    assert course.ends_at - course.starts_at == timedelta(hours=6)
