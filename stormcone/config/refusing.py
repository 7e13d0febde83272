"""Says in one line what is wrong with a setting: which key, with which value, and what to write instead.

Used while config.toml is read. Keys are named as people write them, entries of a list by their name. Never reads files,
never shows the value of a key it does not know.
"""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from stormcone.errors import ConfigError

Section = TypeVar("Section", bound=BaseModel)
Key = tuple[str, ...]  # ("collectors", "file", "path")

_PLAINER = {  # pydantic's kind of error -> what it means in TOML
    "missing": "is needed; add it",
    "tuple_type": 'write a list, such as ["..."]',
    "model_type": "write a table, such as { key = value }",
    "model_attributes_type": "write a table, such as { key = value }",
}


def config_error(file: object, key: Key, remedy: str, *, value: object = None) -> ConfigError:
    """Return the error about a key of a file; what cannot be printed is escaped, so that it stays one line."""
    place = f"{file}: {'.'.join(key)}"
    shown = "".join(each if each.isprintable() else ascii(each)[1:-1] for each in place)
    return ConfigError(shown, value=value, remedy=remedy)


def refuse_unknown(file: object, key: Key, given: Mapping[str, object], known: set[str]) -> None:
    """Raise ConfigError for the first of the given keys that is not known."""
    for name in given:
        if name not in known:
            raise config_error(file, (*key, name), f"unknown key; {suggestion(name, known)}")


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return a hint: the known name that looks like it, or all of them.

    >>> suggestion("keywrods", {"keywords", "hashtags"}), suggestion("x", {"b", "a"})
    ('did you mean keywords?', 'known are a, b')
    """
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    return f"did you mean {near[0]}?" if near else f"known are {', '.join(names)}"


def validate(file: object, key: Key, model: type[Section], values: object) -> Section:
    """Return a section of settings made from raw TOML. Raises: ConfigError: the first thing that is wrong with it."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        found = error.errors(include_url=False)
        # A misspelt key is told before the one that is missing because of it.
        first = next((each for each in found if each["type"] == "extra_forbidden"), found[0])
        raise _as_config_error(file, key, model, values, first) from error


def _as_config_error(
    file: object,
    key: Key,
    model: type[BaseModel],
    values: object,
    first: Any,  # noqa: ANN401 - pydantic's dict
) -> ConfigError:
    loc, kind = first["loc"], first["type"]
    where = (*key, *_as_written(values, loc))
    if kind == "extra_forbidden":
        known = _written_names(_model_at(model, loc[:-1]))
        return config_error(file, where, f"unknown key; {suggestion(str(loc[-1]), known)}")
    said = first["msg"].removeprefix("Value error, ")
    remedy = _PLAINER.get(kind) or said[0].lower() + said[1:]
    return config_error(file, where, remedy, value=None if kind == "missing" else first["input"])


def _as_written(values: object, loc: Sequence[int | str]) -> list[str]:
    """Return the way to a value in words: an entry of a list is called by its name, or counted from one."""
    words = []
    for part in loc:
        values = _inside(values, part)
        name = (
            (values.get("name") or values.get("id")) if isinstance(part, int) and isinstance(values, Mapping) else None
        )
        words.append(name if isinstance(name, str) else str(part + 1 if isinstance(part, int) else part))
    return words


def _inside(values: object, part: int | str) -> object:
    if isinstance(values, Mapping):
        return values.get(part)
    if isinstance(values, Sequence) and isinstance(part, int) and part < len(values):
        return values[part]
    return None


def _model_at(model: type[BaseModel], loc: Sequence[int | str]) -> type[BaseModel]:
    for part in loc:
        field = next((f for name, f in model.model_fields.items() if part in {name, f.alias}), None)
        model = (_model_inside(field.annotation) if field else None) or model
    return model


def _model_inside(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401 - a type expression
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_inside, getattr(annotation, "__args__", ()))), None)


def _written_names(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}
