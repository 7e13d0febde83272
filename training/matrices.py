"""Hashed features as the sparse matrices that scikit-learn learns from.

Second step of training. The columns are the buckets of `LinearModel`'s tables, in the order words, pairs, runs. Never
hashes by itself: training and scoring share analysis/scoring/ngrams.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from analysis.scoring.linear import LinearModel
from analysis.scoring.ngrams import Features, features_of

_CHUNK = 1_000  # texts hashed at once


@dataclass(frozen=True, slots=True, kw_only=True)
class TableBits:
    """Sizes of the tables: 2**bits buckets each."""

    words: int
    pairs: int
    runs: int

    @property
    def sizes(self) -> tuple[int, int, int]:
        """Buckets of words, pairs and runs."""
        return 1 << self.words, 1 << self.pairs, 1 << self.runs


def hashed_matrix(texts: Sequence[str], bits: TableBits, salts: NDArray[np.uint64] | None = None) -> csr_matrix:
    """Return one row a text: all buckets, each kind of features of length one.

    Args: texts: cleaned. salts: one a text, such as its language; its features then stand a second time under hashes of
        their own.
    """
    parts = []
    for start in range(0, len(texts), _CHUNK):
        features = features_of(texts[start : start + _CHUNK])
        matrix = _matrix(features, bits)
        if salts is not None:
            matrix = matrix + _matrix(features.salted(salts[start : start + _CHUNK]), bits)
        parts.append(matrix)
    return csr_matrix(vstack(parts))


def tables_of(weights: NDArray[np.float64], bits: TableBits) -> dict[str, NDArray[np.float16]]:
    """Return weights (k, columns) of such a matrix as the tables of a LinearModel."""
    words, pairs, _ = bits.sizes
    split = np.split(weights[:, : sum(bits.sizes)], [words, words + pairs], axis=1)
    return {name: part.T.astype(np.float16) for name, part in zip(("words", "pairs", "runs"), split, strict=True)}


def with_calibration(model: LinearModel, weights: NDArray[np.float64], offset: NDArray[np.float64]) -> LinearModel:
    """Return `model` with the calibration (c, m) and (c,) that was fitted on what it says."""
    parts = {name: getattr(model, name) for name in ("words", "pairs", "runs", "dense", "centre", "spread", "offset")}
    return LinearModel(
        **parts,
        calibration=weights.T.astype(np.float32),
        calibration_offset=offset.astype(np.float32),
    )


def _matrix(features: Features, bits: TableBits) -> csr_matrix:
    rows, columns, values, shift = [], [], [], 0
    kinds = ((features.words, bits.words), (features.pairs, bits.pairs), (features.runs, bits.runs))
    for grams, size in kinds:
        rows.append(grams.rows)
        columns.append(grams.buckets(size) + shift)
        values.append(grams.shares(features.count))
        shift += 1 << size
    cells = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
    matrix = csr_matrix(cells, shape=(features.count, sum(bits.sizes)))
    matrix.sum_duplicates()
    return matrix
