"""The transformer, with a model of three numbers a word that is built here."""

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from analysis.scoring.second_stage import SecondStage
from analysis.scoring.transformer import TransformerScorer, as_trained
from stormcone.errors import ConfigError
from stormcone.models import NOTHING_KNOWN, Mention, Scores, Surroundings
from tests.fakes import POST, make_mention, make_scored

pytest.importorskip("onnxruntime", reason="needs the extra [transformers]")
pytest.importorskip("tokenizers", reason="needs the extra [transformers]")
onnx = pytest.importorskip("onnx", reason="the model of these tests is built with onnx")

# word: what it adds to negative, neutral, positive. The pad is loud, so that one that is not masked is heard.
WORDS = {
    "<pad>": (50.0, 0.0, 0.0),
    "<unk>": (0.0, 1.0, 0.0),
    "hate": (4.0, 0.0, 0.0),
    "love": (0.0, 0.0, 4.0),
    "this": (0.0, 2.0, 0.0),
    "@user": (0.0, 0.0, 3.0),
    "http": (3.0, 0.0, 0.0),
}
NAMED = {"0": "negative", "1": "neutral", "2": "positive"}
HOSTILE = [
    "",
    "\x00",
    "\ud800 hate \udfff",
    "\u202ehate\u202c \u2066this\u2069",
    "😂" * 10_000,
    "hate " * 200_000,
    "a" * 1_000_000,
    "=cmd|'/c calc'!A1",
    "<script>hate</script> **this** \ue000\ue001",
    "@" * 5_000,
    "http" * 2_000,
    "vihaan tätä ненавижу 嫌い",
]


def softmax(logits: Sequence[float]) -> NDArray[np.float64]:
    powers = np.exp(np.array(logits))
    shares: NDArray[np.float64] = powers / powers.sum()
    return shares


def save_model(file: Path, *, columns: Sequence[int] = (0, 1, 2), scale: float = 1.0) -> None:
    """Write a model: the mean of the words' numbers, pads masked; `columns` orders the answer."""
    helper, kinds = onnx.helper, onnx.TensorProto
    table = np.array(list(WORDS.values()), dtype=np.float32)
    turn = np.eye(3, dtype=np.float32)[:, list(columns)] * np.float32(scale)
    constants = {"table": table, "turn": turn, "last": np.array([2]), "words": np.array([1])}
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["each"]),
        helper.make_node("Cast", ["attention_mask"], ["heard"], to=kinds.FLOAT),
        helper.make_node("Unsqueeze", ["heard", "last"], ["mask"]),
        helper.make_node("Mul", ["each", "mask"], ["kept"]),
        helper.make_node("ReduceSum", ["kept", "words"], ["sum"], keepdims=0),
        helper.make_node("ReduceSum", ["heard", "words"], ["count"], keepdims=1),
        helper.make_node("Div", ["sum", "count"], ["mean"]),
        helper.make_node("MatMul", ["mean", "turn"], ["logits"]),
    ]
    given = [helper.make_tensor_value_info(n, kinds.INT64, ["n", "s"]) for n in ("input_ids", "attention_mask")]
    graph = helper.make_graph(
        nodes,
        "tiny",
        given,
        [helper.make_tensor_value_info("logits", kinds.FLOAT, ["n", turn.shape[1]])],
        [onnx.numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), file)


def save_tokenizer(file: Path, *, unknown: str = "<unk>") -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers  # noqa: PLC0415 - the extra may be missing

    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(WORDS)}, unk_token=unknown))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.save(str(file))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "tiny-model"
    folder.mkdir()
    save_model(folder / "model.onnx")
    save_tokenizer(folder / "tokenizer.json")
    save_config(folder, id2label=NAMED, pad_token_id=0)
    return folder


def save_config(folder: Path, **config: object) -> None:
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")


def complaint(folder: Path) -> str:
    """Return the line that loading ends with: one line, which names the folder."""
    with pytest.raises(ConfigError) as caught:
        TransformerScorer(folder).load()
    line = str(caught.value)
    assert "\n" not in line
    assert line.startswith("scoring.transformer_folder: ")
    return line


