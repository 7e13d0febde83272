import pytest

from stormcone.models import Batch, Check, Deletion, Mention
from stormcone.store import Looked, Store
from tests.fakes import AT, at, make_mention, make_own_post, make_scored
from tests.sums import assert_sums_equal_rows

HOUR = 60.0


def save(store: Store, *mentions: Mention, **beside: object) -> None:
    store.mentions.save([make_scored(each) for each in mentions], Batch(**beside))  # type: ignore[arg-type]  # kinds of rows


def look(store: Store, minutes: float, *, missing: object = (), there: object = (), brand: str = "acme") -> Looked:
    """Look posts up, by their ids."""
    checks = [
        Check(platform="x", id=str(each), brand=brand, seen_at=at(minutes), is_there=is_there)
        for ids, is_there in ((missing, False), (there, True))
        for each in ids  # type: ignore[attr-defined]  # any collection
    ]
    return store.mentions.save([], Batch(checks=tuple(checks))).looked


def gone(store: Store) -> list[tuple[str, str]]:
    return [(each.id, each.brand) for each in store.exports.mention_file() if isinstance(each, Deletion)]


def words(store: Store, identifier: str = "1") -> tuple[str, str | None, str | None]:
    found = store.reads.mention_named("x", identifier, "acme")
    assert found is not None
    return found.mention.text, found.mention.author, found.mention.url


def test_the_second_miss_in_a_row_is_a_deletion(store: Store) -> None:
    save(store, make_mention(url="https://social.test/1"))
    assert look(store, 1, missing="1") == Looked(checked=1, missing=1)
    assert (gone(store), words(store)[1]) == ([], "stranger")
    assert look(store, 2, missing="1") == Looked(checked=1, missing=1, deleted=1)
    assert gone(store) == [("1", "acme")]
    assert words(store) == ("", None, None)
    assert look(store, 3, missing="1").deleted == 0
    assert gone(store) == [("1", "acme")]


def test_the_time_of_a_deletion_is_that_of_the_second_miss(store: Store) -> None:
    save(store, make_mention())
    for minutes in (1, 2):
        look(store, minutes, missing="1")
    (deletion,) = [each for each in store.exports.mention_file() if isinstance(each, Deletion)]
    assert deletion.seen_at == at(2)


def test_a_post_that_is_found_again_starts_anew(store: Store) -> None:
    save(store, make_mention())
    look(store, 1, missing="1")
    look(store, 2, there="1")
    look(store, 3, missing="1")
    assert gone(store) == []
    look(store, 4, missing="1")
    assert gone(store) == [("1", "acme")]


def test_the_same_answer_twice_is_one_miss(store: Store) -> None:
    save(store, make_mention())
    for _ in range(3):
        look(store, 1, missing="1")
    look(store, 0, missing="1")
    assert gone(store) == []


def test_a_post_found_and_missed_in_one_batch_is_there(store: Store) -> None:
    save(store, make_mention())
    for minutes in (1, 2):
        assert look(store, minutes, missing="1", there="1") == Looked(checked=1)
    assert gone(store) == []


def test_an_outage_of_the_platform_deletes_nothing(store: Store) -> None:
    many = [make_mention(str(n), author=f"a{n}") for n in range(20)]
    save(store, *many)
    ids = [each.id for each in many]
    for minutes in range(5):
        told = look(store, minutes + 1, missing=ids[:5], there=ids[5:])
        assert told == Looked(checked=20, missing=5, is_doubted=True)
    look(store, 6, there=ids)
    assert gone(store) == []
    for minutes in (7, 8):  # a doubt that is over does not count against later misses
        look(store, minutes, missing=ids[:1])
    assert gone(store) == [("0", "acme")]


def test_what_stays_missing_after_a_doubt_is_deleted_at_the_sixth_miss(store: Store) -> None:
    many = [make_mention(str(n), author=f"a{n}") for n in range(10)]
    save(store, *many)
    assert look(store, 1, missing="012", there="3456789").is_doubted
    for minutes in range(2, 6):
        assert look(store, minutes, missing="012").deleted == 0
    assert look(store, 6, missing="012").deleted == 3


@pytest.mark.parametrize(("missing", "there"), [("01", "23456789"), ("012345678", "")], ids=["a fifth", "few checks"])
def test_a_fifth_of_many_or_most_of_few_is_believed(store: Store, missing: str, there: str) -> None:
    save(store, *(make_mention(n, author=f"a{n}") for n in "0123456789"))
    for minutes in (1, 2):
        assert not look(store, minutes, missing=missing, there=there).is_doubted
    assert len(gone(store)) == len(missing)


