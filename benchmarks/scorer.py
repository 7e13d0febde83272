"""How well and how fast texts are scored: `python -m benchmarks.scorer --data DIR`.

DIR holds val_en.csv.gz (posts, columns text and label), xed_val.csv.gz and umsab_val.csv.gz (with lang). The replies in
benchmarks/replies are invented and part of the repository; nothing was chosen by them. Other labelled sets of the same
form are measured with --english FILE. Prints every figure beside its bar; ends with 1 where one is missed or the files
are not there. Never trains, never keeps a text.
"""

import csv
import gzip
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from analysis.scoring.scorer import LinearScorer
from benchmarks.tables import new_parser, show, show_json
from stormcone.models import Mention, Place, Scores, Surroundings

_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_LABELS = ("negative", "neutral", "positive")
_REPLIES = Path(__file__).parent / "replies"
_WINDOW = 50
_DRAWS = 4_000

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured figure. bar: what it should be at least, or at most where `is_cost`; None: shown only."""

    name: str
    value: float
    bar: float | None = None
    is_cost: bool = False

    @property
    def holds(self) -> bool:
        """Whether the bar is reached."""
        if self.bar is None:
            return True
        return self.value <= self.bar if self.is_cost else self.value >= self.bar


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark."""
    parser = new_parser(__doc__ or "")
    parser.add_argument("--data", type=Path, required=True, help="folder with the validation sets")
    parser.add_argument("--english", type=Path, nargs="*", default=[], help="more English sets: text,label")
    options = parser.parse_args(arguments)
    scorer = LinearScorer()
    try:
        english = [options.data / "val_en.csv.gz", *options.english]
        figures = [figure for path in english for figure in _english(path.name.split(".")[0], _read(path), scorer)]
        figures += _subtitles(_read(options.data / "xed_val.csv.gz"), scorer)
        figures += _posts(_read(options.data / "umsab_val.csv.gz"), scorer)
        figures += _replies(scorer)
        figures += _costs([row["text"] for row in _read(english[0])], scorer, options.rounds)
    except (OSError, KeyError) as error:
        print(f"scorer: {error}; give the folder of the validation sets with --data", file=sys.stderr)
        return 1
    show(
        f"scorer {scorer.name}",
        ["figure", "measured", "bar", ""],
        [
            (
                each.name,
                f"{each.value:.3f}" if each.value < 50 else f"{each.value:,.0f}",
                "" if each.bar is None else f"{'<=' if each.is_cost else '>='} {each.bar:g}",
                "" if each.holds else "missed",
            )
            for each in figures
        ],
    )
    if options.json:
        show_json({each.name: each.value for each in figures})
    return 0 if all(each.holds for each in figures) else 1


