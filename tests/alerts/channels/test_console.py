"""The console line: one line, whatever the text and the terminal."""

import io
from collections.abc import Callable

import pytest

from alerts.channels.console import Console, ConsoleSettings
from stormcone.errors import DeliveryError
from stormcone.models import Level, Moment, Notice


def console(stream: io.TextIOBase | None = None) -> Console:
    return Console(ConsoleSettings(id="screen", type="console"), {}, stream)  # type: ignore[arg-type]


def test_line_says_level_event_brand_and_headline(
    make_notice: Callable[..., Notice], capsys: pytest.CaptureFixture[str]
) -> None:
    console().deliver(make_notice())
    console().deliver(make_notice(person=None, moment=Moment.RESOLVED, level=Level.WARN))
    assert capsys.readouterr().out == (
        "2026-11-21 22:10:00 notice=page event=opened to=ann brand=acme acme: replies turn against a post\n"
        "2026-11-21 22:10:00 notice=warn event=resolved brand=acme acme: replies turn against a post\n"
    )


def test_hostile_text_stays_one_printable_line(make_notice: Callable[..., Notice]) -> None:
    stream = io.StringIO()
    console(stream).deliver(make_notice(headline="acme\n\x1b[2J\u202e\x00\ud800 notice " + "x" * 10**6))
    assert stream.getvalue().count("\n") == 1
    assert stream.getvalue().rstrip("\n").isprintable()
    assert len(stream.getvalue()) <= 601


def test_terminal_that_knows_only_ascii_gets_question_marks(make_notice: Callable[..., Notice]) -> None:
    raw = io.BytesIO()
    terminal = io.TextIOWrapper(raw, encoding="ascii")
    console(terminal).deliver(make_notice(headline="acme: Überraschung"))
    assert b"acme: ?berraschung" in raw.getvalue()


def test_closed_terminal_is_a_delivery_error(make_notice: Callable[..., Notice]) -> None:
    stream = io.StringIO()
    stream.close()
    with pytest.raises(DeliveryError, match="standard output"):
        console(stream).deliver(make_notice())


def test_console_needs_nothing() -> None:
    assert console().check() is None
