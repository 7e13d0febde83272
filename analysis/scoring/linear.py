"""A linear model over hashed features, as plain arrays: no vocabulary, no pickle, no training library.

Between n-grams and the scorers of English and of the other languages. Never learns: `make train` writes the arrays.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from analysis.scoring.ngrams import Features, Grams
from stormcone.errors import ConfigError

Floats = NDArray[np.float64]

# Shares of negative, neutral and positive that the English model assumes; said of a text that nobody could read.
UNREAD: Final = (0.31, 0.36, 0.33)

_PARTS = ("words", "pairs", "runs", "dense", "centre", "spread", "offset", "calibration", "calibration_offset")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearModel:
    """The arrays of one model with k outputs and c classes.

    words, pairs, runs: (2**bits, k), one row a bucket, float16. dense: (k, d), weights of the d dense features, which
    are brought to mean `centre` and deviation `spread` (d,) and cut at four deviations. offset: (k,).
    calibration: (m, c) and calibration_offset (c,) turn what a scorer makes of the outputs into logits of classes.
    """

    words: NDArray[np.float16]
    pairs: NDArray[np.float16]
    runs: NDArray[np.float16]
    dense: NDArray[np.float32]
    centre: NDArray[np.float32]
    spread: NDArray[np.float32]
    offset: NDArray[np.float32]
    calibration: NDArray[np.float32]
    calibration_offset: NDArray[np.float32]

    @classmethod
    @cache
    def load(cls, path: Path) -> "LinearModel":
        """Return the model in a file that `save` has written; each file is read once in a process.

        Raises: ConfigError: the file is missing or is not such a model.
        """
        try:
            with np.load(path, allow_pickle=False) as arrays:
                return cls(**{name: arrays[name] for name in _PARTS})
        except (OSError, EOFError, KeyError, ValueError, BadZipFile) as error:
            raise ConfigError(str(path), remedy=f"run `make train`, or install Stormcone again: {error}") from error

    def save(self, path: Path) -> None:
        """Write the arrays, compressed."""
        arrays = {name: getattr(self, name) for name in _PARTS}
        np.savez_compressed(path, allow_pickle=False, **arrays)

    def outputs(self, features: Features, dense: NDArray[np.float32], salted: Features | None = None) -> Floats:
        """Return the outputs (n, k) of a batch.

        Args: dense: (n, d). salted: the same features once more under hashes of their own, such as the language's.
        """
        scaled = np.clip((dense - self.centre) / self.spread, -4, 4)
        total: Floats = scaled.astype(np.float64) @ self.dense.T + self.offset
        for batch in (features, *([salted] if salted is not None else [])):
            for grams, table in ((batch.words, self.words), (batch.pairs, self.pairs), (batch.runs, self.runs)):
                total += _sums(grams, table, batch.count)
        return total

    def probabilities(self, seen: Floats) -> Floats:
        """Return probabilities (n, c) of what a scorer made of the outputs, (n, m)."""
        logits = seen @ self.calibration + self.calibration_offset
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares: Floats = powers / powers.sum(axis=1, keepdims=True)
        return shares


def _sums(grams: Grams, table: NDArray[np.float16], count: int) -> Floats:
    """Return the sum of the weights of a text's features, over the root of their number: (count, k)."""
    weights = table[grams.buckets(_bits(table))].astype(np.float32)
    present = np.maximum(np.bincount(grams.rows, minlength=count), 1)
    columns = [np.bincount(grams.rows, weights=column, minlength=count) for column in weights.T]
    return np.stack(columns, axis=1) / np.sqrt(present)[:, None]


def _bits(table: NDArray[np.float16]) -> int:
    return int(table.shape[0]).bit_length() - 1
