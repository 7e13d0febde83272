"""How much a text sounds like the replies of a pile-on, whatever its words mean one by one.

Beside the cues, which name what they find: sarcasm takes more shapes than a table can list. Learned from invented
replies (training/replies), hostile ones that read as praise and friendly ones with the same words. It sees the cues'
answer and the polarity, and weighs them against the wording. Never explains: where it decides alone, that is its name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.scoring.linear import Floats, LinearModel
from analysis.scoring.ngrams import Features

WORDING: Final = "wording of a pile-on"  # the name of what fired, where no cue did

LANGUAGES: Final = frozenset({"en", "hu", "fi", "de", "es", "fr", "pt"})  # of the replies it learned from

_WEIGHTS: Final = Path(__file__).parent / "weights" / "tone.npz"
_LONG_WORDS: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Impression:
    """What is known of a text before its tone is judged. cues: hostility by cues. negative, positive: probabilities."""

    cues: float
    negative: float
    positive: float


class ToneModel:
    """Judges the tone of cleaned texts."""

    def __init__(self) -> None:
        self._model = LinearModel.load(_WEIGHTS)

    def hostile(self, features: Features, texts: Sequence[str], impressions: Sequence[Impression]) -> Floats:
        """Return the probability that a text is a hostile reply, (n,).

        Args: features: of the texts. texts: cleaned, each in one of LANGUAGES. impressions: of the same texts.
        """
        shares: Floats = self._model.probabilities(self._model.outputs(features, dense_of(texts, impressions)))[:, 1]
        return shares


def dense_of(texts: Sequence[str], impressions: Sequence[Impression]) -> NDArray[np.float32]:
    """Return what the model sees beside n-grams, (n, 9)."""
    rows = [
        (
            seen.cues,
            seen.cues**0.5,
            float(seen.cues >= 0.5),  # noqa: PLR2004 - where a text counts as hostile by its cues
            seen.negative,
            seen.positive,
            float("?" in text),
            float("!" in text),
            float('"' in text),
            min(text.count(" "), _LONG_WORDS) / _LONG_WORDS,
        )
        for text, seen in zip(texts, impressions, strict=True)
    ]
    return np.array(rows, dtype=np.float32).reshape(len(rows), 9)
