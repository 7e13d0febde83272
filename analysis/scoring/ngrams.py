"""Turns cleaned texts into hashed words, word pairs and character runs: the features of the linear models.

Shared by training and scoring, so that both see the same buckets. Whole batches are hashed with numpy at once: a text
costs tens of microseconds instead of the milliseconds of a loop over its three hundred runs. Hashing needs no
vocabulary file and gives the same buckets on every machine. Never weighs anything.

Source: feature hashing, Weinberger et al. (ICML 2009); marks of negation after Pang, Lee, Vaithyanathan (EMNLP 2002).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
_Hashes = NDArray[np.uint64]

_TOKEN: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[^\w\s]|_+")
_NEGATIONS: Final = frozenset(
    (
        *("not", "no", "never", "nor", "neither", "none", "nothing", "nobody", "nowhere", "without", "hardly"),
        *("barely", "cannot", "cant", "dont", "doesnt", "didnt", "isnt", "wasnt", "arent", "werent", "wont"),
        *("wouldnt", "shouldnt", "couldnt", "havent", "hasnt", "hadnt", "aint"),
    )
)
_CLAUSE_ENDS: Final = frozenset(".,;:!?()")
_NEGATION_REACH: Final = 4  # words
_CHARACTER_RUNS: Final = (3, 4, 5, 6)  # six helps where words are long, as in Finnish

_SPACE: Final = 32
_END: Final = "\x00"  # of a text, within a batch; cleaned texts hold none
_STEP: Final = np.uint64(0x9E3779B97F4A7C15)  # odd, its bits well mixed: the golden ratio of 2**64
_NEGATED: Final = np.uint64(77)  # any numbers that differ: they keep the kinds of features apart
_PAIR: Final = np.uint64(5)
_LONGEST_TOKEN: Final = 1_024  # characters; cleaned texts are shorter
_POWERS: Final = np.cumprod(np.full(_LONGEST_TOKEN, _STEP, dtype=np.uint64), dtype=np.uint64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grams:
    """Features of one kind in a batch. rows: which text, ascending within a kind's order. hashes: 64 bits each."""

    rows: Integers
    hashes: _Hashes

    def buckets(self, bits: int) -> Integers:
        """Return each hash as a number below 2**bits."""
        return (self.hashes >> np.uint64(64 - bits)).astype(np.int64)

    def salted(self, salts: _Hashes) -> "Grams":
        """Return the same features under hashes that depend on the salt of their text.

        Args: salts: one a text of the batch.
        """
        return Grams(rows=self.rows, hashes=_mix(self.hashes + salts[self.rows] * _STEP))

    def shares(self, count: int) -> NDArray[np.float32]:
        """Return the weight of each feature: all features of a text have length one together.

        Args: count: of the texts in the batch.
        """
        present = np.bincount(self.rows, minlength=count)
        scale: NDArray[np.float32] = (1.0 / np.sqrt(np.maximum(present, 1))).astype(np.float32)
        return scale[self.rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """The features of a batch by kind; words behind a negation differ from the same words without."""

    count: int
    words: Grams
    pairs: Grams
    runs: Grams

    def salted(self, salts: _Hashes) -> "Features":
        """Return the same features with hashes of their own for each text's salt, such as its language.

        Args: salts: one a text.
        """
        return Features(
            count=self.count,
            words=self.words.salted(salts),
            pairs=self.pairs.salted(salts),
            runs=self.runs.salted(salts),
        )


def tokens_of(text: str) -> list[str]:
    """Return lower-case words, and every sign and emoji by itself.

    >>> tokens_of("Don't... read_this! 🤡")
    ["don't", '.', '.', '.', 'read', '_', 'this', '!', '🤡']
    """
    return _TOKEN.findall(text.lower())


def features_of(texts: Sequence[str]) -> Features:
    """Return the hashed features of cleaned texts.

    Args: texts: as `for_scoring` returns them.
    >>> batch = features_of(["not good", "good", ""])
    >>> batch.words.rows.tolist(), batch.pairs.rows.tolist()
    ([0, 0, 1], [0])
    >>> bool(batch.words.hashes[1] == batch.words.hashes[2])  # "good" behind "not" is another word
    False
    """
    tokens = [tokens_of(text) for text in texts]
    stream = " " + " ".join(" ".join(each) + f" {_END}" for each in tokens)
    points = np.frombuffer(stream.encode("utf-32-le", "replace"), dtype=np.uint32)
    hashed = _mix(points.astype(np.uint64) + np.uint64(1))
    is_end = points == 0
    is_space = (points == _SPACE) | is_end
    rows_of_tokens = np.repeat(np.arange(len(tokens)), [len(each) for each in tokens])
    plain = _hash_tokens(hashed, is_space)
    negated = np.array([flag for each in tokens for flag in _negated(each)], dtype=np.uint64)
    together = rows_of_tokens[1:] == rows_of_tokens[:-1]
    return Features(
        count=len(tokens),
        words=Grams(rows=rows_of_tokens, hashes=_mix(plain + negated * _NEGATED)),
        pairs=Grams(rows=rows_of_tokens[:-1][together], hashes=_mix(plain[:-1] * _STEP + plain[1:] + _PAIR)[together]),
        runs=_runs(hashed, is_space, is_end),
    )


def hash_words(words: Sequence[str], *, negated: bool) -> _Hashes:
    """Return the hashes that single-token words have in `Features.words`.

    >>> bool(hash_words(["good"], negated=True)[0] == features_of(["not good"]).words.hashes[1])
    True
    """
    points = np.frombuffer((" " + " ".join(words)).encode("utf-32-le", "replace"), dtype=np.uint32)
    plain = _hash_tokens(_mix(points.astype(np.uint64) + np.uint64(1)), points == _SPACE)
    return _mix(plain + np.uint64(negated) * _NEGATED)


def _negated(tokens: Sequence[str]) -> list[bool]:
    flags, left = [], 0
    for token in tokens:
        if token in _NEGATIONS or token.endswith("n't"):
            flags.append(False)
            left = _NEGATION_REACH
            continue
        if token in _CLAUSE_ENDS:
            left = 0
        flags.append(left > 0)
        left -= left > 0
    return flags


def _hash_tokens(hashed: _Hashes, is_space: NDArray[np.bool_]) -> _Hashes:
    """Return one hash a token: the sum of its characters' hashes, each times a power of its place in the token."""
    starts = np.nonzero(~is_space & np.concatenate([[True], is_space[:-1]]))[0]
    if not starts.size:
        return np.zeros(0, dtype=np.uint64)
    borders = np.concatenate([[0], starts])
    places = np.arange(hashed.size) - np.repeat(borders, np.diff(np.append(borders, hashed.size)))
    weighed = np.where(is_space, np.uint64(0), hashed * _POWERS[np.minimum(places, _LONGEST_TOKEN - 1)])
    return np.add.reduceat(weighed, starts)


def _runs(hashed: _Hashes, is_space: NDArray[np.bool_], is_end: NDArray[np.bool_]) -> Grams:
    """Return runs of characters that stay within one token, of which the spaces around it are part."""
    spaces_before = np.concatenate([[0], np.cumsum(is_space)])
    rows_of_points = np.cumsum(is_end)
    rows, hashes = [], []
    rolling = hashed
    for length in range(2, max(_CHARACTER_RUNS) + 1):
        if rolling.size <= 1:
            break
        rolling = rolling[:-1] * _STEP + hashed[length - 1 :]
        if length in _CHARACTER_RUNS:
            first = np.arange(rolling.size)
            is_inside = spaces_before[first + length - 1] == spaces_before[first + 1]
            kept = np.nonzero(is_inside & ~is_end[: rolling.size] & ~is_end[length - 1 :])[0]
            rows.append(rows_of_points[kept])
            hashes.append(_mix(rolling[kept] + np.uint64(length)))
    if not rows:
        return Grams(rows=np.zeros(0, dtype=np.int64), hashes=np.zeros(0, dtype=np.uint64))
    return Grams(rows=np.concatenate(rows), hashes=np.concatenate(hashes))


def _mix(hashes: _Hashes) -> _Hashes:
    """Spread every bit over all 64, with the finalizer of MurmurHash3 (Appleby, public domain)."""
    hashes = (hashes ^ (hashes >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    hashes = (hashes ^ (hashes >> np.uint64(33))) * np.uint64(0xC4CEB9FE1A85EC53)
    return hashes ^ (hashes >> np.uint64(33))
