"""Learns the English model: a linear model over n-grams and style, helped by word vectors.

The labelled tweets hold few of the words that people will use. A second linear model is learned on the mean of the
words' GloVe vectors; being linear it comes down to three numbers a word, which are added to the table of words. So the
vectors cost nothing at run time, and words that no training text held have a weight.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression, SGDClassifier

from analysis.scoring.linear import UNREAD, LinearModel
from analysis.scoring.ngrams import features_of, hash_words
from analysis.scoring.vader import VaderReader, style_of
from training.matrices import TableBits, hashed_matrix, tables_of, with_calibration
from training.texts import LabelledTexts
from training.vectors import WordVectors

BITS = TableBits(words=18, pairs=17, runs=18)
_STYLE_SCALE = 0.3  # of .3 and 1.0, the better on the validation part: style must not drown the n-grams
_ALPHA = 5e-6  # of 3e-6 to 3e-4
_VECTOR_C = 0.01
_SEED = 0

# Shares of negative, neutral and positive that the probabilities assume. Every part of the tweets has others (negative
# 16 % here, about 32 % in the set of 2017), so none can be learned. Compared on the validation part: nearly even shares
# find every class, and still estimate a negative share of a third within 2 points (docs/model-card.md).
ASSUMED_SHARES = np.array(UNREAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    hashed: csr_matrix
    style: NDArray[np.float32]


def train_english(train: LabelledTexts, validation: LabelledTexts, vectors: WordVectors | None) -> LinearModel:
    """Return the model, calibrated on `validation`.

    Args: vectors: None leaves the word vectors out, at a small cost (docs/model-card.md).
    """
    seen = _see(train)
    centre, spread = seen.style.mean(axis=0), seen.style.std(axis=0) + 1e-6
    scaled = np.clip((seen.style - centre) / spread, -4, 4)
    first = SGDClassifier(
        loss="log_loss", alpha=_ALPHA, class_weight="balanced", average=True, max_iter=15, tol=None, random_state=_SEED
    ).fit(hstack([seen.hashed, csr_matrix(scaled * _STYLE_SCALE)]).tocsr(), train.labels)
    weights = first.coef_[:, : seen.hashed.shape[1]].copy()
    dense = first.coef_[:, seen.hashed.shape[1] :] * _STYLE_SCALE
    offset = first.intercept_.copy()
    if vectors is not None:
        plain, negated = _placed(vectors, is_negated=False), _placed(vectors, is_negated=True)
        words = seen.hashed[:, : BITS.sizes[0]]
        of_texts = np.hstack([words @ plain, words @ negated])
        deviation = of_texts.std(axis=0) + 1e-6
        second = LogisticRegression(C=_VECTOR_C, class_weight="balanced", max_iter=300, tol=1e-3).fit(
            np.hstack([scaled, of_texts / deviation]), train.labels
        )
        of_style, of_words = np.split(second.coef_, [scaled.shape[1]], axis=1)
        of_plain, of_negated = np.split(of_words / deviation, 2, axis=1)
        weights[:, : BITS.sizes[0]] += (plain @ of_plain.T + negated @ of_negated.T).T
        dense = dense + of_style
        offset = offset + second.intercept_
    to_neutral = np.array([[1.0, -1.0, 0.0], [0.0, -1.0, 1.0]])  # two differences say all that three logits say
    model = LinearModel(
        **tables_of(to_neutral @ weights, BITS),
        dense=(to_neutral @ dense).astype(np.float32),
        centre=centre,
        spread=spread,
        offset=(to_neutral @ offset).astype(np.float32),
        calibration=np.zeros((2, 3), dtype=np.float32),
        calibration_offset=np.zeros(3, dtype=np.float32),
    )
    return _calibrated(model, validation)


def outputs_of(model: LinearModel, texts: tuple[str, ...]) -> NDArray[np.float64]:
    """Return the model's two outputs for cleaned texts, (n, 2)."""
    vader = VaderReader()
    return model.outputs(features_of(texts), style_of(texts, [vader.read(text) for text in texts]))


def _see(data: LabelledTexts) -> _Seen:
    vader = VaderReader()
    return _Seen(
        hashed=hashed_matrix(data.texts, BITS), style=style_of(data.texts, [vader.read(text) for text in data.texts])
    )


def _placed(vectors: WordVectors, *, is_negated: bool) -> NDArray[np.float32]:
    """Return the vectors by bucket of the table of words; of words that share one, the more frequent wins."""
    buckets = (hash_words(vectors.words, negated=is_negated) >> np.uint64(64 - BITS.words)).astype(np.int64)
    placed = np.zeros((BITS.sizes[0], vectors.values.shape[1]), dtype=np.float32)
    placed[buckets[::-1]] = vectors.values[::-1]
    return placed


def _calibrated(model: LinearModel, validation: LabelledTexts) -> LinearModel:
    weights = ASSUMED_SHARES[validation.labels] / np.bincount(validation.labels, minlength=3)[validation.labels]
    fitted = LogisticRegression(C=1e3, max_iter=1_000).fit(
        outputs_of(model, validation.texts), validation.labels, sample_weight=weights * validation.labels.size
    )
    return with_calibration(model, fitted.coef_, fitted.intercept_)
