from datetime import timedelta

from stormcone.models import Batch, Deletion, Engagement, Gap, Volume
from stormcone.store import Store
from stormcone.store.collecting_tables import deletion, engagement, gap, own_like, platform_minute
from stormcone.store.tables import brand_minute, mention, post_minute
from tests.fakes import AT, at, make_incident, make_mention, make_own_post, make_scored, make_transition
from tests.stormcone.store.remembered import TEXTS, assert_still_readable, everything_kept, remember
from tests.sums import assert_sums_equal_rows

DAY = 1_440.0


def authors(store: Store) -> dict[str, str | None]:
    return {each.mention.id: each.mention.author for each in store.reads.mentions_since(at(-99_999))}


def count(store: Store, table: object) -> int:
    with store.database.read() as connection:
        return len(connection.execute(table.select()).all())  # type: ignore[attr-defined]  # a table


def test_old_words_go_and_authors_stay_apart(store: Store) -> None:
    remember(store, quoted="")
    store.mentions.save(
        [make_scored(make_mention("new", author="Ann.Loud", posted_at=at(-99), seen_at=at(60)))], Batch()
    )
    assert store.retention.erase_words(before=at(30), at=at(DAY), limit=99) == 3
    found = authors(store)
    assert found["new"] == "Ann.Loud"
    assert found["post-1"] == "acme"
    pseudonyms = [found["1"], found["2"], found["3"]]
    assert all(each is not None and each.startswith("~") and "nn" not in each for each in pseudonyms)
    assert pseudonyms[0] == pseudonyms[2] != pseudonyms[1]  # one author, whatever the case of the name
    by_id = {each.mention.id: each.mention for each in store.reads.mentions_since(AT)}
    assert (by_id["1"].text, by_id["1"].url, by_id["1"].author_created_at) == ("", None, None)
    assert by_id["post-1"].text == "our new product"
    assert_sums_equal_rows(store)


def test_words_go_in_parts_oldest_first(store: Store) -> None:
    store.mentions.save([make_scored(make_mention(str(n), author=None, seen_at=at(n))) for n in range(5)], Batch())
    assert store.retention.erase_words(before=at(4), at=at(9), limit=3) == 3
    texts = {each.mention.id: each.mention.text for each in store.reads.mentions_since(AT)}
    assert [identifier for identifier, text in texts.items() if text] == ["3", "4"]
    assert store.retention.erase_words(before=at(4), at=at(9), limit=3) == 1
    assert store.retention.erase_words(before=at(4), at=at(9), limit=3) == 0
    assert authors(store)["0"] is None


def test_the_same_author_has_the_same_pseudonym_at_every_run(store: Store) -> None:
    store.mentions.save([make_scored(make_mention(str(n), author="ann", seen_at=at(n))) for n in range(2)], Batch())
    for _ in range(2):
        store.retention.erase_words(before=at(9), at=at(9), limit=1)
    assert len(set(authors(store).values())) == 1


def test_evidence_outlives_its_mention(store: Store) -> None:
    incident = remember(store)
    store.retention.erase_words(before=at(30), at=at(DAY), limit=99)
    kept = {each.mention_id: each.text for each in store.incidents.evidence(incident.id or 0)}
    assert kept["1"] == TEXTS["1"]
    assert store.retention.erase_evidence(before=at(30), limit=99) == 2
    left = everything_kept(store, incident)
    kept = {each.mention_id: each.text for each in store.incidents.evidence(incident.id or 0)}
    assert kept == {"1": "", "2": "", "post-1": "our new product"}
    assert TEXTS["1"] in left  # in what an account of the brand liked, which goes with the quotes
    assert "ann.loud" not in left.casefold()
    assert_still_readable(store, incident)
    assert store.retention.erase_evidence(before=at(30), limit=99) == 0


def test_quotes_in_messages_and_liked_texts_go_with_the_words(store: Store) -> None:
    incident = remember(store)
    store.retention.erase_words(before=at(30), at=at(DAY), limit=99)
    assert store.retention.erase_quotes(before=at(0.5), limit=99) == 1  # the like; the message is younger
    assert store.retention.erase_quotes(before=at(30), limit=99) == 1
    assert store.retention.erase_quotes(before=at(30), limit=99) == 0
    (notice,) = store.notices.of_incident(incident.id or 0)
    assert TEXTS["1"] not in notice.message_json
    assert_still_readable(store, incident)


def test_what_an_older_version_found_deleted_and_kept_is_erased(store: Store) -> None:
    incident = remember(store)
    with store.database.write() as connection:
        connection.execute(deletion.insert(), {"platform": "x", "id": "1", "brand": "acme", "seen_at": at(2)})
    assert store.retention.erase_deleted(at=at(9), limit=99) == 1
    assert TEXTS["1"] not in everything_kept(store, incident)
    assert store.retention.erase_deleted(at=at(9), limit=99) == 0


def test_old_sums_go_with_what_they_counted_and_own_posts_stay(store: Store) -> None:
    store.mentions.save(
        [make_scored(make_own_post(posted_at=at(-20 * DAY))), make_scored(make_mention("2", posted_at=at(-20 * DAY)))],
        Batch(
            engagements=(Engagement(platform="x", post_id="post-1", brand="acme", seen_at=at(-20 * DAY), likes=1),),
            volumes=(Volume(platform="x", brand="acme", minute=at(-20 * DAY), mentions=5),),
        ),
    )
    store.mentions.save(
        [make_scored(make_mention("3", posted_at=at(-9 * DAY))), make_scored(make_mention("4"))], Batch()
    )
    before = at(-DAY)
    assert store.retention.drop_sums("acme", before=before)  # a week at a time
    while store.retention.drop_sums("acme", before=before):
        pass
    assert sorted(authors(store)) == ["4", "post-1"]
    assert [count(store, each) for each in (brand_minute, post_minute, engagement, platform_minute)] == [1, 1, 0, 0]
    assert store.reads.brand_minutes("acme", since=at(-1), until=at(1))[0].mentions == 1


def test_no_brand_loses_the_sums_of_another(store: Store) -> None:
    store.mentions.save([make_scored(make_mention(brand="bolt", posted_at=at(-DAY)))], Batch())
    assert not store.retention.drop_sums("acme", before=AT)
    assert count(store, mention) == 1
    assert list(store.retention.brands_with_sums()) == ["bolt"]


def test_old_companions_go_but_deletions_of_own_posts(store: Store) -> None:
    remember(store)
    gone = tuple(Deletion(platform="x", id=each, brand="acme", seen_at=at(2)) for each in ("1", "post-1"))
    left = Gap(platform="x", brand=None, started_at=AT, ended_at=at(1))
    store.mentions.save([], Batch(deletions=gone, gaps=(left,)))
    assert store.retention.drop_rest(before=AT + timedelta(days=1)) == 3
    assert [count(store, each) for each in (deletion, own_like, gap)] == [1, 0, 0]


def test_used_links_go_once_none_of_them_can_be_followed_again(store: Store) -> None:
    for number, minutes in enumerate((0, 40 * DAY)):
        opened = make_transition(make_incident(post=("x", str(number))), at=at(minutes))
        store.incidents.apply(opened, notices_for=lambda _: (), link=f"link {number}")
    store.retention.drop_rest(before=at(29 * DAY))
    assert store.ack_links.is_used("link 0")
    assert store.retention.drop_rest(before=at(31 * DAY)) == 1
    assert not store.ack_links.is_used("link 0")
    assert store.ack_links.is_used("link 1")
