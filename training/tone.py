"""Learns the tone of pile-on replies: from invented replies, with ordinary posts beside them.

Last step of training, as it sees what polarity and cues say. The ordinary posts keep it from calling everything hostile
that is not an invented friendly reply.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from analysis.hostility import HostilityReader
from analysis.scoring.english import EnglishModel
from analysis.scoring.linear import LinearModel
from analysis.scoring.multilingual import MultilingualModel
from analysis.scoring.ngrams import features_of
from analysis.scoring.tone import Impression, dense_of
from analysis.scoring.vader import VaderReader
from training.matrices import TableBits, hashed_matrix, tables_of, with_calibration
from training.replies import Replies
from training.texts import LABELS, LabelledTexts

BITS = TableBits(words=16, pairs=16, runs=17)
_C = 10.0  # of 1, 3 and 10, each author's replies judged by a model of the others'
_ORDINARY = 4_000  # English posts that are not negative, each with a quarter of a reply's weight
_ORDINARY_WEIGHT = 0.25
_ASSUMED_HOSTILE = 0.31  # of replies, as the polarity models assume; no real ones with labels were at hand
_SEED = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """Texts with what the model sees of them. weights: how much each counts. groups: who wrote it."""

    texts: tuple[str, ...]
    languages: tuple[str, ...]
    is_hostile: NDArray[np.bool_]
    weights: NDArray[np.float64]
    groups: NDArray[np.str_]
    dense: NDArray[np.float32]


def gather(replies: Replies, posts: LabelledTexts) -> Examples:
    """Return the replies, and a sample of posts that are not negative as ordinary ones."""
    kept = np.nonzero(posts.labels != LABELS.index("negative"))[0]
    chosen = np.random.default_rng(_SEED).choice(kept, min(_ORDINARY, kept.size), replace=False)
    texts = (*replies.texts, *(posts.texts[i] for i in chosen))
    languages = (*replies.languages, *(posts.languages[i] for i in chosen))
    return Examples(
        texts=texts,
        languages=languages,
        is_hostile=np.append(replies.is_hostile, np.zeros(chosen.size, dtype=bool)),
        weights=np.append(np.ones(len(replies.texts)), np.full(chosen.size, _ORDINARY_WEIGHT)),
        groups=np.append(replies.files, np.full(chosen.size, "posts")),
        dense=dense_of(texts, impressions_of(texts, languages)),
    )


def impressions_of(texts: tuple[str, ...], languages: tuple[str, ...]) -> list[Impression]:
    """Return what polarity and cues say of cleaned texts, as the scorer would."""
    vader, reader = VaderReader(), HostilityReader.load(sorted(set(languages)))
    shares = np.zeros((len(texts), 3))
    is_english = np.array([language == "en" for language in languages])
    english = [text for text, own in zip(texts, is_english, strict=True) if own]
    readings = [vader.read(text) for text in english]
    shares[is_english] = EnglishModel().probabilities(features_of(english), english, readings)
    others = [(text, lang) for text, lang in zip(texts, languages, strict=True) if lang != "en"]
    if others:
        foreign, spoken = [text for text, _ in others], [lang for _, lang in others]
        shares[~is_english] = MultilingualModel().probabilities(features_of(foreign), foreign, spoken)
    return [
        Impression(
            cues=reader.read(
                text,
                language=language,
                p_negative=float(negative),
                p_positive=float(positive),
                is_reply=True,
                has_link=False,
                post_text=None,
            ).hostility,
            negative=float(negative),
            positive=float(positive),
        )
        for text, language, (negative, _, positive) in zip(texts, languages, shares, strict=True)
    ]


def train_tone(examples: Examples) -> LinearModel:
    """Return the model, calibrated on what it says of each author's replies when it has not seen that author."""
    unseen = np.zeros(len(examples.texts))
    for group in sorted(set(examples.groups.tolist())):
        held_out = examples.groups == group
        unseen[held_out] = outputs_of(_fit(_only(examples, ~held_out)), _only(examples, held_out))[:, 0]
    rates = np.where(examples.is_hostile, _ASSUMED_HOSTILE, 1 - _ASSUMED_HOSTILE)
    totals = np.where(
        examples.is_hostile,
        examples.weights[examples.is_hostile].sum(),
        examples.weights[~examples.is_hostile].sum(),
    )
    fitted = LogisticRegression(C=1e3).fit(
        unseen[:, None], examples.is_hostile, sample_weight=examples.weights * rates / totals * unseen.size
    )
    slope, offset = fitted.coef_[0, 0], fitted.intercept_[0]
    return with_calibration(_fit(examples), np.array([[0.0], [slope]]), np.array([0.0, offset]))


def outputs_of(model: LinearModel, examples: Examples) -> NDArray[np.float64]:
    """Return the model's output for each text, (n, 1)."""
    return model.outputs(features_of(examples.texts), examples.dense)


def _only(examples: Examples, keep: NDArray[np.bool_]) -> Examples:
    kept = np.nonzero(keep)[0]
    return Examples(
        texts=tuple(examples.texts[i] for i in kept),
        languages=tuple(examples.languages[i] for i in kept),
        is_hostile=examples.is_hostile[kept],
        weights=examples.weights[kept],
        groups=examples.groups[kept],
        dense=examples.dense[kept],
    )


def _fit(examples: Examples) -> LinearModel:
    hashed = hashed_matrix(examples.texts, BITS)
    centre, spread = examples.dense.mean(axis=0), examples.dense.std(axis=0) + np.float32(1e-6)
    scaled = np.clip((examples.dense - centre) / spread, -4, 4)
    fitted = LogisticRegression(C=_C, class_weight="balanced", max_iter=300).fit(
        hstack([hashed, csr_matrix(scaled)]).tocsr(),
        examples.is_hostile,
        sample_weight=examples.weights,
    )
    return LinearModel(
        **tables_of(fitted.coef_[:, : hashed.shape[1]], BITS),
        dense=fitted.coef_[:, hashed.shape[1] :].astype(np.float32),
        centre=centre,
        spread=spread,
        offset=fitted.intercept_.astype(np.float32),
        calibration=np.zeros((1, 2), dtype=np.float32),
        calibration_offset=np.zeros(2, dtype=np.float32),
    )