def test_the_probabilities_are_the_models(folder: Path) -> None:
    shares = TransformerScorer(folder).read(["hate this", "love", "hate love"])
    expected = [softmax([2, 1, 0]), softmax([0, 0, 4]), softmax([2, 0, 2])]
    np.testing.assert_allclose(shares, expected, atol=1e-6)


def test_nothing_to_read_is_no_error(folder: Path) -> None:
    assert TransformerScorer(folder).read([]).shape == (0, 3)


def test_padding_and_neighbours_do_not_change_a_result(folder: Path) -> None:
    texts = [" ".join(["hate", "this", "love"][: 1 + i % 3] * (1 + i % 7)) for i in range(50)]
    scorer = TransformerScorer(folder)
    together = scorer.read(texts)
    alone = np.concatenate([scorer.read([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-6)
    np.testing.assert_array_equal(together, TransformerScorer(folder).read(texts))


def test_the_order_of_the_labels_is_the_configs(folder: Path) -> None:
    save_model(folder / "model.onnx", columns=(2, 0, 1))
    save_config(folder, id2label={"0": "Positive", "1": "Negative", "2": "Neutral"}, pad_token_id=0)
    shares = TransformerScorer(folder).read(["hate this"])
    np.testing.assert_allclose(shares, [softmax([2, 1, 0])], atol=1e-6)


def test_numbered_labels_are_negative_neutral_positive(folder: Path) -> None:
    save_config(folder, id2label={"0": "LABEL_0", "1": "LABEL_1", "2": "LABEL_2"}, pad_token_id=0)
    np.testing.assert_allclose(TransformerScorer(folder).read(["hate"]), [softmax([4, 0, 0])], atol=1e-6)


def test_a_config_without_a_pad_leaves_it_to_the_tokenizer(folder: Path) -> None:
    save_config(folder, id2label=NAMED)
    np.testing.assert_allclose(TransformerScorer(folder).read(["love", "hate this this"])[0], softmax([0, 0, 4]))


def test_a_quantized_model_will_do(folder: Path) -> None:
    (folder / "model.onnx").rename(folder / "model_quantized.onnx")
    assert TransformerScorer(folder).read(["hate"])[0, 0] > 0.9


def test_only_the_first_tokens_are_read(folder: Path) -> None:
    shares = TransformerScorer(folder, max_tokens=4).read(["hate this hate this love love love love"])
    np.testing.assert_allclose(shares, [softmax([2, 1, 0])], atol=1e-6)


def test_handles_and_links_are_read_as_the_model_learned_them(folder: Path) -> None:
    scorer = TransformerScorer(folder)
    np.testing.assert_array_equal(
        scorer.read(["@acme_hu hate https://example.com/1?x=y"]), scorer.read(["@user hate http"])
    )
    np.testing.assert_allclose(scorer.read(["@acme hate https://example.com"]), [softmax([7 / 3, 0, 1])], atol=1e-6)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_are_read_like_any_other(folder: Path, text: str) -> None:
    scorer = TransformerScorer(folder)
    scorer.load()
    start = time.process_time()
    shares = scorer.read([text, "love"])
    assert time.process_time() - start < 0.5
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)
    np.testing.assert_allclose(shares[1], softmax([0, 0, 4]), atol=1e-6)
    as_trained(text).encode("utf-8")
    assert len(as_trained(text)) <= 5_000


def test_the_name_is_the_folders(folder: Path) -> None:
    assert TransformerScorer(folder).name == "transformer-tiny-model"


def test_a_missing_folder_is_named_with_the_way_to_get_one(tmp_path: Path) -> None:
    line = complaint(tmp_path / "nowhere")
    assert f"{tmp_path / 'nowhere'}: is not a folder" in line
    assert "optimum-cli export onnx --model cardiffnlp/twitter-xlm-roberta-base-sentiment" in line


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "config.json"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert f"{folder}: lacks {name};" in complaint(folder)


def test_all_missing_files_are_named_at_once(tmp_path: Path) -> None:
    assert "lacks model.onnx, tokenizer.json, config.json;" in complaint(tmp_path)


@pytest.mark.parametrize("name", ["onnxruntime", "tokenizers"])
def test_a_missing_package_is_named_with_the_way_to_get_it(
    folder: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    line = complaint(folder)
    assert f"needs the package {name}" in line
    assert "pip install 'stormcone[transformers]'" in line


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("model.onnx", b"no model", "the model cannot be loaded"),
        ("model.onnx", b"", "the model cannot be loaded"),
        ("tokenizer.json", b"{}", "tokenizer.json cannot be read"),
        ("tokenizer.json", b"\xff", "tokenizer.json cannot be read"),
        ("config.json", b"{", "config.json cannot be read"),
        ("config.json", b"\xff", "config.json cannot be read"),
        ("config.json", b"[]", "config.json is not a JSON object"),
        ("config.json", b"{}", "not none"),
        ("config.json", b'{"id2label": []}', "not none"),
        ("config.json", b'{"id2label": {"0": "negative", "1": "positive"}}', "not negative, positive"),
        ("config.json", b'{"id2label": {"0": "anger", "1": "joy", "2": "fear"}}', "not anger, fear, joy"),
        ("config.json", b'{"id2label": {"0": "neutral", "1": "neutral", "2": "positive"}}', "not neutral, neutral"),
        ("config.json", b'{"id2label": {"0": "negative", "1": "neutral", "x": "positive"}}', "must be negative"),
    ],
)
def test_a_broken_file_is_named(folder: Path, name: str, content: bytes, said: str) -> None:
    (folder / name).write_bytes(content)
    line = complaint(folder)
    assert said in line
    assert str(folder) in line


def test_a_model_with_too_few_classes_is_refused(folder: Path) -> None:
    save_model(folder / "model.onnx", columns=(0, 1))
    assert "the model answers with float32 of shape (1, 2)" in complaint(folder)


def test_a_model_whose_answer_is_no_number_is_refused(folder: Path) -> None:
    save_model(folder / "model.onnx", scale=float("nan"))
    assert "finite numbers" in complaint(folder)


def test_a_tokenizer_that_fails_on_a_word_is_refused_without_naming_the_word(folder: Path) -> None:
    save_tokenizer(folder / "tokenizer.json", unknown="[none]")
    line = complaint(folder)
    assert "tokenizer.json cannot split a text" in line
    assert "morning" not in line


class First:
    """Finds the same in every text."""

    name = "invented 1"

    def score(self, mentions: Sequence[Mention], around: Surroundings = NOTHING_KNOWN) -> list[Scores]:
        return [make_scored(mention).scores for mention in mentions]


def test_a_model_that_cannot_run_leaves_the_scores_of_the_first_stage(folder: Path) -> None:
    """The tokenizer knows a word more than the model: loading succeeds, reading fails."""
    save_words = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    save_words["model"]["vocab"]["angry"] = len(WORDS)
    (folder / "tokenizer.json").write_text(json.dumps(save_words), encoding="utf-8")
    scorer = TransformerScorer(folder)
    scorer.load()
    stage = SecondStage(First(), scorer, texts_per_hour=1_000)
    mentions = [make_mention("1", text="angry"), make_mention("2", text="hate this")]
    scores = stage.score(mentions, Surroundings(watched=frozenset({POST})))
    assert scores == First().score(mentions)
    assert stage.trouble is not None
    assert "the model does not run" in stage.trouble


def test_hostile_texts_pass_both_stages(folder: Path) -> None:
    stage = SecondStage(First(), TransformerScorer(folder), texts_per_hour=1_000)
    mentions = [make_mention(str(i), text=text) for i, text in enumerate(HOSTILE)]
    scores = stage.score(mentions, Surroundings(watched=frozenset({POST})))
    assert len(scores) == len(HOSTILE)
    assert stage.trouble is None
    assert {each.scorer for each in scores} == {First.name, stage.name}
    assert all(abs(each.p_negative + each.p_neutral + each.p_positive - 1) < 1e-6 for each in scores)
