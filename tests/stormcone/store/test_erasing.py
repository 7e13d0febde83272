from stormcone.models import Batch, Deletion, Incident
from stormcone.store import Store
from tests.fakes import at
from tests.stormcone.store.remembered import TEXTS, assert_still_readable, everything_kept, remember
from tests.sums import assert_sums_equal_rows


def delete(store: Store, *ids: str, minutes: float = 2) -> None:
    deletions = tuple(Deletion(platform="x", id=each, brand="acme", seen_at=at(minutes)) for each in ids)
    store.mentions.save([], Batch(deletions=deletions))


def pieces(store: Store, incident: Incident) -> dict[str, tuple[str, str | None, str | None]]:
    return {each.mention_id: (each.text, each.author, each.url) for each in store.incidents.evidence(incident.id or 0)}


def test_a_deleted_text_is_gone_wherever_it_was_quoted(store: Store) -> None:
    incident = remember(store)
    assert TEXTS["1"] in everything_kept(store, incident)
    delete(store, "1")
    left = everything_kept(store, incident)
    assert TEXTS["1"] not in left
    assert "social.test/1" not in left
    assert_still_readable(store, incident)
    assert_sums_equal_rows(store)


def test_what_evidence_counted_stays(store: Store) -> None:
    incident = remember(store)
    delete(store, "1")
    kept = {each.mention_id: each for each in store.incidents.evidence(incident.id or 0)}
    assert (kept["1"].text, kept["1"].author, kept["1"].url) == ("", None, None)
    assert (kept["1"].p_against, kept["1"].cues, kept["1"].author_followers) == (0.75, ("contempt",), 9000)
    assert (kept["2"].text, kept["2"].author) == (TEXTS["2"], "bob")


def test_the_authors_name_goes_from_timeline_and_messages(store: Store) -> None:
    incident = remember(store)
    delete(store, "1", "3")
    left = everything_kept(store, incident)
    assert "ann.loud" not in left.casefold()
    assert "an account with 9,000 followers joined in" in left
    assert_still_readable(store, incident)


def test_a_name_goes_also_where_the_post_was_no_evidence(store: Store) -> None:
    incident = remember(store, quoted="2")
    delete(store, "1", "3")
    assert "ann.loud" not in everything_kept(store, incident).casefold()
    assert pieces(store, incident)["2"] == (TEXTS["2"], "bob", "https://social.test/2")


def test_messages_of_other_incidents_keep_their_quotes(store: Store) -> None:
    incident = remember(store, quoted="2")
    delete(store, "1")
    (notice,) = store.notices.of_incident(incident.id or 0)
    assert TEXTS["2"] in notice.message_json


def test_the_brands_own_post_stays_as_evidence(store: Store) -> None:
    incident = remember(store)
    delete(store, "post-1")
    assert pieces(store, incident)["post-1"][:2] == ("our new product", "acme")
    assert TEXTS["1"] in everything_kept(store, incident)


def test_evidence_of_a_post_erased_before_is_captured_without_words(store: Store) -> None:
    incident = remember(store)
    delete(store, "1")
    assert store.reads.loudest("acme", since=at(-1), until=at(9)) != ()
    assert "1" not in {
        each.mention.id for each in store.reads.newest_against("acme", since=at(-1), until=at(9), limit=9)
    }
    assert everything_kept(store, incident)


def test_lines_that_are_none_of_ours_are_left_alone(store: Store) -> None:
    incident = remember(store)
    with store.database.write() as connection:
        connection.exec_driver_sql("UPDATE notice SET message_json = 'no JSON'")
        connection.exec_driver_sql("UPDATE incident_event SET verdict_json = '[]'")
    delete(store, "1")
    (notice,) = store.notices.of_incident(incident.id or 0)
    assert notice.message_json == "no JSON"
