"""What a storm draws in: platforms, press, competitors, executives and sensitive topics, measured from mentions."""

from typing import Any

import pytest

from analysis.crossing import _MOST_EXECUTIVE_POSTS, _MOST_NOTES, Crossing, Crossings
from stormcone.config import BrandSettings
from tests.fakes import POST, at, make_mention, make_own_post, make_scored

ACME = BrandSettings.model_validate(
    {
        "name": "acme",
        "accounts": [
            {"platform": "x", "handle": "acme"},
            {"platform": "x", "handle": "@TheBoss", "role": "executive"},
        ],
        "profile": {"sensitive_topics": ["animal testing", "layoff*"]},
    }
)
OTHER = BrandSettings.model_validate(
    {
        "name": "other",
        "accounts": [
            {"platform": "x", "handle": "@OtherBrand"},
            {"platform": "reddit", "handle": "other_ceo", "role": "executive"},
            {"platform": "x", "handle": "OtherHelp", "role": "support"},
        ],
    }
)


def make_crossings() -> Crossings:
    return Crossings(ACME, [OTHER], window_minutes=120)


def add(
    crossings: Crossings,
    identifier: str,
    minutes: float = 0.0,
    *,
    hostility: float = 0.75,
    is_copy: bool = False,
    **changes: Any,
) -> None:
    mention = make_mention(identifier, **({"posted_at": at(minutes), "author": f"author {identifier}"} | changes))
    crossings.add(make_scored(mention, hostility=hostility, is_copy=is_copy))


def free(crossings: Crossings, identifier: str, platform: str, minutes: float = 0.0, **changes: Any) -> None:
    """Add a mention that answers nothing."""
    add(crossings, identifier, minutes, platform=platform, parent_id=None, root_id=None, **changes)


def people(crossing: Crossing) -> dict[str, int]:
    return {crowd.platform: crowd.people for crowd in crossing.crowds}


def test_people_against_are_counted_once_on_each_platform() -> None:
    crossings = make_crossings()
    for number in range(3):
        add(crossings, f"x{number}")
        free(crossings, f"r{number}", "reddit", author="one and the same")
    free(crossings, "mild", "reddit", hostility=0.125)
    free(crossings, "copy", "mastodon", is_copy=True)
    assert people(crossings.measure(at(5))) == {"x": 3, "reddit": 1}


def test_a_thread_knows_what_happens_on_other_platforms() -> None:
    crossings = make_crossings()
    add(crossings, "1")
    free(crossings, "2", "x")
    free(crossings, "3", "reddit")
    around = crossings.measure(at(5), POST)
    assert (around.home, around.people) == ("x", 1)
    assert people(around) == {"x": 2, "reddit": 1}


def test_window_ends_before_the_instant_asked_about() -> None:
    crossings = make_crossings()
    for minutes in (-121, -120, -1, 0):
        free(crossings, f"at {minutes}", "reddit", minutes)
    assert crossings.measure(at(0)).people == 2


def test_usual_of_a_platform_is_what_came_before_the_window() -> None:
    crossings = make_crossings()
    for hour in range(1, 25):
        free(crossings, f"old {hour}", "reddit", -60 * hour - 30)
    add(crossings, "now", -5)
    free(crossings, "now too", "reddit", -5)
    crowds = {crowd.platform: crowd for crowd in crossings.measure(at(0)).crowds}
    assert crowds["reddit"].usual == pytest.approx(2.0, rel=0.1)
    assert crowds["x"].usual == 0.0


def test_usual_is_unknown_while_nobody_has_watched_long_enough() -> None:
    crossings = make_crossings()
    free(crossings, "1", "reddit", -60)
    assert [crowd.usual for crowd in crossings.measure(at(0)).crowds] == [None]


@pytest.mark.parametrize("platform", ["news", "News", " rss", "press"])
def test_press_is_outlets_whatever_they_say(platform: str) -> None:
    crossings = make_crossings()
    free(crossings, "1", platform, author="The Harbour Post", hostility=0.0)
    free(crossings, "2", platform, author="The Harbour Post", hostility=0.9)
    free(crossings, "3", platform, author="Evening Wire", is_copy=True)
    found = crossings.measure(at(5), POST)
    assert found.press is not None
    assert found.press.people == 2
    assert people(found) == {}


def test_forum_about_the_news_is_people() -> None:
    crossings = make_crossings()
    free(crossings, "1", "hackernews")
    found = crossings.measure(at(5))
    assert found.press is None
    assert people(found) == {"hackernews": 1}


def test_brand_that_is_in_the_news_every_hour_has_a_usual_of_its_own() -> None:
    crossings = make_crossings()
    for hour in range(24):
        free(crossings, f"old {hour}", "news", -60 * hour - 30, hostility=0.0)
    found = crossings.measure(at(0)).press
    assert found is not None
    assert (found.people, found.usual) == (2, pytest.approx(2.0, rel=0.1))


@pytest.mark.parametrize("author", ["otherbrand", "@OtherBrand", " OTHERBRAND "])
def test_competitor_is_known_by_handle_whatever_its_case(author: str) -> None:
    crossings = make_crossings()
    add(crossings, "1", author=author, hostility=0.0)
    assert crossings.measure(at(5), POST).competitors == ("other",)


