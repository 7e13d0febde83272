"""Makes a stranger's text safe to show: first thing every sink does with a text that is not its own.

Raw texts are stored as they came; a message, a console line or a mail gets the cleaned form. Order: `clean_for_sink`,
then `defang`, then the sink's own escaping (which is the channel's business). Never judges a text, never escapes
markup.
"""

import re
import unicodedata

from alerts.unlinking import unlink

ELLIPSIS = "…"
MAX_MARKS_PER_BASE = 2

_ZERO_WIDTH_JOINER = "\u200d"
# White-space controls (tab, line feeds, separators 1C-1F, NEL) stay here: they become one blank further down.
_INVISIBLE = re.compile(
    "["
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # C0 and C1 controls
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidi controls: they reorder what a reader sees
    # zero width and other invisible letters
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\ufffe\uffff"  # annotations and non-characters: not allowed in XML
    "\ud800-\udfff"  # lone surrogates: cannot be encoded
    "\U000e0000-\U000e0fff"  # tag characters and their block: text that nobody sees
    "]"
)
_PICTURE = "\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001faff"
_STRAY_JOINER = re.compile(f"(?<![{_PICTURE}\ufe0f]){_ZERO_WIDTH_JOINER}|{_ZERO_WIDTH_JOINER}(?![{_PICTURE}])")

# A host ends where another address begins without a blank: "http://a.testhttp://b.test" is two.
_ADDRESS = re.compile(r"(h(?:tt|xx)ps?)?://((?:(?!://)[^\s/?#])*)|(www\.(?:(?!://)[^\s/?#])+)", re.IGNORECASE)
_DOT = re.compile(r"(?<!\[)[.\u3002\uff0e\uff61](?!\])")  # a browser takes the ideographic full stops for dots, too


def clean_for_sink(text: str, *, max_chars: int) -> str:
    r"""Return `text` as one visible line of at most `max_chars` characters, whatever it held.

    Gone are bidi, zero-width, tag and control characters and lone surrogates; a zero-width joiner survives between two
    emoji. The rest is NFC with at most two combining marks a base, white space collapsed, cut with an ellipsis.

    Args: text: anything. max_chars: >= 1, in code points.
    Returns: the line; empty where nothing visible was left. Cleaning it again changes nothing.
    Raises: ValueError: max_chars is less than 1.
    >>> clean_for_sink("safe\u202egnp.exe\n\n now", max_chars=80)
    'safegnp.exe now'
    >>> clean_for_sink("a long story", max_chars=7)
    'a long…'
    """
    if max_chars < 1:
        raise ValueError(f"max_chars must be at least 1, not {max_chars}")
    # A megabyte is cut before any work: four raw characters for each shown leave room for what is stripped.
    window = text[: 4 * max_chars + 256]
    visible = _INVISIBLE.sub("", window)
    if not visible.isascii():
        visible = _few_marks(unicodedata.normalize("NFC", _STRAY_JOINER.sub("", visible)))
        visible = _STRAY_JOINER.sub("", visible)  # a mark that went may have been what the joiner stood on
    return _cut(" ".join(visible.split()), max_chars, is_longer=len(window) < len(text))


def defang(text: str) -> str:
    """Return `text` with its web addresses, and bare names of hosts, made unclickable, as security teams write them.

    Doing it again changes nothing. What counts as a name of a host `unlinking` says.
    >>> defang("see http://evil.test/a or www.evil.test, evil.test, e.g. now")
    'see hxxp://evil[.]test/a or www[.]evil[.]test, evil[.]test, e.g. now'
    """
    return unlink(_ADDRESS.sub(_defanged, text))


def quote(text: str, *, max_chars: int) -> str:
    r"""Return a stranger's text cleaned, defanged and cut to `max_chars`: what a message may quote.

    >>> quote("go to\nhttps://evil.test", max_chars=140)
    'go to hxxps://evil[.]test'
    """
    return _cut(defang(clean_for_sink(text, max_chars=max_chars)), max_chars, is_longer=False)


def _few_marks(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        if category in ("Mn", "Me"):
            marks += 1
            if marks > MAX_MARKS_PER_BASE:
                continue
        elif category != "Mc":
            marks = 0  # spacing marks (Mc) do not start a new base: towers must not grow around them
        kept.append(character)
    return "".join(kept)


def _cut(text: str, max_chars: int, *, is_longer: bool) -> str:
    if len(text) <= max_chars and not is_longer:
        return text
    if not text:
        return ""
    return text[: max_chars - 1].rstrip(f" {_ZERO_WIDTH_JOINER}") + ELLIPSIS


def _defanged(match: re.Match[str]) -> str:
    scheme, host, bare = match.groups()
    if bare is not None:
        return _DOT.sub("[.]", bare)
    start = f"hxxp{scheme[4:]}://" if scheme else "[:]//"
    return f"{start}{_DOT.sub('[.]', host)}"
