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
        ("i\u2764.ws", "i\u2764[.]ws"),
        ("उदाहरण.भारत", "उदाहरण[.]भारत"),
        ("163.com and 1.0.post2.com", "163[.]com and 1.0[.]post2[.]com"),
        ("evil\u2024test evil\u3002test", "evil[.]test evil[.]test"),
        # Nobody can tell these from names of hosts.
        ("The end.Next evil.Com St.Pauli report.pdf", "The end[.]Next evil[.]Com St[.]Pauli report[.]pdf"),
    ],
)
def test_bare_host_names_are_taken_apart(text: str, safe: str) -> None:
    assert unlink(text) == safe
    assert unlink(safe) == safe


@pytest.mark.parametrize(
    "text",
    [
        *("3.5 times", "3.5mm", "e.g. this", "i.e. that", "the U.S. and U.S.A.", "a Ph.D. at 5 p.m.", "J.R.R. T."),
        *("The end. Then more", "“no”.Never", "wait...what", "at 22:40 ...", ""),
        *("v1.2.3", "2.0.rc1", "1.0.dev3 or 2.0.beta.", "他说。然后", "です。でも"),
    ],
)
def test_ordinary_dots_stay(text: str) -> None:
    assert unlink(text) == text


@pytest.mark.parametrize("sign", ["@", "\uff20", "\ufe6b"])
def test_names_are_called_no_more(sign: str) -> None:
    assert unmention(f"{sign}everyone a{sign}b") == "@\u200beveryone a@\u200bb"
