from stormcone.models import Level, StepReading, Trust
from stormcone.store import Store, StreamStep
from tests.fakes import at, make_verdict


def step(voices: float, usual: float | None = 3.5) -> StepReading:
    return StepReading(minutes=5, voices=voices, against=voices / 2, usual_voices=usual, spread_voices=usual)


def test_the_newest_verdict_takes_the_place_of_the_one_before(store: Store) -> None:
    assert store.readings.newest("acme") is None
    store.readings.save([(make_verdict(brand="acme"), "a1"), (make_verdict(brand="other"), "o1")])
    store.readings.save([(make_verdict(minutes=5, brand="acme"), "a2")])
    assert (store.readings.newest("acme"), store.readings.newest("other")) == ("a2", "o1")


def test_steps_are_remembered_in_order_with_what_was_expected(store: Store) -> None:
    warming = make_verdict(Level.CALM, 5, step=step(1, None), trust=Trust.WARMING_UP)
    settled = make_verdict(Level.PAGE, 0, step=step(8))
    store.readings.save([(warming, "")])
    store.readings.save([(settled, "")])
    expected = (
        StreamStep(
            brand="acme",
            at=at(0),
            voices=8.0,
            usual_voices=3.5,
            spread_voices=3.5,
            against=4.0,
            level=Level.PAGE,
            trust=Trust.SETTLED,
        ),
        StreamStep(
            brand="acme",
            at=at(5),
            voices=1.0,
            usual_voices=None,
            spread_voices=None,
            against=0.5,
            level=Level.CALM,
            trust=Trust.WARMING_UP,
        ),
    )
    assert store.readings.steps("acme", since=at(0), until=at(5)) == expected
    assert store.readings.steps("acme", since=at(1), until=at(5)) == expected[1:]
    assert store.readings.steps("acme", since=at(0), until=at(4)) == expected[:1]
    assert store.readings.steps("other", since=at(0), until=at(5)) == ()


def test_a_step_is_remembered_as_it_was_first_seen(store: Store) -> None:
    store.readings.save([(make_verdict(step=step(8)), "first")])
    store.readings.save([(make_verdict(step=step(9)), "second")])
    (found,) = store.readings.steps("acme", since=at(0), until=at(0))
    assert found.voices == 8.0
    assert store.readings.newest("acme") == "second"


def test_saving_nothing_is_fine(store: Store) -> None:
    store.readings.save([])
    assert store.readings.newest("acme") is None
