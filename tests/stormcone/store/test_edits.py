from dataclasses import replace

from stormcone.models import Batch, Deletion, Edit
from stormcone.store import EditedMention, Store
from tests.fakes import AT, at, make_mention, make_own_post, make_scored
from tests.stormcone.store.remembered import TEXTS, remember
from tests.sums import assert_sums_equal_rows


def edit(text: str, minutes: float = 1, identifier: str = "1") -> Edit:
    return Edit(platform="x", id=identifier, brand="acme", edited_at=at(minutes), text=text)


def calmer(edited: EditedMention) -> EditedMention:
    """Return an edited mention scored as a friendly one."""
    friendly = make_scored(edited.scored.mention, hostility=0.0)
    return replace(edited, scored=friendly)


def apply(store: Store, *edits: Edit) -> int:
    changed = [calmer(each) for each in store.mentions.changed_by(edits)]
    return store.mentions.save([], Batch(edits=edits), edited=changed).edited


def text_of(store: Store, identifier: str = "1", brand: str = "acme") -> str:
    found = store.reads.mention_named("x", identifier, brand)
    assert found is not None
    return found.mention.text


def test_the_newest_text_replaces_the_first_and_the_sums_follow(store: Store) -> None:
    store.mentions.save([make_scored(), make_scored(make_mention("2", author="b"))], Batch())
    assert apply(store, edit("sorry, I was wrong", 2), edit("hm", 1)) == 1
    assert text_of(store) == "sorry, I was wrong"
    (minute,) = store.reads.brand_minutes("acme", since=AT, until=at(1))
    assert (minute.mentions, minute.hostile) == (2, 1)
    assert_sums_equal_rows(store)


def test_an_edit_that_changes_nothing_is_none(store: Store) -> None:
    store.mentions.save([make_scored()], Batch())
    assert store.mentions.changed_by([edit(make_mention().text)]) == ()
    assert store.mentions.changed_by([edit("of a stranger", identifier="unknown")]) == ()
    assert store.mentions.changed_by([]) == ()


def test_an_older_edit_that_comes_late_is_dropped(store: Store) -> None:
    store.mentions.save([make_scored()], Batch())
    apply(store, edit("third", 3))
    assert apply(store, edit("second", 2)) == 0
    assert apply(store, edit("fourth", 4)) == 1
    assert text_of(store) == "fourth"


def test_an_edit_is_one_of_every_brand_the_post_mentions(store: Store) -> None:
    store.mentions.save([make_scored(), make_scored(make_mention(brand="bolt"))], Batch())
    assert apply(store, edit("new words")) == 2
    assert text_of(store, brand="bolt") == "new words"
    assert_sums_equal_rows(store)


def test_what_was_erased_stays_erased(store: Store) -> None:
    store.mentions.save([make_scored()], Batch())
    changed = [calmer(each) for each in store.mentions.changed_by([edit("back again")])]
    store.mentions.save([], Batch(deletions=(Deletion(platform="x", id="1", brand="acme", seen_at=at(1)),)))
    assert store.mentions.save([], Batch(), edited=changed).edited == 0
    assert apply(store, edit("and again", 5)) == 0
    assert text_of(store) == ""
    assert_sums_equal_rows(store)


def test_an_own_post_may_be_edited_too(store: Store) -> None:
    store.mentions.save([make_scored(make_own_post())], Batch())
    assert apply(store, edit("what we meant", identifier="post-1")) == 1
    assert text_of(store, "post-1") == "what we meant"
    assert_sums_equal_rows(store)


def test_evidence_follows_a_stranger_and_keeps_what_the_brand_said(store: Store) -> None:
    incident = remember(store)
    apply(store, edit("I take it back"), edit("what we meant", identifier="post-1"))
    kept = {each.mention_id: each.text for each in store.incidents.evidence(incident.id or 0)}
    assert kept == {"1": "I take it back", "2": TEXTS["2"], "post-1": "our new product"}
