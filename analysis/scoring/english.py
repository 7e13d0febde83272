"""Polarity of English texts, from a model of tweets.

Behind the scorer, beside VADER, whose answer is one of its inputs. Never sees who wrote, never looks for cues.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from analysis.scoring.linear import Floats, LinearModel
from analysis.scoring.ngrams import Features
from analysis.scoring.vader import VaderReading, style_of

_WEIGHTS: Final = Path(__file__).parent / "weights" / "english.npz"


class EnglishModel:
    """Reads English texts.

    >>> from analysis.scoring.ngrams import features_of
    >>> from analysis.scoring.vader import VaderReader
    >>> texts = ["three hours late and nobody answers", "can't wait to see you all tonight"]
    >>> vader = VaderReader()
    >>> [vader.read(text).compound for text in texts]  # its lexicon knows none of these words
    [0.0, 0.0]
    >>> EnglishModel().probabilities(features_of(texts), texts, [vader.read(text) for text in texts]).argmax(axis=1)
    array([0, 2])
    """

    def __init__(self) -> None:
        self._model = LinearModel.load(_WEIGHTS)

    def probabilities(self, features: Features, texts: Sequence[str], readings: Sequence[VaderReading]) -> Floats:
        """Return p_negative, p_neutral, p_positive of cleaned texts, (n, 3).

        Args: features: of the texts. readings: VADER's answers on the same texts, in order.
        """
        return self._model.probabilities(self._model.outputs(features, style_of(texts, readings)))