def _read(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _score(
    scorer: LinearScorer, texts: Sequence[str], langs: Sequence[str | None], posts: Sequence[str | None] = ()
) -> list[Scores]:
    """Score each text alone, as a reply in a thread of its own."""
    around: dict[Place, Mention] = {}
    mentions = []
    for number, (text, lang) in enumerate(zip(texts, langs, strict=True)):
        mentions.append(_mention(f"text {number}", text, lang, parent=f"post {number}"))
        post = posts[number] if posts else None
        if post is not None:
            around["x", f"post {number}"] = _mention(f"post {number}", post, None)
    return scorer.score(mentions, Surroundings(posts=around))


def _mention(name: str, text: str, lang: str | None, *, parent: str | None = None) -> Mention:
    return Mention(
        platform="x",
        id=name,
        brand="b",
        posted_at=_NOW,
        seen_at=_NOW,
        text=text,
        lang=lang,
        parent_id=parent,
        is_own_post=parent is None,
    )


def _english(name: str, rows: list[dict[str, str]], scorer: LinearScorer) -> Iterator[Figure]:
    scores = _score(scorer, [row["text"] for row in rows], ["en"] * len(rows))
    shares = np.array([(each.p_negative, each.p_neutral, each.p_positive) for each in scores])
    labels = np.array([_LABELS.index(row["label"]) for row in rows])
    said = shares.argmax(axis=1)
    recalls = [float((said[labels == label] == label).mean()) for label in range(3)]
    negative, is_negative = shares[:, 0], labels == 0
    # The sets hold 16 % to 40 % negative texts: weighed to a third, they can be compared, and shares mean something.
    weights = np.array([0.32, 0.48, 0.20])[labels] / np.bincount(labels, minlength=3)[labels] * labels.size
    hits = (weights * ((said == 0) & is_negative)).sum()
    yield Figure(name=f"{name}: macro-recall", value=float(np.mean(recalls)), bar=0.65)
    yield Figure(
        name=f"{name}: F1 negative",
        value=float(2 * hits / (weights[said == 0].sum() + weights[is_negative].sum())),
        bar=0.65,
    )
    yield Figure(name=f"{name}: AUC negative", value=_auc(negative[is_negative], negative[~is_negative]), bar=0.82)
    yield Figure(name=f"{name}: AUC negative of VADER alone", value=_vader_auc(scores, is_negative))
    yield Figure(
        name=f"{name}: negative share off by",
        value=abs(float(np.average(negative, weights=weights)) - 0.32),
        bar=0.02,
        is_cost=True,
    )
    yield Figure(
        name=f"{name}: calibration error", value=_calibration(negative, is_negative, weights), bar=0.05, is_cost=True
    )
    yield Figure(
        name=f"{name}: windows of {_WINDOW}, 25 % against 50 %", value=_windows(negative, is_negative), bar=0.90
    )


def _vader_auc(scores: Sequence[Scores], is_negative: NDArray[np.bool_]) -> float:
    compounds = np.array([-(each.compound or 0.0) for each in scores])
    return _auc(compounds[is_negative], compounds[~is_negative])


def _windows(negative: Floats, is_negative: NDArray[np.bool_]) -> float:
    """Return how surely the mean of a window tells 50 % negative texts from 25 %."""
    draw = np.random.default_rng(7)
    means = []
    for share in (0.5, 0.25):
        bad = draw.binomial(_WINDOW, share, _DRAWS)
        against = [draw.choice(negative[is_negative], each).sum() for each in bad]
        others = [draw.choice(negative[~is_negative], _WINDOW - each).sum() for each in bad]
        means.append(np.add(against, others))
    return _auc(*means)


def _calibration(shares: Floats, happened: NDArray[np.bool_], weights: Floats) -> float:
    """Return the expected calibration error in ten bins."""
    bins = np.minimum((shares * 10).astype(int), 9)
    return float(sum(abs((weights * (shares - happened))[bins == each].sum()) for each in range(10)) / weights.sum())


def _auc(above: Floats, below: Floats) -> float:
    """Return how often one of `above` is larger than one of `below`; half where they are equal."""
    everything = np.sort(below)
    left = np.searchsorted(everything, above, "left")
    right = np.searchsorted(everything, above, "right")
    return float((left + right).mean() / 2 / below.size)


def _subtitles(rows: list[dict[str, str]], scorer: LinearScorer) -> Iterator[Figure]:
    scores = _score(scorer, [row["text"] for row in rows], [row["lang"] for row in rows])
    bars = {"fi": 0.75, "hu": 0.65}
    for lang in sorted({row["lang"] for row in rows} - {"en"}):
        own = [(each, row["label"]) for each, row in zip(scores, rows, strict=True) if row["lang"] == lang]
        good = [each.p_positive > each.p_negative for each, label in own if label == "positive"]
        bad = [each.p_positive <= each.p_negative for each, label in own if label == "negative"]
        yield Figure(
            name=f"subtitles {lang}: macro-recall", value=float((np.mean(good) + np.mean(bad)) / 2), bar=bars.get(lang)
        )
    alone = _score(scorer, [row["text"] for row in rows], [None] * len(rows))
    right = [each.lang == row["lang"] for each, row in zip(alone, rows, strict=True)]
    yield Figure(name="subtitles: language named rightly", value=float(np.mean(right)), bar=0.88)


def _posts(rows: list[dict[str, str]], scorer: LinearScorer) -> Iterator[Figure]:
    for lang in ("es", "de", "fr", "pt", "it"):
        own = [row for row in rows if row["lang"] == lang and row["label"] != "neutral"]
        scores = _score(scorer, [row["text"] for row in own], [lang] * len(own))
        sides = np.array([each.p_negative - each.p_positive for each in scores])
        is_negative = np.array([row["label"] == "negative" for row in own])
        yield Figure(name=f"posts {lang}: AUC of sides", value=_auc(sides[is_negative], sides[~is_negative]), bar=0.73)


def _replies(scorer: LinearScorer) -> Iterator[Figure]:
    bars = {"en": 0.80, "hu": 0.70, "fi": 0.70}
    for path in sorted(_REPLIES.glob("*.toml")):
        rows = tomllib.loads(path.read_text(encoding="utf-8"))["reply"]
        texts = [row["text"] for row in rows]
        is_hostile = np.array([row["side"] == "hostile" for row in rows])
        for known, posts in (("text alone", ()), ("with its post", [row["post"] for row in rows])):
            scores = _score(scorer, texts, [path.stem] * len(texts), posts)
            for what in ("hostility", "p_against"):
                values = np.array([getattr(each, what) for each in scores])
                yield Figure(
                    name=f"replies {path.stem}: AUC {what}, {known}",
                    value=_auc(values[is_hostile], values[~is_hostile]),
                    bar=bars.get(path.stem) if what == "hostility" else None,
                )


def _costs(texts: list[str], scorer: LinearScorer, rounds: int) -> Iterator[Figure]:
    vader = SentimentIntensityAnalyzer()
    ours, plain = [], []
    for _ in range(rounds):
        began = time.process_time()
        for text in texts:
            vader.polarity_scores(text)
        plain.append(time.process_time() - began)
        began = time.process_time()
        _score(scorer, texts, [None] * len(texts))
        ours.append(time.process_time() - began)
    ratio = float(np.median(np.array(plain) / np.array(ours)))
    yield Figure(name="texts a second, one core", value=len(texts) / float(np.median(ours)), bar=2_000)
    yield Figure(name="speed, as a part of plain VADER's", value=ratio, bar=0.25)
    worst = {"10,000 emoji": "😂😭🙃💀" * 2_500, "1 MB of a word": "awful " * 170_000, "1 MB of a letter": "a" * 10**6}
    for name, text in worst.items():
        taken = []
        for _ in range(5):
            began = time.perf_counter()
            _score(scorer, [text], [None])
            taken.append(1_000 * (time.perf_counter() - began))
        yield Figure(name=f"{name}: ms", value=min(taken), bar=20, is_cost=True)
    start = "import time; t = time.perf_counter(); from analysis.scoring.scorer import LinearScorer; LinearScorer()"
    command = [sys.executable, "-c", f"{start}; print(time.perf_counter() - t)"]
    cold = [float(subprocess.run(command, capture_output=True, check=True, text=True).stdout) for _ in range(3)]
    yield Figure(name="cold start: s", value=min(cold), bar=1, is_cost=True)
    weights = Path(__file__).parents[1] / "analysis" / "scoring"
    size = sum(file.stat().st_size for folder in ("weights", "lexica") for file in (weights / folder).iterdir())
    yield Figure(name="models and lists: MB", value=size / 1e6, bar=5, is_cost=True)


if __name__ == "__main__":
    sys.exit(main())
