from stormcone.models import Batch, Deletion, Engagement, Mention
from stormcone.store import Store
from tests.fakes import at, make_mention, make_own_post, make_scored


def look(minutes: float, likes: int | None, post: str = "post-1") -> Engagement:
    return Engagement(platform="x", post_id=post, brand="acme", seen_at=at(minutes), likes=likes)


def test_of_the_looks_at_a_post_those_that_saw_a_change_are_exported(store: Store) -> None:
    looks = (look(0, 5), look(1, 5), look(2, 7), look(3, 7), look(4, 5), look(5, None), look(1, 5, "other"))
    store.mentions.save([make_scored(make_own_post())], Batch(engagements=looks))
    exported = [each for each in store.exports.mention_file() if isinstance(each, Engagement)]
    assert exported == [look(0, 5), look(1, 5, "other"), look(2, 7), look(4, 5), look(5, None)]
    assert len(store.reads.engagements_since(at(-1), brand="acme")) == 7


def test_a_deleted_post_is_one_row_without_words_and_one_that_says_so(store: Store) -> None:
    store.mentions.save([make_scored(), make_scored(make_mention("2", url="https://social.test/2"))], Batch())
    for minutes in (1, 2):
        gone = Deletion(platform="x", id="2", brand="acme", seen_at=at(minutes))
        store.mentions.save([], Batch(deletions=(gone,)))
    exported = list(store.exports.mention_file())
    mentions = {each.id: each for each in exported if isinstance(each, Mention)}
    assert (mentions["2"].text, mentions["2"].author, mentions["2"].url) == ("", None, None)
    assert mentions["1"].text
    assert [(each.id, each.seen_at) for each in exported if isinstance(each, Deletion)] == [("2", at(1))]
