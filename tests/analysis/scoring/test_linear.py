"""Linear models as files: what is written is read, and a broken file is refused in one line."""

from pathlib import Path

import numpy as np
import pytest

from analysis.scoring.linear import LinearModel
from analysis.scoring.ngrams import features_of
from stormcone.errors import ConfigError


def model(seed: int = 1) -> LinearModel:
    draw = np.random.default_rng(seed)

    def table(bits: int) -> np.ndarray[tuple[int, int], np.dtype[np.float16]]:
        return draw.normal(size=(1 << bits, 2)).astype(np.float16)

    return LinearModel(
        words=table(6),
        pairs=table(5),
        runs=table(7),
        dense=draw.normal(size=(2, 3)).astype(np.float32),
        centre=np.zeros(3, dtype=np.float32),
        spread=np.ones(3, dtype=np.float32),
        offset=np.array([0.5, -0.5], dtype=np.float32),
        calibration=np.array([[1, 0, 0], [0, 0, 1]], dtype=np.float32),
        calibration_offset=np.zeros(3, dtype=np.float32),
    )


def test_output_is_the_sum_of_weights_over_the_root_of_their_number() -> None:
    linear, features = model(), features_of(["so it goes"])
    expected = linear.offset.astype(np.float64)
    for grams, table in ((features.words, linear.words), (features.pairs, linear.pairs), (features.runs, linear.runs)):
        rows = table[grams.buckets(table.shape[0].bit_length() - 1)].astype(np.float64)
        expected = expected + rows.sum(axis=0) / np.sqrt(len(rows))
    output = linear.outputs(features, np.zeros((1, 3), dtype=np.float32))
    assert output[0] == pytest.approx(expected, abs=1e-3)


def test_dense_features_far_out_are_cut() -> None:
    linear, features = model(), features_of([""])
    far, further = (np.full((1, 3), value, dtype=np.float32) for value in (4.0, 4_000.0))
    assert linear.outputs(features, far) == pytest.approx(linear.outputs(features, further))


def test_probabilities_add_up_to_one_however_large_the_outputs() -> None:
    shares = model().probabilities(np.array([[1e4, -1e4], [0.0, 0.0]]))
    assert shares.sum(axis=1) == pytest.approx([1.0, 1.0])
    assert shares[0] == pytest.approx([1.0, 0.0, 0.0])


def test_saved_model_says_the_same(tmp_path: Path) -> None:
    first = model()
    first.save(tmp_path / "m.npz")
    second = LinearModel.load(tmp_path / "m.npz")
    features, dense = features_of(["delete this", ""]), np.ones((2, 3), dtype=np.float32)
    assert (first.outputs(features, dense) == second.outputs(features, dense)).all()


@pytest.mark.parametrize("content", [None, b"", b"no arrays", b"PK\x03\x04"])
def test_file_that_is_no_model_is_refused_in_one_line(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "m.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match="make train") as refused:
        LinearModel.load(path)
    assert str(path) in str(refused.value)
