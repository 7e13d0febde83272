"""Training: what `make train` writes is what the scorer loads; wrong data is one line."""

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest

from analysis.scoring.linear import LinearModel
from training.english import outputs_of, train_english
from training.multilingual import outputs_of as foreign_outputs_of
from training.multilingual import train_multilingual
from training.replies import read_replies
from training.texts import LabelledTexts, TrainingError, read_labelled
from training.tone import Examples, train_tone

BAD = ("awful day {}", "terrible service {}", "worst ever {}", "hate this {}", "so broken {}", "angry about {}")
PLAIN = (
    "the shop opens at {}",
    "see the train at {}",
    "part {} of the series",
    "room {} is upstairs",
    "item {} listed",
)
GOOD = ("lovely day {}", "great service {}", "best ever {}", "love this {}", "so happy {}", "glad about {}")


def labelled(numbers: range, languages: tuple[str, ...] = ("en",), *, has_neutral: bool = True) -> LabelledTexts:
    kinds = [(0, BAD), (1, PLAIN), (2, GOOD)] if has_neutral else [(0, BAD), (2, GOOD)]
    rows = [(form.format(n), label) for n in numbers for label, forms in kinds for form in forms]
    return LabelledTexts(
        texts=tuple(text for text, _ in rows),
        labels=np.array([label for _, label in rows]),
        languages=tuple(languages[i % len(languages)] for i in range(len(rows))),
    )


def test_english_model_learns_the_sides_and_keeps_them_in_its_file(tmp_path: Path) -> None:
    model = train_english(labelled(range(30)), labelled(range(30, 40)), vectors=None)
    model.save(tmp_path / "english.npz")
    loaded = LinearModel.load(tmp_path / "english.npz")
    shares = loaded.probabilities(outputs_of(loaded, ("awful day 99", "room 99 is upstairs", "lovely day 99")))
    assert shares.argmax(axis=1).tolist() == [0, 1, 2]
    assert shares.sum(axis=1) == pytest.approx([1, 1, 1])


def test_multilingual_model_learns_two_sides_and_calls_the_weak_neutral() -> None:
    model = train_multilingual(
        labelled(range(30), ("de", "fi"), has_neutral=False),
        labelled(range(30, 34), ("de", "fi"), has_neutral=False),
        labelled(range(40, 60)),
    )
    texts = LabelledTexts(texts=("awful day 99", "lovely day 99"), labels=np.array([0, 2]), languages=("de", "fi"))
    output = foreign_outputs_of(model, texts)[:, 0]
    assert output[0] < 0 < output[1]


def test_tone_is_calibrated_on_authors_it_has_not_seen() -> None:
    data = labelled(range(20), has_neutral=False)
    examples = Examples(
        texts=data.texts,
        languages=data.languages,
        is_hostile=data.labels == 0,
        weights=np.ones(len(data.texts)),
        groups=np.array(["one", "other"] * (len(data.texts) // 2)),
        dense=np.random.default_rng(1).normal(size=(len(data.texts), 9)).astype(np.float32),
    )
    model = train_tone(examples)
    assert model.calibration[0, 1] > 0
    assert model.calibration[0, 0] == 0


def test_the_same_data_give_the_same_model() -> None:
    first, second = (train_english(labelled(range(8)), labelled(range(8, 12)), vectors=None) for _ in range(2))
    assert (first.words == second.words).all()
    assert (first.calibration == second.calibration).all()


def test_replies_of_the_repository_are_all_readable_and_on_both_sides() -> None:
    replies = read_replies()
    for file in sorted(set(replies.files.tolist())):
        own = replies.files == file
        assert 0.3 < replies.is_hostile[own].mean() < 0.6, file
    assert {"en", "hu", "fi", "de", "es", "fr", "pt"} == set(replies.languages)


@pytest.mark.parametrize("line", ["angry\ttext", "hostile", "hostile\t", ""])
def test_reply_without_a_known_side_is_refused_by_line(tmp_path: Path, line: str) -> None:
    (tmp_path / "en_1.tsv").write_text(f"friendly\tso good\n{line}\n", encoding="utf-8")
    with pytest.raises(TrainingError, match=r"en_1\.tsv line 2"):
        read_replies(tmp_path)


def test_missing_file_and_unknown_label_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"model-card\.md"):
        read_labelled(tmp_path / "none.csv.gz")
    with gzip.open(tmp_path / "bad.csv.gz", "wt", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("text", "label"), ("so so", "mixed")])
    with pytest.raises(TrainingError, match="mixed"):
        read_labelled(tmp_path / "bad.csv.gz")


def test_texts_of_the_validation_part_are_not_learned_from() -> None:
    train, validation = labelled(range(3)), labelled(range(2, 4))
    shouted = LabelledTexts(
        texts=tuple(f"{text.upper()}!!" for text in validation.texts),
        labels=validation.labels,
        languages=validation.languages,
    )
    assert set(train.without(shouted).texts) == set(labelled(range(2)).texts)
