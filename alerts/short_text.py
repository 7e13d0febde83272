"""A message as one line of at most 160 characters, as a text message to a phone carries it.

Used by channels that have no room (apprise: SMS and the like). Written in the characters of GSM 03.38 as far as that
loses nothing a reader needs: one other character, such as a no-break space, and a phone company sends and bills the
text as several. The link is kept whole or left out, never cut. Pure.
"""

import unicodedata

from alerts.cleaning import defang
from alerts.message import Message
from alerts.plain_text import subject

SHORT_CHARS = 160
# Fewer than this for words say nothing: a link that leaves less room is left out.
FEWEST_CHARS_FOR_WORDS = 40

_CUT = "..."
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWICE = frozenset("^{}\\[~]|€")  # sent as an escape and a character
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u0060\u00b4", "'"),  # quotation marks of all sorts
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),  # hyphens, dashes, minus
        "\u2026": _CUT,
        "\u2022": "-",
        "\u00d7": "x",
        "\u0142": "l",  # has no decomposition
        "\u0141": "L",
        # Services behind apprise read these as calls to people or as markup.
        "@": "(at)",
        "<": "(",
        ">": ")",
    }
)


def short_text(message: Message) -> str:
    """Return label, headline and the incident's link in at most 160 characters as GSM counts them.

    The headline is cut at a word. A text in a script that GSM lacks keeps its letters, and 160 characters as its bound.
    """
    link = message.links.incident
    room = SHORT_CHARS - _cost(link) - 1
    if room < FEWEST_CHARS_FOR_WORDS:
        return _cut_at_word(_words(message), SHORT_CHARS)
    return f"{_cut_at_word(_words(message), room)} {link}"


def fold(text: str) -> str:
    """Return text in GSM characters where a plain form exists; other letters stay, other signs go.

    >>> fold("“Zażółć”, naïve 🙂 co…")
    '"Zazolc", naive co...'
    """
    # Translated at the end as well: the plain form of a full-width sign is one of those signs.
    folded = "".join(map(_folded, text.translate(_PLAIN))).translate(_PLAIN)
    return " ".join(folded.split())


def _words(message: Message) -> str:
    # Folded first: full-width letters may make an address of what was none.
    return defang(fold(subject(message)))


def _folded(character: str) -> str:
    if character in _BASIC or character in _TWICE:
        return character
    base = "".join(each for each in unicodedata.normalize("NFKD", character) if each in _BASIC)
    if base:
        return base
    return character if unicodedata.category(character)[0] in "LNM" else " "


def _cost(text: str) -> int:
    return sum(2 if character in _TWICE else 1 for character in text)


def _cut_at_word(text: str, room: int) -> str:
    if _cost(text) <= room:
        return text
    kept, left = "", room - len(_CUT)
    for character in text:
        left -= _cost(character)
        if left < 0:
            break
        kept += character
    at_word = kept.rpartition(" ")[0] if text[len(kept)] != " " else kept
    # One endless word: cut inside it rather than say nothing.
    return (at_word if len(at_word) > room // 3 else kept).rstrip(" ,;:-") + _CUT
