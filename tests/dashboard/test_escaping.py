import re
import unicodedata
from collections.abc import Callable

import pytest

from dashboard.escaping import for_html, for_markdown, plain, safe_address

PAYLOADS = (
    "<script>window.hit = 1</script>",
    "<img src=x onerror=window.hit=1>",
    "<svg/onload=window.hit=1>",
    "<iframe src=http://evil.test></iframe>",
    "<a href=javascript:window.hit=1>x</a>",
    "![](http://evil.test/beacon.png)",
    "[click](http://evil.test)",
    "[click](javascript:window.hit=1)",
    "[ref]: http://evil.test",
    "<http://evil.test>",
    "http://evil.test/plain",
    "https://evil.test/plain",
    "www.evil.test",
    "mail@evil.test",
    "$\\href{http://evil.test}{x}$",
    "$$\\int$$",
    ":red[shouting]",
    ":material/home:",
    ":smile:",
    ":100:",
    ":rainbow-background[x]",
    "# heading",
    "## heading",
    "- list",
    "* list",
    "1. list",
    "> quote",
    "---",
    "===",
    "| a | b |\n|---|---|",
    "`code`",
    "```\nblock\n```",
    "**bold** _it_ ~~gone~~",
    "&lt;script&gt;",
    "&#60;script&#62;",
    "\\",
    "\x00nul\x00",
    "\ud800lone",
    "\u202eevil\u202c",
    "\U000e0041tag",
    "a\u0300\u0301\u0302\u0303\u0304",
    '=HYPERLINK("http://evil.test")',
    "{{7*7}} ${7*7}",
    "<style>*{display:none}</style>",
    "<details open ontoggle=window.hit=1>",
    "\u200b\u200b",
)


def test_there_are_enough_payloads() -> None:
    assert len(PAYLOADS) >= 40


@pytest.mark.parametrize("payload", PAYLOADS)
def test_markdown_holds_no_unescaped_mark(payload: str) -> None:
    shown = for_markdown(payload)
    unescaped = re.sub(r"\\[\\`*_{}\[\]()#+\-.!|<>~$&]", "", shown)
    assert not set("\\`*_{}[]()#+-.!|<>~$&") & set(unescaped)
    assert "http:" not in shown
    assert not re.search(r":[a-z]+[\[/:]", shown)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_html_holds_no_tag(payload: str) -> None:
    shown = for_html(payload)
    assert "<" not in shown
    assert ">" not in shown
    assert '"' not in shown


@pytest.mark.parametrize("payload", [*PAYLOADS, "x" * 1_000_000, "😡" * 10_000])
@pytest.mark.parametrize("sink", [plain, for_markdown, for_html])
def test_every_sink_gives_one_storable_line(payload: str, sink: Callable[[str], str]) -> None:
    shown = sink(payload)
    shown.encode()  # raises where a lone surrogate is left
    assert "\n" not in shown
    assert len(shown) <= 280 * 6
    assert not any(unicodedata.category(each) in {"Cc", "Cs"} for each in shown)


def test_a_time_stays_as_it_is() -> None:
    assert for_markdown("post of 21 Nov 13:26") == "post of 21 Nov 13:26"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "http://a b", "//evil.test", None, "", 'https://x"y']
)
def test_only_plain_addresses_become_links(url: str | None) -> None:
    assert safe_address(url) is None
