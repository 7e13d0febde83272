"""Polarity outside English, from a model of film subtitles in fifteen languages and word lists.

Beside english.py, behind the scorer. Weaker than English everywhere, and measured on posts in five languages only:
`RELIABLE` says where a share may be shown without a caveat. Never runs VADER.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.scoring.lexicon import Lexica
from analysis.scoring.linear import Floats, LinearModel
from analysis.scoring.ngrams import Features

LANGUAGES: Final = ("hu", "fi", "de", "es", "fr", "it", "pt", "sv", "pl", "nl", "da", "no", "cs", "ro")

# Where posts with labels were at hand, and of five pairs of a negative and a positive one four were put in the right
# order (docs/model-card.md). Hungarian and Finnish were measured on film subtitles alone.
RELIABLE: Final = frozenset({"es", "pt"})

_WEIGHTS: Final = Path(__file__).parent / "weights" / "multilingual.npz"


class MultilingualModel:
    """Reads texts of LANGUAGES.

    >>> from analysis.scoring.ngrams import features_of
    >>> texts = ["ihana palvelu, kiitos!", "aivan kamala"]
    >>> MultilingualModel().probabilities(features_of(texts), texts, ["fi", "fi"]).argmax(axis=1)
    array([2, 0])
    """

    def __init__(self) -> None:
        self._model = LinearModel.load(_WEIGHTS)
        self._lexica = Lexica(LANGUAGES)

    def probabilities(self, features: Features, texts: Sequence[str], languages: Sequence[str]) -> Floats:
        """Return p_negative, p_neutral, p_positive of cleaned texts, (n, 3).

        Args: features: of the texts. languages: of the texts, in order, each of LANGUAGES.
        """
        lists = self._lexica.features(texts, languages)
        output = self._model.outputs(features, lists, features.salted(salts_of(languages)))
        return self._model.probabilities(shape_of(output))


def salts_of(languages: Sequence[str]) -> NDArray[np.uint64]:
    """Return a number a text by its language, the same on every machine."""
    return np.array([_salt(language) for language in languages], dtype=np.uint64)


def shape_of(output: Floats) -> Floats:
    """Return what the calibration looks at, (n, 2): the output's side, and its strength, which tells neutral apart."""
    return np.hstack([output, np.abs(output)])


@cache
def _salt(language: str) -> int:
    return int.from_bytes(language.encode("ascii", "replace")[:7], "big") + 1
