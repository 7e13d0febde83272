"""Evidence under seal: written with the change that needs it, chained, never changed; only strangers' words may go."""

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from stormcone.errors import StoreError, UsageError
from stormcone.models import Batch, Decision, DecisionRecord, Engagement, Moment
from stormcone.models.sealed import ItemSort, SealedRecord, SealedWhy
from stormcone.sealing import flaws
from stormcone.store import Forgotten, Store
from tests.fakes import AT, POST, at, make_incident, make_mention, make_own_post, make_scored, make_transition

REPLIES = {"1": "you broke it", "2": "never again", "3": "shame"}


@pytest.fixture
def opened(store: Store) -> int:
    """A storm on an own post, opened with its evidence under seal."""
    said = [
        make_own_post(text="our new product", posted_at=at(-9)),
        *(
            make_mention(number, text=words, author=f"ann{number}", posted_at=at(-5))
            for number, words in REPLIES.items()
        ),
    ]
    seen = Engagement(platform=POST[0], post_id=POST[1], brand="acme", seen_at=at(-1), likes=4, replies=3)
    store.mentions.save([make_scored(mention=each) for each in said], Batch(engagements=(seen,)))
    change = make_transition(replace(make_incident(), id=None), Moment.OPENED)
    stored = store.incidents.apply(change, notices_for=lambda _: (), seals=SealedWhy.OPENED)
    return stored.incident.id or 0


def contents(record: SealedRecord, sort: ItemSort) -> list[Any]:
    return [each.content and json.loads(each.content) for each in record.items if each.sort is sort]


def test_opening_seals_post_replies_and_counts(store: Store, opened: int) -> None:
    (record,) = store.seals.records(opened)
    assert (record.number, record.why, record.previous) == (1, SealedWhy.OPENED, None)
    assert [each["text"] for each in contents(record, ItemSort.OWN_POST)] == ["our new product"]
    assert {each["text"] for each in contents(record, ItemSort.REPLY)} == set(REPLIES.values())
    (counts,) = contents(record, ItemSort.COUNTS)
    assert counts["engagement"][0]["likes"] == 4
    assert counts["replies"] >= 3
    (about,) = contents(record, ItemSort.INCIDENT)
    assert about["brand"] == "acme"
    assert list(flaws([record])) == []


def test_records_follow_each_other_in_a_chain(store: Store, opened: int) -> None:
    second = store.seals.seal(opened, at=at(5), why=SealedWhy.REMOVAL_ADVISED)
    first, read = store.seals.records(opened)
    assert read == second
    assert second.previous == first.sha256
    assert list(flaws([first, second])) == []
    assert list(flaws([second])) != []
    assert list(flaws([first, replace(second, why=SealedWhy.ASKED)])) != []


def test_a_decision_to_delete_seals_with_it(store: Store, opened: int) -> None:
    record = DecisionRecord(at=at(3), incident_id=opened, decision=Decision.DELETE, by="Ann", why="it hurts")
    change = make_transition(store.incidents.get(opened), Moment.DECIDED)
    store.incidents.apply(change, notices_for=lambda _: (), record=record, seals=SealedWhy.REMOVAL_DECIDED)
    assert [each.why for each in store.seals.records(opened)] == [SealedWhy.OPENED, SealedWhy.REMOVAL_DECIDED]


def test_no_such_incident_is_said(store: Store) -> None:
    with pytest.raises(UsageError, match="incident 77"):
        store.seals.seal(77, at=AT, why=SealedWhy.ASKED)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE sealed_record SET at = 0",
        "DELETE FROM sealed_record",
        "UPDATE sealed_item SET sha256 = 'x'",
        "UPDATE sealed_item SET position = 99",
        "DELETE FROM sealed_item",
    ],
)
def test_what_is_sealed_cannot_be_changed_or_deleted(store: Store, opened: int, statement: str) -> None:
    before = store.seals.records(opened)
    with pytest.raises((DatabaseError, StoreError), match="append-only"), store.database.write() as connection:
        connection.execute(text(statement))
    assert store.seals.records(opened) == before


def test_a_stranger_who_wants_to_be_forgotten_loses_words_and_keeps_the_hash(store: Store, opened: int) -> None:
    before = store.seals.records(opened)[0]
    store.forgetting.forget(Forgotten.AUTHOR, "ann2", platform="x", at=at(60), why="asked")
    (after,) = store.seals.records(opened)
    gone = [new for old, new in zip(before.items, after.items, strict=True) if old.content != new.content]
    assert [(each.sort, each.content, each.erased_at) for each in gone] == [(ItemSort.REPLY, None, at(60))]
    assert [each.sha256 for each in after.items] == [each.sha256 for each in before.items]
    assert list(flaws([after])) == []
    with store.database.read() as connection:
        kept = connection.execute(text("SELECT author FROM sealed_item WHERE content IS NULL")).scalars().all()
    assert kept == [None]


def test_words_go_when_their_time_is_over_and_own_posts_stay(store: Store, opened: int) -> None:
    store.retention.erase_evidence(before=at(1), limit=1000)
    (record,) = store.seals.records(opened)
    assert contents(record, ItemSort.REPLY) == [None] * 3
    assert contents(record, ItemSort.OWN_POST)[0]["text"] == "our new product"
    assert list(flaws([record])) == []


def test_equal_words_have_different_hashes(store: Store, opened: int) -> None:
    store.seals.seal(opened, at=at(1), why=SealedWhy.ASKED)
    hashes = [each.sha256 for record in store.seals.records(opened) for each in record.items]
    assert len(set(hashes)) == len(hashes)
