"""Who carried it: the first large account, the largest ones, and nobody small."""

from analysis.carriers import carriers
from stormcone.models import ScoredMention
from tests.fakes import at, make_mention, make_own_post, make_scored


def said(identifier: str, minutes: float, followers: int | None, author: str | None = None) -> ScoredMention:
    mention = make_mention(
        identifier, posted_at=at(minutes), author=author or f"author {identifier}", author_followers=followers
    )
    return make_scored(mention)


def test_first_amplifier_is_the_first_large_account_not_the_largest() -> None:
    told = carriers([said("3", 9, 900_000), said("1", 1, 40), said("2", 5, 12_000)])
    assert told.first_amplifier is not None
    assert (told.first_amplifier.author, told.first_amplifier.mention_id) == ("author 2", "2")
    assert [each.author for each in told.top_reach] == ["author 3", "author 2"]
    assert "10,000" in told.rule


def test_small_accounts_are_never_named() -> None:
    told = carriers([said("1", 1, 40), said("2", 5, 9_999)])
    assert (told.first_amplifier, told.top_reach, told.known_share) == (None, (), 1.0)


def test_unknown_reach_is_told_as_unknown() -> None:
    told = carriers([said("1", 1, None), said("2", 2, None), said("3", 3, 50), said("4", 4, 20_000)])
    assert told.known_share == 0.5
    assert carriers([]).known_share == 0.0


def test_an_account_is_named_once_by_its_first_mention_with_the_most_followers_seen() -> None:
    told = carriers([said("2", 8, 30_000, "big"), said("1", 2, 20_000, "big"), said("3", 9, 31_000, "big")])
    (only,) = told.top_reach
    assert (only.mention_id, only.followers, only.posted_at) == ("1", 31_000, at(2))


def test_friends_and_own_posts_carry_nothing_and_copies_do() -> None:
    friend = make_scored(make_mention("1", author="friend", author_followers=10**6), hostility=0.125)
    own = make_scored(make_own_post(author_followers=10**6))
    copy = make_scored(make_mention("2", author="loud", author_followers=50_000), is_copy=True)
    told = carriers([friend, own, copy])
    assert [(each.author, each.is_copy) for each in told.top_reach] == [("loud", True)]


def test_what_is_large_can_be_set_and_most_bounds() -> None:
    mentions = [said(str(number), number, 100 * number) for number in range(1, 9)]
    told = carriers(mentions, large_followers=300, most=2)
    assert told.first_amplifier is not None
    assert told.first_amplifier.followers == 300
    assert [each.followers for each in told.top_reach] == [800, 700]