def test_competitor_that_reposts_an_attack_has_joined_in() -> None:
    crossings = make_crossings()
    free(crossings, "1", "reddit", author="Other_CEO", is_copy=True)
    assert crossings.measure(at(5)).competitors == ("other",)


@pytest.mark.parametrize(
    ("platform", "author"),
    [
        ("reddit", "otherbrand"),  # the handle belongs to somebody else there
        ("x", "otherhelp"),  # support answers customers who name both
        ("x", "other\x00brand"),
        ("x", "otherbrand\u200b"),
        ("x", None),
    ],
)
def test_who_is_no_competitor(platform: str, author: str | None) -> None:
    crossings = make_crossings()
    free(crossings, "1", platform, author=author)
    assert crossings.measure(at(5)).competitors == ()


def test_nameless_authors_never_match_an_account_without_a_handle() -> None:
    nobody = BrandSettings.model_validate({"name": "other", "accounts": [{"platform": "x", "handle": "@"}]})
    crossings = Crossings(ACME, [nobody], window_minutes=120)
    add(crossings, "1", author=None)
    assert crossings.measure(at(5)).competitors == ()


@pytest.mark.parametrize("named_by", [{"account": "theboss"}, {"account": None, "author": "TheBoss"}])
def test_post_of_an_executive_is_known_by_its_account_or_author(named_by: dict[str, Any]) -> None:
    crossings = make_crossings()
    crossings.add(make_scored(make_own_post(**named_by)))
    add(crossings, "1")
    free(crossings, "2", "x")
    found = crossings.measure(at(5), POST)
    assert (found.is_executive_post, found.executives, found.executive_people) == (True, ("@TheBoss",), 1)
    in_stream = crossings.measure(at(5))
    assert (in_stream.is_executive_post, in_stream.executive_people, in_stream.people) == (False, 1, 2)


def test_mentions_that_concern_an_executive_are_counted_by_people() -> None:
    crossings = make_crossings()
    for number in range(3):
        free(crossings, f"{number}", "x", account="TheBoss")
        free(crossings, f"brand {number}", "x", account="acme")
    found = crossings.measure(at(5))
    assert (found.executives, found.executive_people, found.people) == (("@TheBoss",), 3, 6)


def test_official_post_is_no_executives() -> None:
    crossings = make_crossings()
    crossings.add(make_scored(make_own_post(account="acme")))
    add(crossings, "1")
    found = crossings.measure(at(5), POST)
    assert (found.is_executive_post, found.executives) == (False, ())


def test_sensitive_topics_are_counted_in_hostile_mentions_of_the_thread() -> None:
    crossings = make_crossings()
    add(crossings, "1", text="ANIMAL TESTING again?! and the layoffs")
    add(crossings, "2", text="#AnimalTesting")
    add(crossings, "3", text="animal testing", hostility=0.125)
    add(crossings, "4", text="playoff tickets")
    free(crossings, "5", "reddit", text="layoffs")
    found = crossings.measure(at(5), POST)
    assert dict(found.topics) == {"animal testing": 2, "layoff*": 1}
    assert (found.topic_people, found.people) == (2, 3)
    assert crossings.measure(at(5)).topics["layoff*"] == 2


def test_no_text_is_kept() -> None:
    crossings = make_crossings()
    add(crossings, "1", text="a secret about animal testing")
    assert "secret" not in repr(crossings._notes)


def test_hostile_names_and_texts_do_no_harm() -> None:
    crossings = make_crossings()
    for number, name in enumerate(["\x00", "\ud800", "\u202ex", "x" * 100_000, "", " "]):
        text = "layoffs " + "\x00\ud800\u202e" * 1_000 + "😂" * 10_000
        free(crossings, f"{number}", name, author=f"{name}\x00", text=text)
    found = crossings.measure(at(5))
    assert found.people == 6
    assert found.topics["layoff*"] == 6


def test_memory_is_bounded_by_number() -> None:
    crossings = make_crossings()
    scored = make_scored()
    for _ in range(_MOST_NOTES + 50):
        crossings.add(scored)
    assert len(crossings._notes) <= _MOST_NOTES
    for number in range(_MOST_EXECUTIVE_POSTS + 50):
        crossings.add(make_scored(make_own_post(f"post {number}", account="theboss")))
    assert len(crossings._executive_posts) == _MOST_EXECUTIVE_POSTS


def test_memory_is_bounded_by_time() -> None:
    crossings = make_crossings()
    for number in range(20):
        add(crossings, str(number), 30 * number)
    crossings.forget_before(at(570))
    assert len(crossings._notes) == 6
    assert crossings.measure(at(570)).people == 4


def test_order_of_arrival_changes_nothing() -> None:
    forth, back = make_crossings(), make_crossings()
    for number in range(20):
        free(forth, str(number), "reddit", -15 * number)
        free(back, str(19 - number), "reddit", -15 * (19 - number))
    assert forth.measure(at(0)) == back.measure(at(0))


def test_silence_draws_nobody_in() -> None:
    assert make_crossings().measure(at(0), POST) == Crossing(minutes=120, home="x")
