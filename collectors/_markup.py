"""Reads the words out of HTML that strangers wrote, for collectors whose platform sends texts as HTML.

Linear in the length of the text, whatever is in it. Shows what a reader would see, and never runs, fetches or keeps
markup. A link shows its address where its words only repeat the beginning of it.
"""

import html
import re
from typing import Final

# Each part stops at the next "<" or keeps for good what it took, so that no text makes them try again and again.
_LINK: Final = re.compile(r"<a\s([^<>]*+)>([^<>]*+)</a\s*+>", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"href\s*+=\s*+[\"']?([^\"'\s]++)", re.IGNORECASE)
_PARAGRAPH: Final = re.compile(
    r"</?(?:p|div|h[1-6]|blockquote|ul|ol|table|pre|article|section)\b[^<>]*+>", re.IGNORECASE
)
_LINE: Final = re.compile(r"<(?:br|li|tr)\b[^<>]*+>", re.IGNORECASE)
_TAG: Final = re.compile(r"<[/!]?[a-zA-Z][^<>]*+>")
_HUGE_REFERENCE: Final = re.compile(r"&#[0-9]{8,}+;?")  # no character; too many digits for the standard library
_BLANKS: Final = re.compile(r"[ \t\r\f\v]++")
_EMPTY_LINES: Final = re.compile(r" ?\n ?(?:\n ?)++")


def plain_text(markup: str) -> str:
    r"""Return the words of an HTML text: paragraphs apart by an empty line, entities resolved.

    >>> plain_text('I&#x27;m done.<p>See <a href="https://acme.example/a/long">https://acme.example/a/l...</a> &lt;3')
    "I'm done.\n\nSee https://acme.example/a/long <3"
    """
    text = _LINK.sub(_shown, _without_comments(markup))
    text = _TAG.sub("", _LINE.sub("\n", _PARAGRAPH.sub("\n\n", text)))
    text = html.unescape(_HUGE_REFERENCE.sub("\ufffd", text)).replace("\x00", "").replace("\xa0", " ")
    return _EMPTY_LINES.sub("\n\n", _BLANKS.sub(" ", text)).strip()


def _without_comments(markup: str) -> str:
    parts, at = [], 0
    while (start := markup.find("<!--", at)) >= 0 and (end := markup.find("-->", start)) >= 0:
        parts.append(markup[at:start])
        at = end + len("-->")
    return "".join([*parts, markup[at:]])


def _shown(link: re.Match[str]) -> str:
    found, words = _ADDRESS.search(link.group(1)), link.group(2).strip()
    address = html.unescape(_HUGE_REFERENCE.sub("", found.group(1))) if found else ""
    if not address.lower().startswith(("http:", "https:")):
        return words
    beginning = words.removesuffix("...").removesuffix("\u2026")
    # Escaped again, because the whole text is unescaped after this.
    return html.escape(address) if html.unescape(_HUGE_REFERENCE.sub("", beginning)) in address else words
