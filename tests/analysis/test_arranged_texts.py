from analysis.arranged_texts import arranged_texts
from stormcone.config import KindSettings
from stormcone.models import Mention
from tests.fakes import at, make_mention

SCRIPT = "they charged me twice and nobody answers never buy from acme again share this {}"
KINDS = KindSettings()


def told(identifier: str, minutes: float, text: str, author: str | None = None) -> Mention:
    return make_mention(
        identifier, posted_at=at(minutes), seen_at=at(minutes), text=text, author=author or f"author {identifier}"
    )


def test_nearly_the_same_words_within_a_minute_are_a_wave() -> None:
    wave = [told(str(number), number / 10, SCRIPT.format(word)) for number, word in enumerate(["now", "please", "all"])]
    other = told("9", 0.2, "my parcel from last Tuesday has still not come and the shop keeps quiet")
    assert arranged_texts([*wave, other], KINDS) == {("x", "0"), ("x", "1"), ("x", "2")}


def test_one_person_who_repeats_himself_is_no_wave() -> None:
    again = [told(str(number), number / 10, SCRIPT.format("now"), author="insistent") for number in range(6)]
    assert arranged_texts(again, KINDS) == frozenset()


def test_the_same_words_over_hours_are_no_wave() -> None:
    slow = [told(str(number), number * 60, SCRIPT.format("now")) for number in range(6)]
    assert arranged_texts(slow, KINDS) == frozenset()


def test_what_two_people_may_say_by_themselves_is_no_wave() -> None:
    short = [told(str(number), number / 10, "give me my refund") for number in range(6)]
    assert arranged_texts(short, KINDS) == frozenset()
