"""Prepares the words of angry strangers: what a scorer may read, and how two texts are recognised as one.

First step of analysis, before sentiment and cues; voting folds copies by `fingerprint`. Cuts before it looks, so that a
megabyte costs no more than a paragraph. Never raises on a text, never keeps one, never judges it.
"""

import re
import unicodedata
from hashlib import blake2b

_READ_LIMIT = 4_000  # characters looked at in all: four times what is kept, as links and handles are dropped
_KEPT_LIMIT = 1_000  # characters handed to a scorer; the longest ordinary post is well below
_EMOJI_LIMIT = 100
_COMPARABLE_LENGTH = 20  # letters and digits; different people do say "this is so bad" independently

# Variation selectors and skin tones (scorers know the bare emoji only), joiners, bidi controls, fillers, tags, controls
# that are not white space, and halves of surrogate pairs, which no encoder accepts.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u20e3\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff"
    "\U0001f3fb-\U0001f3ff\U000e0000-\U000e0fff]+"
)
_EMOJI = re.compile(
    "[\u203c\u2049\u2139\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\u3030\u303d"
    "\u3297\u3299\U0001f000-\U0001faff]"
)
# Some clients and data sets leave a bare "http" where a link stood.
_LINK = re.compile(r"\bhttps?\b(?:://\S*)?|\bwww\.\S+", re.IGNORECASE)
# @name, @name.example.social and @name@example.social; a capital after a full stop starts a sentence instead.
_HANDLE = re.compile(r"(?<!\w)@\w+(?:[.@-][a-z0-9]\w*)*")
_REPOST = re.compile(r"\s*RT @\w+:?\s*")
_RUN = re.compile(r"(.)\1{3,}")
_CUT = r"\1\1\1"
# Without a limit on stacked accents, bringing them into canonical order takes quadratic time.
_ACCENT = "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_STACKED_ACCENTS = re.compile(f"({_ACCENT}{{3}}){_ACCENT}+")
_SEPARATORS = re.compile(r"[\W_]+")
_APOSTROPHES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u2032": "'"})


def for_scoring(text: str) -> str:
    """Return what a scorer should read of `text`.

    Links, @handles and invisible characters are gone, apostrophes are straight, runs of one character or emoji are
    cut to three, white space is single; the result is in Unicode form NFC.
    Args: text: anything, of any length.
    Returns: at most 1,000 characters, at most 100 of them emoji; encodable as UTF-8.
    >>> for_scoring("@brand   nooooooo 😂😂😂😂😂😂 https://example.com/1")
    'nooo 😂😂😂'
    """
    text = text[:_READ_LIMIT]
    if not text.isascii():
        text = _limit_emoji(_canonical(text)).translate(_APOSTROPHES)
    elif not text.isprintable():
        text = _INVISIBLE.sub("", text)
    if "http" in text or "HTTP" in text or "www." in text:
        text = _LINK.sub(" ", text)
    if "@" in text:
        text = _HANDLE.sub(" ", text)
    text = _RUN.sub(_CUT, text)
    return " ".join(text.split())[:_KEPT_LIMIT].rstrip()


def fingerprint(text: str) -> int:
    """Return a number that near copies of a text share: same letters and digits, whatever stands around them.

    Case, punctuation, emoji, links, handles and a leading "RT @name:" do not count. Digits do: two customers with two
    order numbers are two customers.
    Args: text: anything, of any length; the first 4,000 characters are compared.
    Returns: 1 .. 2**63 - 1, the same on every machine; 0 where the text cannot be compared, as it has fewer than 20
        letters and digits ("ratio", a picture, a link). A repost of such a text is compared with reposts of it only.
    >>> first = fingerprint("They cancelled my flight, AGAIN!")
    >>> first == fingerprint("RT @someone: they cancelled my flight again 😡 https://example.com/2")
    True
    >>> fingerprint("lol"), fingerprint("😂😂😂")
    (0, 0)
    """
    seen = text[:_READ_LIMIT]
    if not (seen.isascii() and seen.isprintable()):
        seen = unicodedata.normalize("NFKC", _canonical(seen))
    prefix = _REPOST.match(seen)
    words = _HANDLE.sub(" ", _LINK.sub(" ", seen[prefix.end() :] if prefix else seen))
    compared = _SEPARATORS.sub("", words.casefold())
    if len(compared) < _COMPARABLE_LENGTH:
        if prefix is None:
            return 0
        compared = " ".join(seen.split())
    return _hash(compared)


def _canonical(text: str) -> str:
    return unicodedata.normalize("NFC", _RUN.sub(_CUT, _STACKED_ACCENTS.sub(r"\1", _INVISIBLE.sub("", text))))


def _limit_emoji(text: str) -> str:
    """Drop every emoji after the hundredth; words in between and behind stay."""
    if len(text) <= _EMOJI_LIMIT:
        return text
    for count, emoji in enumerate(_EMOJI.finditer(text), start=1):
        if count > _EMOJI_LIMIT:
            return text[: emoji.start()] + _EMOJI.sub("", text[emoji.start() :])
    return text


def _hash(compared: str) -> int:
    digest = blake2b(compared.encode("utf-8", "replace"), digest_size=8).digest()
    return (int.from_bytes(digest, "big") >> 1) or 1
