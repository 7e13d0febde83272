import pytest

from stormcone.errors import UsageError
from stormcone.models import Batch, Decision, DecisionRecord
from stormcone.store import Erased, Forgotten, Store
from tests.fakes import at, make_mention, make_scored, make_transition
from tests.stormcone.store.remembered import TEXTS, assert_still_readable, everything_kept, remember
from tests.sums import assert_sums_equal_rows

WHY = "asked by mail"


def forget(store: Store, kind: Forgotten, name: str, **options: object) -> Erased:
    return store.forgetting.forget(kind, name, at=at(60), why=WHY, **options)  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize("name", ["Ann.Loud", "@ann.loud", "ANN.LOUD"])
def test_an_author_is_forgotten_everywhere_and_still_counted(store: Store, name: str) -> None:
    incident = remember(store)
    before = store.reads.brand_minutes("acme", since=at(-1), until=at(1))
    erased = forget(store, Forgotten.AUTHOR, name)
    assert (erased.mentions, erased.evidence, erased.likes) == (2, 1, 1)
    left = everything_kept(store, incident)
    assert "ann.loud" not in left.casefold()
    assert TEXTS["1"] not in left
    assert TEXTS["3"] not in left
    assert store.reads.brand_minutes("acme", since=at(-1), until=at(1)) == before
    assert_still_readable(store, incident)
    assert_sums_equal_rows(store)


def test_what_the_team_wrote_loses_the_name_too(store: Store) -> None:
    incident = remember(store)
    record = DecisionRecord(
        at=at(2), incident_id=0, decision=Decision.HOLD, by="eve", why="@Ann.Loud is right, bob is not"
    )
    transition = make_transition(incident, why="because Ann.Loud said so")
    store.incidents.apply(transition, notices_for=lambda _: (), record=record)
    forget(store, Forgotten.AUTHOR, "ann.loud")
    assert "ann.loud" not in everything_kept(store, incident).casefold()
    (decision,) = store.incidents.decisions(incident.id)
    assert decision.why == "an account is right, bob is not"


def test_an_author_is_found_behind_the_pseudonym(store: Store) -> None:
    incident = remember(store)
    store.retention.erase_words(before=at(30), at=at(40), limit=99)
    store.retention.erase_evidence(before=at(0.5), limit=99)
    erased = forget(store, Forgotten.AUTHOR, "ann.loud")
    assert erased.mentions == 2
    assert "ann.loud" not in everything_kept(store, incident).casefold()
    authors = {each.mention.id: each.mention.author for each in store.reads.mentions_since(at(-1))}
    assert (authors["1"], authors["3"]) == (None, None)
    assert (authors["2"] or "").startswith("~")


def test_one_post_is_forgotten_and_the_authors_others_stay(store: Store) -> None:
    incident = remember(store)
    assert forget(store, Forgotten.POST, "1").mentions == 1
    left = everything_kept(store, incident)
    assert TEXTS["1"] not in left
    assert TEXTS["3"] in left


def test_only_the_named_platform_forgets(store: Store) -> None:
    store.mentions.save([make_scored(make_mention(author="ann", platform=each)) for each in ("x", "y")], Batch())
    assert forget(store, Forgotten.AUTHOR, "ann", platform="y").mentions == 1
    assert forget(store, Forgotten.POST, "1", platform="z") == Erased()
    found = store.reads.mention_named("x", "1", "acme")
    assert found is not None
    assert found.mention.author == "ann"


def test_a_dry_run_counts_and_changes_nothing(store: Store) -> None:
    incident = remember(store)
    before = everything_kept(store, incident)
    dry = forget(store, Forgotten.AUTHOR, "ann.loud", is_dry_run=True)
    assert everything_kept(store, incident) == before
    assert (store.forgetting.records(), store.mentions.history_revision()) == ((), 0)
    assert forget(store, Forgotten.AUTHOR, "ann.loud") == dry


def test_it_is_on_record_without_the_name_and_watchers_are_told(store: Store) -> None:
    remember(store)
    erased = forget(store, Forgotten.AUTHOR, "ann.loud")
    forget(store, Forgotten.POST, "2", platform="x")
    first, second = store.forgetting.records()
    assert (first.at, first.kind, first.platform, first.why) == (at(60), Forgotten.AUTHOR, None, WHY)
    assert first.rows == erased.rows
    assert (second.kind, second.platform) == (Forgotten.POST, "x")
    assert "ann" not in first.name_hash
    assert first.name_hash != second.name_hash
    assert store.mentions.history_revision() == 2


def test_where_nothing_is_stored_nothing_is_recorded(store: Store) -> None:
    remember(store)
    assert forget(store, Forgotten.AUTHOR, "nobody") == Erased()
    assert forget(store, Forgotten.POST, "none") == Erased()
    assert (store.forgetting.records(), store.mentions.history_revision()) == ((), 0)


@pytest.mark.parametrize(("kind", "name"), [(Forgotten.AUTHOR, "@Acme"), (Forgotten.POST, "post-1")])
def test_what_a_brand_published_is_refused(store: Store, kind: Forgotten, name: str) -> None:
    incident = remember(store)
    before = everything_kept(store, incident)
    with pytest.raises(UsageError, match="its own record"):
        forget(store, kind, name)
    assert everything_kept(store, incident) == before


def test_a_forgotten_post_is_not_stored_again(store: Store) -> None:
    remember(store)
    forget(store, Forgotten.POST, "1")
    store.mentions.save([make_scored(make_mention("1", text=TEXTS["1"]))], Batch())
    found = store.reads.mention_named("x", "1", "acme")
    assert found is not None
    assert found.mention.text == ""


def test_a_name_of_odd_letters_is_found(store: Store) -> None:
    store.mentions.save([make_scored(make_mention(author="Jörg (.*) [x]"))], Batch())
    assert forget(store, Forgotten.AUTHOR, "Jörg (.*) [x]").mentions == 1
