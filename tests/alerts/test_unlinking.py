"""What a program would link or call by itself is taken apart; what it would not stays as it was."""

import pytest

from alerts.unlinking import unlink, unmention


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("evil.test", "evil[.]test"),
        ("sub.evil.co.uk/path?q=1", "sub[.]evil[.]co[.]uk/path?q=1"),
        ("a@evil.test", "a@evil[.]test"),
        ("bücher.example, пример.рф", "bücher[.]example, пример[.]рф"),
        ("evil.xn--p1ai", "evil[.]xn--p1ai"),
        ("evil\uff0etest", "evil[.]test"),
        ("http 10.0.0.1:80 now", "http 10[.]0[.]0[.]1:80 now"),
        ("mailto:x Tel:+358 1", "mailto[:]x Tel[:]+358 1"),
        ("discord.gg/x and t.me/x", "discord[.]gg/x and t[.]me/x"),
    ],
)
def test_bare_host_names_are_taken_apart(text: str, safe: str) -> None:
    assert unlink(text) == safe
    assert unlink(safe) == safe


@pytest.mark.parametrize("text", ["3.5 times", "e.g. this", "The end. Then more", "at 22:40 ...", "v1.2.3", ""])
def test_ordinary_dots_stay(text: str) -> None:
    assert unlink(text) == text


@pytest.mark.parametrize("sign", ["@", "\uff20", "\ufe6b"])
def test_names_are_called_no_more(sign: str) -> None:
    assert unmention(f"{sign}everyone a{sign}b") == "@\u200beveryone a@\u200bb"
