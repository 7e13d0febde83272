"""One text message: at most 160 characters as a phone company counts them, with the link whole."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.message import Message, build_message
from alerts.short_text import SHORT_CHARS, fold, short_text
from stormcone.models import Level, Moment, Recipient, Transition

LINK = "http://127.0.0.1:8501/incidents?incident=7"
TWICE = "^{}\\[~]|€"


@pytest.fixture
def make_message(make_transition: Callable[..., Transition]) -> Callable[..., Message]:
    def make(
        headline: str = "acme: replies turn against a post",
        *,
        moment: Moment = Moment.OPENED,
        level: Level = Level.PAGE,
        public_url: str = "http://127.0.0.1:8501",
    ) -> Message:
        return build_message(
            make_transition(moment, level, headline=headline),
            incident_id=7,
            recipient=Recipient(channel="sms", person="ann"),
            public_url=public_url,
            step=0,
            evidence=(),
        )

    return make


def septets(text: str) -> int:
    return len(text) + sum(text.count(character) for character in TWICE)


@pytest.mark.parametrize(
    ("moment", "level", "label"),
    [
        (Moment.OPENED, Level.PAGE, "page"),
        (Moment.OPENED, Level.WARN, "warn"),
        (Moment.RESOLVED, Level.PAGE, "resolved"),
        (Moment.SOURCE_LOST, Level.PAGE, "source_lost"),
    ],
)
def test_level_headline_and_link_are_said(
    make_message: Callable[..., Message], moment: Moment, level: Level, label: str
) -> None:
    text = short_text(make_message(moment=moment, level=level))
    assert text == f"[{label}] acme: replies turn against a post {LINK}"


def test_long_headline_is_cut_at_a_word(make_message: Callable[..., Message]) -> None:
    text = short_text(make_message("acme: " + "abcdefghi " * 40))
    assert text.endswith(f" abcdefghi... {LINK}")
    assert SHORT_CHARS - 12 < septets(text) <= SHORT_CHARS


def test_endless_word_is_cut_inside(make_message: Callable[..., Message]) -> None:
    text = short_text(make_message("acme: " + "x" * 400))
    assert septets(text) == SHORT_CHARS
    assert text.endswith(f"xxx... {LINK}")


def test_headline_that_just_fits_is_not_cut(make_message: Callable[..., Message]) -> None:
    room = SHORT_CHARS - len(LINK) - 1 - septets("[page] ")
    fitting = "acme " + "y" * (room - 5)
    assert short_text(make_message(fitting)) == f"[page] {fitting} {LINK}"
    assert short_text(make_message(fitting + "y")).endswith(f"y... {LINK}")


@pytest.mark.parametrize("host_chars", [40, 60, 78])
def test_link_is_kept_whole(make_message: Callable[..., Message], host_chars: int) -> None:
    url = f"https://{'h' * host_chars}.test"
    text = short_text(make_message("acme: " + "abc " * 100, public_url=url))
    assert text.endswith(f" {url}/incidents?incident=7")
    assert septets(text) <= SHORT_CHARS


def test_link_that_leaves_no_room_is_left_out_rather_than_cut(make_message: Callable[..., Message]) -> None:
    text = short_text(make_message("acme: " + "abc " * 100, public_url=f"https://{'h' * 120}.test"))
    assert "http" not in text
    assert text.endswith("abc...")


def test_signs_that_cost_twice_are_counted_twice(make_message: Callable[..., Message]) -> None:
    text = short_text(make_message("acme " + "[]{}~ " * 60))
    assert septets(text) <= SHORT_CHARS < septets(text) + 14


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a\u00a0b", "a b"),
        ("\u201cno\u201d \u2026", '"no" ...'),
        ("Müller señor Ångström", "Müller señor Ångström"),
        ("čaj kávé łoś", "caj kavé los"),
        ("wow \U0001f621\U0001f621 now", "wow now"),
        ("позор acme", "позор acme"),
        ("@everyone <!channel>", "(at)everyone (!channel)"),
    ],
)
def test_text_is_written_in_the_alphabet_of_phones(text: str, plain: str) -> None:
    assert fold(text) == plain


def test_full_width_letters_make_no_address_and_no_call(make_message: Callable[..., Message]) -> None:
    wide = "".join(chr(ord(character) + 0xFEE0) for character in "http://e.test@all<!x>")
    text = short_text(make_message(f"acme {wide}"))
    assert text == f"[page] acme hxxp://e[.]test(at)all(!x) {LINK}"


def test_nothing_that_a_stranger_wrote_acts(make_message: Callable[..., Message]) -> None:
    text = short_text(make_message("acme @all http://e.test e.test <@U1>"))
    assert text == f"[page] acme (at)all hxxp://e[.]test e[.]test ((at)U1) {LINK}"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(headline=st.text(max_size=400), host_chars=st.integers(1, 300))
def test_any_headline_and_any_link_stay_short(
    make_message: Callable[..., Message], headline: str, host_chars: int
) -> None:
    url = f"https://{'h' * host_chars}.test"
    text = short_text(make_message(headline, public_url=url))
    assert septets(text) <= SHORT_CHARS
    assert ("http" not in text) or text.endswith(f" {url}/incidents?incident=7")
    assert "\n" not in text
