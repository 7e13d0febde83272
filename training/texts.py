"""Reads the labelled texts that models learn from.

First step of training. Never keeps a text beyond the run.
"""

import csv
import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.cleaning import for_scoring

LABELS = ("negative", "neutral", "positive")
_PLACES = {label: place for place, label in enumerate(LABELS)}


class TrainingError(Exception):
    """The data for training are not as they should be; the message says where and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledTexts:
    """Cleaned texts with the place of their label in LABELS and their language, all of one length."""

    texts: tuple[str, ...]
    labels: NDArray[np.int64]
    languages: tuple[str, ...]

    def only(self, keep: NDArray[np.bool_]) -> "LabelledTexts":
        """Return the texts where `keep` is true."""
        kept = np.nonzero(keep)[0]
        return LabelledTexts(
            texts=tuple(self.texts[i] for i in kept),
            labels=self.labels[kept],
            languages=tuple(self.languages[i] for i in kept),
        )

    def without(self, others: "LabelledTexts") -> "LabelledTexts":
        """Return the texts that do not stand among `others`, whatever signs, links and handles are around them."""
        known = {_bare(text) for text in others.texts}
        return self.only(np.array([_bare(text) not in known for text in self.texts]))


def read_labelled(path: Path, *, language: str = "") -> LabelledTexts:
    """Return the rows of a gzipped CSV file with columns text, label and perhaps lang.

    Args: language: of every row, where the file has no column lang.
    Raises: TrainingError: the file is missing or a row has no known label.
    """
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        labels = [_PLACES[row["label"]] for row in rows]
    except (OSError, KeyError, ValueError) as error:
        raise TrainingError(f"{path}: {error}; give a folder with the files named in docs/model-card.md") from error
    return LabelledTexts(
        texts=tuple(for_scoring(row["text"]) for row in rows),
        labels=np.array(labels, dtype=np.int64),
        languages=tuple(row.get("lang") or language for row in rows),
    )


def _bare(text: str) -> str:
    return "".join(each for each in text.casefold() if each.isalnum())
