"""Reads the invented replies under training/replies: what hostile replies that do not look negative sound like.

They are part of the repository (each line was invented for it), one file an author and language. Never used to report
a figure: benchmarks/replies is kept apart for that.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.cleaning import for_scoring
from training.texts import TrainingError

FOLDER = Path(__file__).parent / "replies"
_SIDES = ("hostile", "friendly", "ordinary")


@dataclass(frozen=True, slots=True, kw_only=True)
class Replies:
    """Cleaned replies with their language and whether they are hostile; `files` says who wrote which."""

    texts: tuple[str, ...]
    languages: tuple[str, ...]
    is_hostile: NDArray[np.bool_]
    files: NDArray[np.str_]

    def only(self, keep: NDArray[np.bool_]) -> "Replies":
        """Return the replies where `keep` is true."""
        kept = np.nonzero(keep)[0]
        return Replies(
            texts=tuple(self.texts[i] for i in kept),
            languages=tuple(self.languages[i] for i in kept),
            is_hostile=self.is_hostile[kept],
            files=self.files[kept],
        )


def read_replies(folder: Path = FOLDER) -> Replies:
    """Return all replies of the files LANGUAGE_NAME.tsv in a folder, each line a side and a text.

    Raises: TrainingError: there is none, or a line has no known side.
    """
    texts, languages, hostile, files = [], [], [], []
    for path in sorted(folder.glob("*_*.tsv")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            side, _, text = line.partition("\t")
            if side not in _SIDES or not text:
                raise TrainingError(f"{path} line {number}: {side!r}; write one of {', '.join(_SIDES)}, a tab, a text")
            texts.append(for_scoring(text))
            languages.append(path.stem.partition("_")[0])
            hostile.append(side == "hostile")
            files.append(path.stem)
    if not texts:
        raise TrainingError(f"{folder}: holds no replies; name files such as en_1.tsv")
    return Replies(texts=tuple(texts), languages=tuple(languages), is_hostile=np.array(hostile), files=np.array(files))
