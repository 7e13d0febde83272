"""Words out of strangers' HTML: what a reader sees, in a time that grows with the length only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors._markup import plain_text
from tests.collectors.loopback import seconds_of


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("a<p>b<br>c", "a\n\nb\nc"),
        ("&lt;b&gt; &amp;amp; &#x2F; &eacute;", "<b> &amp; / \u00e9"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("a <!-- hidden <b>x</b> --> b <!-- open", "a b <!-- open"),
        (
            '<a href="https://d.example/long/path?a=1&amp;b=2">https://d.example/lo...</a>',
            "https://d.example/long/path?a=1&b=2",
        ),
        ("<a href='https://d.example/x'>this shop</a>", "this shop"),
        ('<a href="javascript:alert(1)">click</a>', "click"),
        ("<pre><code>x = 1\n  y</code></pre>", "x = 1\n y"),
        ("&#99999999999; &#0;", "\ufffd \ufffd"),
        ("<i>un<b>closed", "unclosed"),
        ("", ""),
    ],
)
def test_a_reader_sees_the_words(markup: str, expected: str) -> None:
    assert plain_text(markup) == expected


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<a ",
        "<a href=",
        "<a href=x>",
        "<!--",
        "<p",
        "&",
        "&#9",
        "9",
        "\n",
        " \n",
        "<a href='x'>y",
        "</a",
        "<br ",
        "&amp",
    ],
)
def test_no_text_makes_reading_slow(piece: str) -> None:
    for markup in (piece * (600_000 // len(piece)), "&#" + piece * 20_000, "<a href=" + piece * 20_000):
        assert seconds_of(lambda markup=markup: plain_text(markup)) < 4  # type: ignore[misc]  # bound on purpose


@given(st.text())
def test_any_text_is_read(markup: str) -> None:
    assert "\x00" not in plain_text(markup)
