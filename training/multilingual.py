"""Learns the model of the other languages: n-grams, once for all and once for each language, and word lists.

The labels of the film subtitles know no neutral; what neutral looks like is learned from English tweets, read with the
same model: a weak output means neutral, the same on both sides.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression, SGDClassifier

from analysis.scoring.lexicon import Lexica
from analysis.scoring.linear import LinearModel
from analysis.scoring.multilingual import LANGUAGES, salts_of, shape_of
from analysis.scoring.ngrams import features_of
from training.matrices import TableBits, hashed_matrix, tables_of, with_calibration
from training.texts import LABELS, LabelledTexts

BITS = TableBits(words=17, pairs=17, runs=19)
_LIST_SCALE = 0.3  # as for style in English
_LIST_ALONE = 0.5  # weight of a model of the word lists alone, added to the joint one; of 0, .5 and 1
_ALPHA = 1.5e-5  # of 5e-6, 1e-5 and 2e-5, which hardly differ
_SEED = 0
_POSITIVE = LABELS.index("positive")
ASSUMED_SHARES = np.array([0.32, 0.36, 0.32])  # as in English, but even


def train_multilingual(train: LabelledTexts, validation: LabelledTexts, english: LabelledTexts) -> LinearModel:
    """Return the model.

    Args: train, validation: subtitles, negative or positive, every language; of the second only where the middle
        between the sides lies. english: tweets with neutral ones, for calibration.
    """
    lists = Lexica(LANGUAGES).features(train.texts, train.languages)
    hashed = hashed_matrix(train.texts, BITS, salts_of(train.languages))
    is_positive = train.labels == _POSITIVE
    spread = lists.std(axis=0) + np.float32(1e-6)
    scaled = np.clip(lists / spread, -4, 4)
    joint = SGDClassifier(
        loss="log_loss", alpha=_ALPHA, class_weight="balanced", average=True, max_iter=15, tol=None, random_state=_SEED
    ).fit(hstack([hashed, csr_matrix(scaled * _LIST_SCALE)]).tocsr(), is_positive)
    alone = LogisticRegression(class_weight="balanced").fit(scaled, is_positive)
    of_lists = joint.coef_[:, hashed.shape[1] :] * _LIST_SCALE + _LIST_ALONE * alone.coef_
    model = LinearModel(
        **tables_of(joint.coef_[:, : hashed.shape[1]], BITS),
        dense=of_lists.astype(np.float32),
        centre=np.zeros_like(spread),
        spread=spread,
        offset=(joint.intercept_ + _LIST_ALONE * alone.intercept_).astype(np.float32),
        calibration=np.zeros((2, 3), dtype=np.float32),
        calibration_offset=np.zeros(3, dtype=np.float32),
    )
    output = outputs_of(model, validation)[:, 0]
    sides = validation.labels == _POSITIVE
    model.offset[0] -= (output[sides].mean() + output[~sides].mean()) / 2
    return _calibrated(model, english)


def outputs_of(model: LinearModel, data: LabelledTexts) -> NDArray[np.float64]:
    """Return the model's output for each text, (n, 1)."""
    features = features_of(data.texts)
    dense = Lexica(LANGUAGES).features(data.texts, data.languages)
    return model.outputs(features, dense, features.salted(salts_of(data.languages)))


def _calibrated(model: LinearModel, english: LabelledTexts) -> LinearModel:
    output = outputs_of(model, english)
    output = output - np.median(output)  # only how far the sides lie apart can be learned from English
    # Mirrored, so that no side is preferred: the subtitles say nothing of how often a language is negative.
    mirrored = np.concatenate([output, -output])
    labels = np.concatenate([english.labels, 2 - english.labels])
    weights = ASSUMED_SHARES[labels] / np.bincount(labels, minlength=3)[labels]
    fitted = LogisticRegression(C=1e3, max_iter=1_000).fit(
        shape_of(mirrored), labels, sample_weight=weights * labels.size
    )
    return with_calibration(model, fitted.coef_, fitted.intercept_)
