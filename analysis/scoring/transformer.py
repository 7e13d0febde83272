"""A transformer that reads sentiment: an ONNX export in a folder of the user's, run on the processor.

The optional second reading (`second_stage`), which says which mentions are worth its price; needs the extra
`stormcone[transformers]`. Nothing is imported or loaded before the first text. Never downloads, never uses more than
one thread (the dashboard lives on the same machine), never decides which texts it gets.
"""

import importlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analysis.cleaning import for_scoring
from stormcone.errors import ConfigError

SETTING: Final = "scoring.transformer_folder"
_EXPORT = "optimum-cli export onnx --model cardiffnlp/twitter-xlm-roberta-base-sentiment"
_MODEL_FILES = ("model.onnx", "model_quantized.onnx")
# Negative, neutral, positive. The bare numbers are how this family of models is published where labels have no names.
_LABELS = {"negative": 0, "neutral": 1, "positive": 2, "label_0": 0, "label_1": 1, "label_2": 2}
_PLACES = [0, 1, 2]  # of the answer, and of our three meanings
_PADS = ("<pad>", "[PAD]")
_BATCH = 16  # texts: larger batches gain nothing on one thread and cost memory
_READ_LIMIT = 4_000  # characters, as in cleaning
# Signs for private use stand in for what cleaning would drop and the model was trained to see.
_USER, _LINK = "\ue000", "\ue001"
_STAND_INS = str.maketrans({_USER: "@user", _LINK: "http"})
_NO_STAND_INS = str.maketrans({_USER: None, _LINK: None})


def as_trained(text: str) -> str:
    """Return `text` as models of the X family were trained: cleaned, every handle @user, every link http.

    Args: text: anything, of any length.
    Returns: a few thousand characters at most, encodable as UTF-8; "" where there is nothing but handles and links.
    >>> as_trained("@brand   nooooooo   https://example.com/1")
    '@user nooo http'
    >>> as_trained("@brand https://example.com/1")
    ''
    """
    words = (_stand_in(word) for word in text[:_READ_LIMIT].translate(_NO_STAND_INS).split())
    cleaned = for_scoring(" ".join(words))
    return cleaned.translate(_STAND_INS) if cleaned.strip(f"{_USER}{_LINK} ") else ""


def _stand_in(word: str) -> str:
    if word.startswith("@") and len(word) > 1:
        return _USER
    return _LINK if word.startswith("http") else word


@dataclass(frozen=True, slots=True, kw_only=True)
class _Model:
    """What was loaded from a folder; `Any` because the two libraries are optional and publish no common types.

    columns: where negative, neutral and positive stand in the answer. errors: what the session raises.
    """

    session: Any
    tokenizer: Any
    columns: tuple[int, ...]
    pad_id: int
    errors: tuple[type[Exception], ...]


