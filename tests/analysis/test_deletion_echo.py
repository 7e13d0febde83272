from collections.abc import Iterable

import pytest

from analysis.deletion_echo import echo_of
from stormcone.models.effects import Echo, Said, Sayable, Turn
from tests.fakes import AT, at

POST = "Our cups keep you warm while the city burns. https://acme.example/cups"


def echo(texts: Iterable[tuple[float, str]], post: str = POST, until: float = 180) -> Echo:
    said = [Said(at=at(minutes), text=text) for minutes, text in sorted(texts)]
    return echo_of(said, post, gone_at=AT, since=at(-24 * 60), until=at(until))


@pytest.mark.parametrize(
    "text",
    [
        "lol they deleted it",
        "I HAVE SCREENSHOTS",
        "you deleted the post but we saw it",
        "quietly deleted, huh",
        "Kitörölték, de megvan a képernyőkép",
        "toroltetek a posztot",
        "POISTITTE sen, hyvä",
        "onneksi otin kuvakaappauksen",
    ],
)
def test_what_speaks_of_the_deletion_is_counted(text: str) -> None:
    assert echo([(1, text)]).told_by_hour == (1, 0, 0)


@pytest.mark.parametrize("text", ["delete this", "delete your account", "what a warm cup", "törölköző", "poika"])
def test_a_demand_to_delete_does_not_say_that_it_is_gone(text: str) -> None:
    assert echo([(1, text)]).told_by_hour == (0, 0, 0)


def test_pace_since_is_compared_with_as_long_before() -> None:
    found = echo([(-100, "screenshot this"), *((minute, "they deleted it") for minute in range(1, 60, 2))])
    assert (found.told.window_minutes, found.told.standing, found.told.turn) == (180, Sayable.KNOWN, Turn.ROSE)
    assert found.told.before is not None
    assert found.told.after is not None
    assert (found.told.before.count, found.told.after.count) == (1, 30)
    assert found.told_by_hour == (30, 0, 0)


def test_the_words_of_the_post_are_recognised_in_a_row() -> None:
    quotes = ['"our CUPS keep you warm" yeah right', "warm while the city burns??", "my cups warm the city and you"]
    assert echo((5.0, text) for text in quotes).quoted_by_hour == (2, 0, 0)


@pytest.mark.parametrize("post", ["", "Warm cups now", "https://acme.example/a/b/c/d/e"])
def test_a_post_of_few_words_cannot_be_recognised(post: str) -> None:
    found = echo([(1, "Warm cups now")], post=post)
    assert (found.quoted, found.quoted_by_hour) == (None, ())


def test_too_early_and_too_few_have_names() -> None:
    assert echo([(1, "screenshot")], until=20).told.standing is Sayable.TOO_EARLY
    assert echo([(1, "screenshot")], until=90).told.standing is Sayable.TOO_FEW
    assert echo([], until=90).told_by_hour == (0, 0)


def test_erased_words_are_named_not_counted() -> None:
    found = echo([(-5, ""), (5, ""), (6, "they deleted it")])
    assert (found.unread, found.told_by_hour) == (1, (1, 0, 0))


@pytest.mark.parametrize(
    "text", ["\x00", "\ud800 they deleted it", "\u202edeleted", "deleted " * 200_000, "😡" * 10_000, "a" * 1_000_000]
)
def test_hostile_texts_are_read_all_the_same(text: str) -> None:
    assert sum(echo([(1, text)], post=text).told_by_hour) <= 1