def test_a_certain_deletion_acts_at_once_and_for_every_brand(store: Store) -> None:
    save(store, make_mention(), make_mention(brand="bolt"))
    save(store, deletions=(Deletion(platform="x", id="1", brand="acme", seen_at=at(1)),))
    assert sorted(gone(store)) == [("1", "acme"), ("1", "bolt")]
    assert {each.mention.text for each in store.reads.mentions_since(at(-1))} == {""}


def test_a_deletion_that_comes_with_its_post_erases_it(store: Store) -> None:
    save(store, make_mention(), deletions=(Deletion(platform="x", id="1", brand="acme", seen_at=AT),))
    assert words(store) == ("", None, None)


def test_posts_nobody_stored_are_not_missed(store: Store) -> None:
    for minutes in (1, 2, 3):
        assert look(store, minutes, missing=["unknown"]).deleted == 0
    assert gone(store) == []


def test_deletions_of_a_whole_platform_are_remembered_of_stored_posts_alone(store: Store) -> None:
    save(store, make_mention())
    everybody = tuple(
        Deletion(platform="x", id=str(number), brand="acme", seen_at=at(1), is_of_anybody=True) for number in range(50)
    )
    save(store, deletions=everybody)
    assert gone(store) == [("1", "acme")]


def test_words_that_arrive_after_their_deletion_are_never_kept(store: Store) -> None:
    deletion = Deletion(platform="x", id="1", brand="acme", seen_at=at(1))
    save(store, deletions=(deletion,))
    late = make_scored(make_mention(url="https://social.test/1"))
    (saved,) = store.mentions.save([late], Batch()).mentions
    assert (saved.mention.text, saved.mention.author) == ("", None)
    assert words(store) == ("", None, None)
    assert gone(store) == [("1", "acme")]
    assert_sums_equal_rows(store)


def test_a_deleted_post_that_turns_out_to_name_another_brand_is_gone_for_it_too(store: Store) -> None:
    save(store, make_mention())
    save(store, deletions=(Deletion(platform="x", id="1", brand="acme", seen_at=at(1)),))
    save(store, make_mention(brand="bolt"), make_mention("2", brand="bolt"))
    assert sorted(gone(store)) == [("1", "acme"), ("1", "bolt")]
    texts = {(m.brand, m.id): m.text for m in (each.mention for each in store.reads.mentions_since(at(-1)))}
    assert texts["bolt", "1"] == ""
    assert texts["bolt", "2"] != ""


def test_an_own_post_that_arrives_after_its_deletion_keeps_its_words_and_is_known_as_deleted(store: Store) -> None:
    save(store, deletions=(Deletion(platform="x", id="post-1", brand="acme", seen_at=at(1)),))
    save(store, make_own_post(text="our bold claim"))
    (post,) = store.reads.own_posts("acme", since=AT)
    assert (post.is_deleted, post.mention.text) == (True, "our bold claim")


def test_a_deleted_mention_stays_counted(store: Store) -> None:
    save(store, make_own_post(), make_mention(), make_mention("2", author="other"))
    before = store.reads.brand_minutes("acme", since=AT, until=at(1))
    save(store, deletions=(Deletion(platform="x", id="1", brand="acme", seen_at=at(1)),))
    assert store.reads.brand_minutes("acme", since=AT, until=at(1)) == before
    assert_sums_equal_rows(store)
    assert [each.mention.id for each in store.reads.loudest("acme", since=AT, until=at(1))] == ["2"]


def test_the_brands_own_deleted_post_keeps_its_text_and_is_not_exported_with_it(store: Store) -> None:
    save(store, make_own_post(text="our bold claim", url="https://social.test/own"))
    for minutes in (1, 2):
        look(store, minutes, missing=["post-1"])
    assert words(store, "post-1") == ("our bold claim", "acme", "https://social.test/own")
    (post,) = store.reads.own_posts("acme", since=AT)
    assert (post.is_deleted, post.mention.text) == (True, "our bold claim")
    (row,) = [each for each in store.exports.mention_file() if isinstance(each, Mention)]
    assert (row.text, row.author, row.url, row.is_own_post) == ("", None, None, True)


def test_what_was_deleted_is_not_stored_again(store: Store) -> None:
    save(store, make_mention())
    save(store, deletions=(Deletion(platform="x", id="1", brand="acme", seen_at=at(1)),))
    save(store, make_mention())
    assert words(store) == ("", None, None)
