from dataclasses import replace
from datetime import timedelta

from stormcone.models import Batch, Outcome
from stormcone.models.heartbeats import CANARY, Heartbeat, Part, Pulse
from stormcone.store import Store
from stormcone.store.exports import Exported
from tests.fakes import AT, at, make_incident, make_mention, make_notice, make_scored, make_transition


def beat(minutes: float = 0, part: Part = Part.DETECTOR, **changes: object) -> Heartbeat:
    return replace(Heartbeat(part=part, at=at(minutes), every_seconds=5), **changes)


def test_newest_sign_of_each_part_is_kept(store: Store) -> None:
    assert store.heartbeats.newest() == {}
    for sign in (beat(), beat(part=Part.SENDER), beat(2, detail="well")):
        store.heartbeats.beat(sign)
    assert store.heartbeats.newest() == {
        Part.DETECTOR: beat(2, detail="well"),
        Part.SENDER: beat(part=Part.SENDER),
    }


def test_three_missed_signs_are_silence_but_a_busy_machine_is_forgiven() -> None:
    assert beat().pulse(at(0.5)) is Pulse.OK
    assert beat().pulse(at(0.51)) is Pulse.SILENT
    assert beat(every_seconds=60).pulse(at(3)) is Pulse.OK
    assert beat().pulse(at(-5)) is Pulse.OK
    assert beat().age_seconds(at(-5)) == 0.0


def test_only_a_notice_that_should_have_been_tried_waits(store: Store) -> None:
    waiting = [
        make_notice("ahead", next_try_at=at(60)),
        make_notice("held", held_until=at(60)),
        make_notice("due", created_at=at(1)),
        make_notice("retry", created_at=at(2), next_try_at=at(3)),
    ]
    store.incidents.apply(make_transition(make_incident()), notices_for=lambda _: waiting)
    assert store.heartbeats.oldest_due(at(0.5)) is None
    assert store.heartbeats.oldest_due(at(10)) == at(1)
    (first, *_) = store.notices.lease_due(now=at(10), owner="one", lease_seconds=40, limit=1)
    assert store.heartbeats.oldest_due(at(10)) == at(3)
    store.notices.record_delivery(
        first, outcome=Outcome.OK, started_at=at(10), finished_at=at(10), detail=None, next_try_at=None
    )
    assert store.heartbeats.oldest_due(at(10)) == at(3)
    assert store.heartbeats.oldest_due(at(59)) == at(3)


def test_canary_is_in_no_list_and_no_export_and_goes_without_touching_others(store: Store) -> None:
    sung = make_mention("c", brand=CANARY, platform=CANARY, parent_id=None, root_id=None)
    store.mentions.save([make_scored(sung), make_scored()], Batch())
    assert store.reads.brands() == ("acme",)
    assert [each.mention.brand for each in store.reads.mentions_since(AT - timedelta(days=1))] == ["acme"]
    assert [row["brand"] for row in store.exports.table(Exported.MINUTES)] == ["acme"]
    assert [getattr(each, "brand", None) for each in store.exports.mention_file()] == ["acme"]
    assert store.reads.mention_named(CANARY, "c", CANARY) is not None
    assert store.heartbeats.forget_canary() == 1
    assert store.heartbeats.forget_canary() == 0
    assert store.reads.mention_named(CANARY, "c", CANARY) is None
    assert store.reads.brand_minutes(CANARY, since=at(-5), until=at(5)) == ()
    assert sum(each.mentions for each in store.reads.brand_minutes("acme", since=at(-5), until=at(5))) == 1