class TransformerScorer:
    """Reads polarity with the model in `folder`.

    The name holds the folder's name, not a version: put another model into a folder with another name.
    """

    def __init__(self, folder: Path, *, max_tokens: int = 128) -> None:
        self.name = f"transformer-{folder.resolve().name[:60]}"
        self._folder = folder
        self._max_tokens = max_tokens
        self._model: _Model | None = None

    def load(self) -> None:
        """Load the model now and let it read one text, so that whoever starts the program hears of a bad folder.

        Raises: ConfigError: a package or file is missing, or the model is not one that reads sentiment.
        """
        self.read(["good morning"])

    def read(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return what the model makes of each text.

        Args: texts: anything, of any length; handles and links are made anonymous first.
        Returns: shape (n, 3): p_negative, p_neutral, p_positive, rows in the order of `texts`, each of sum 1.
        Raises: ConfigError: as for `load`, or the model failed on these texts.
        """
        shares = np.empty((len(texts), 3))
        if not texts:
            return shares
        if self._model is None:
            self._model = _load(self._folder, self._max_tokens)
        model = self._model
        tokens = self._tokens(model, texts)
        # Texts of like length share a batch: less padding to compute.
        order = sorted(range(len(texts)), key=lambda index: (len(tokens[index]), index))
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            shares[batch] = _softmax(self._logits(model, [tokens[index] for index in batch]))
        return shares

    def _tokens(self, model: _Model, texts: Sequence[str]) -> list[list[int]]:
        try:
            return [model.tokenizer.encode(as_trained(text)).ids or [model.pad_id] for text in texts]
        except Exception as error:  # border: the package raises Exception itself, nothing narrower
            # Its message may quote the text, which no log shall hold.
            raise _wrong(self._folder, "tokenizer.json cannot split a text") from error

    def _logits(self, model: _Model, tokens: Sequence[Sequence[int]]) -> NDArray[np.float64]:
        """Return the answer to one batch, columns in our order."""
        ids = np.full((len(tokens), max(map(len, tokens))), model.pad_id, dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, each in enumerate(tokens):
            ids[row, : len(each)] = each
            mask[row, : len(each)] = 1
        offered = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        asked = [given.name for given in model.session.get_inputs()]
        try:
            answer = np.asarray(model.session.run(None, {n: offered[n] for n in asked if n in offered})[0])
        except model.errors as error:
            raise _wrong(self._folder, f"the model does not run ({_first_line(error)})") from error
        if answer.dtype.kind != "f" or answer.shape != (len(tokens), len(_PLACES)) or not np.isfinite(answer).all():
            what = f"{answer.dtype} of shape {answer.shape}, not with {len(_PLACES)} finite numbers a text"
            raise _wrong(self._folder, f"the model answers with {what}")
        logits: NDArray[np.float64] = answer.astype(np.float64)[:, model.columns]
        return logits


def _load(folder: Path, max_tokens: int) -> _Model:
    runtime, tokenizers = _package("onnxruntime"), _package("tokenizers")
    if not folder.is_dir():
        raise _wrong(folder, "is not a folder")
    file = next((folder / name for name in _MODEL_FILES if (folder / name).is_file()), None)
    found = {"model.onnx": file, **{n: folder / n for n in ("tokenizer.json", "config.json") if (folder / n).is_file()}}
    missing = [name for name in ("model.onnx", "tokenizer.json", "config.json") if found.get(name) is None]
    if missing:
        raise _wrong(folder, f"lacks {', '.join(missing)}")
    config = _config(folder)
    columns = _columns(folder, config.get("id2label"))
    tokenizer = _tokenizer(folder, tokenizers, max_tokens)
    pads = (config.get("pad_token_id"), *map(tokenizer.token_to_id, _PADS))
    pad_id = next((pad for pad in pads if isinstance(pad, int)), None)
    if pad_id is None:
        raise _wrong(folder, "config.json names no pad_token_id, nor does tokenizer.json know one")
    errors = _errors(runtime)
    try:
        session = runtime.InferenceSession(str(file), _options(runtime), providers=["CPUExecutionProvider"])
    except errors as error:
        raise _wrong(folder, f"the model cannot be loaded ({_first_line(error)})") from error
    return _Model(session=session, tokenizer=tokenizer, columns=columns, pad_id=pad_id, errors=errors)


def _package(name: str) -> Any:  # noqa: ANN401 - an optional library: its types are not there where it is not installed
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ConfigError(
            SETTING,
            remedy=f"needs the package {name}, which cannot be imported; run pip install 'stormcone[transformers]'",
        ) from error


def _config(folder: Path) -> Mapping[str, object]:
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _wrong(folder, f"config.json cannot be read ({_first_line(error)})") from error
    if not isinstance(config, dict):
        raise _wrong(folder, "config.json is not a JSON object")
    return config


def _columns(folder: Path, labels: object) -> tuple[int, ...]:
    """Return at which places of the answer negative, neutral and positive stand."""
    named = {str(key): str(label).lower() for key, label in labels.items()} if isinstance(labels, dict) else {}
    places = {_LABELS[label]: int(key) for key, label in named.items() if label in _LABELS and key in {"0", "1", "2"}}
    if len(named) != len(_PLACES) or sorted(places.values()) != _PLACES:
        shown = ", ".join(sorted(named.values()))[:80] or "none"
        raise _wrong(folder, f"config.json's id2label must be negative, neutral and positive, not {shown}")
    return tuple(places[meaning] for meaning in _PLACES)


def _tokenizer(folder: Path, tokenizers: Any, max_tokens: int) -> Any:  # noqa: ANN401 - as _package
    try:
        tokenizer = tokenizers.Tokenizer.from_buffer((folder / "tokenizer.json").read_bytes())
    except (OSError, ValueError) as error:
        raise _wrong(folder, f"tokenizer.json cannot be read ({_first_line(error)})") from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length=max_tokens)
    return tokenizer


def _options(runtime: Any) -> Any:  # noqa: ANN401 - as _package
    """One thread, sums always in the same order, nothing on stderr: what goes wrong is raised."""
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.use_deterministic_compute = True
    options.log_severity_level = 4
    return options


def _errors(runtime: Any) -> tuple[type[Exception], ...]:  # noqa: ANN401 - as _package
    """Return what the runtime raises: a dozen classes without a common base, and two of Python's for bad input."""
    raised = vars(runtime.capi.onnxruntime_pybind11_state).values()
    own = [each for each in raised if isinstance(each, type) and issubclass(each, Exception)]
    return (*own, RuntimeError, ValueError)


def _wrong(folder: Path, what: str) -> ConfigError:
    return ConfigError(SETTING, remedy=f"{folder}: {what}; a sound folder is written by `{_EXPORT} FOLDER`")


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def _softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
    return shares
