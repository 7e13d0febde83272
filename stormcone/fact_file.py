"""Facts as people write them: a JSON object whose keys are those of the advice contract, read strictly into `Facts`.

Used by the command line for whole objects, and wherever a person answers one question. What is missing or "unknown" is
unknown; a key that does not exist, or a value out of its range, is an error with a suggestion. Never guesses.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from difflib import get_close_matches
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from stormcone.errors import UsageError
from stormcone.models import Cause, Facts, Kind, PostStatus, Responsibility, Role, Said, Trend, Trigger

UNKNOWN: Final = "unknown"
_SHOWN_CHARS: Final = 60
_HIGHEST: Final = 10**12  # whatever is counted here stays below
_NAMES: Final = tuple(each.name for each in fields(Facts))
_UNSAID: Final[tuple[object, ...]] = (None, ())
_Reader: TypeAlias = Callable[[str, object], object]


def read_facts(text: str) -> Facts:
    """Return the facts of one JSON object.

    Raises: UsageError: it is no JSON object, or a key or value is wrong; names it, and what would be right.

    >>> read_facts('{"cause": "leak", "severity": "unknown"}').cause
    <Cause.LEAK: 'leak'>
    >>> read_facts('{"severty": 3}')
    Traceback (most recent call last):
    stormcone.errors.UsageError: severty: there is no such fact; did you mean severity?
    """
    try:
        table = json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise UsageError(f"not JSON: {error.msg} at character {error.pos + 1}") from None
    except (RecursionError, ValueError):  # nested too deeply, or a number of thousands of digits
        raise UsageError("not a table of facts: give one JSON object of plain words and numbers") from None
    if not isinstance(table, dict):
        raise UsageError("not a table of facts: give one JSON object")
    return with_answers(Facts(), table.items())


def with_answers(facts: Facts, answers: Iterable[tuple[str, object]]) -> Facts:
    """Return facts with more of them filled in. Raises: UsageError: as `read_facts`."""
    known: dict[str, Any] = {name: value for name, given in answers if (value := read_fact(name, given)) is not None}
    return replace(facts, **known)


def known_facts(facts: Facts) -> dict[str, object]:
    """Return what is known, by key, as JSON keeps it; `with_answers` reads it back.

    >>> known_facts(Facts(cause=Cause.LEAK, said=(Said.JOKE,), press=False))
    {'cause': 'leak', 'press': False, 'said': ['joke']}
    """
    values = ((name, getattr(facts, name)) for name in _NAMES)
    return {
        name: value.value if isinstance(value, StrEnum) else [each.value for each in value] if name == "said" else value
        for name, value in values
        if value not in _UNSAID
    }


def read_fact(name: str, given: object) -> object:
    """Return the value of one fact as `Facts` keeps it, None where it is unknown.

    Raises: UsageError: there is no such fact, or it cannot have this value.
    """
    if name not in _NAMES:
        near = get_close_matches(name, _NAMES, n=1)
        hint = f"did you mean {near[0]}?" if near else f"facts are {', '.join(_NAMES)}"
        raise UsageError(f"{_shown(name)}: there is no such fact; {hint}")
    if given == UNKNOWN and name != "brand":
        return () if name == "said" else None
    return _READERS.get(name, _answer)(name, given)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise UsageError(f"{_shown(twice)}: given twice; which of them holds?")
    return table


def _text(name: str, given: object) -> str:
    if not isinstance(given, str):
        raise _wrong(name, given, "give a text")
    return given


def _answer(name: str, given: object) -> bool:
    if not isinstance(given, bool):
        raise _wrong(name, given, 'give true, false or "unknown"')
    return given


def _one_of(words: type[StrEnum]) -> _Reader:
    known = [each.value for each in words]

    def read(name: str, given: object) -> StrEnum:
        if given in known:
            return words(given)
        near = get_close_matches(str(given), known, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise _wrong(name, given, f"give one of {', '.join([*known, UNKNOWN])}{hint}")

    return read


def _said(name: str, given: object) -> tuple[object, ...]:
    if not isinstance(given, list):
        raise _wrong(name, given, f"give a list of {', '.join(Said)}")
    read = _one_of(Said)
    said = tuple(dict.fromkeys(read(name, each) for each in given if each != UNKNOWN))
    if Said.NONE in said and len(said) > 1:
        raise _wrong(name, given, "nothing and something was said; which of them holds?")
    return said


def _number(low: float, high: float = _HIGHEST, *, is_whole: bool = False, is_open: bool = False) -> _Reader:
    """Return the reader of a number. Args: is_open: `low` itself is not allowed."""
    kind = "whole number" if is_whole else "number"
    span = f"above {low:g}" if is_open else f"of {low:g} to {high:g}" if high < _HIGHEST else f"of {low:g} or more"

    def is_within(value: float) -> bool:
        return low <= value <= high and not (is_open and value == low) and not (is_whole and value % 1)

    def read(name: str, given: object) -> float:
        if isinstance(given, bool) or not isinstance(given, int | float) or not is_within(given):
            raise _wrong(name, given, f'give a {kind} {span}, or "unknown"')
        return int(given) if is_whole else float(given)

    return read


def _wrong(name: str, given: object, remedy: str) -> UsageError:
    return UsageError(f"{name} = {_shown(given)}: {remedy}")


def _shown(given: object) -> str:
    text = given if isinstance(given, str) else json.dumps(given, default=str)
    return text if len(text) <= _SHOWN_CHARS and text.isprintable() else f"{text[:_SHOWN_CHARS]!r}"


_SHARE: Final = _number(0, 1)
_COUNT: Final = _number(0, is_whole=True)
_READERS: Final[Mapping[str, _Reader]] = MappingProxyType(
    {
        "brand": _text,
        "trigger": _one_of(Trigger),
        "account_role": _one_of(Role),
        "cause": _one_of(Cause),
        "kind": _one_of(Kind),
        "severity": _number(1, 5, is_whole=True),
        "trend": _one_of(Trend),
        "post_age_min": _number(0),
        "post_status": _one_of(PostStatus),
        "neg_share": _SHARE,
        "coordination": _SHARE,
        "dup_text_share": _SHARE,
        "new_account_share": _SHARE,
        "commentator_share": _SHARE,
        "reply_ratio": _number(0),
        "doubling_min": _number(0, is_open=True),
        "distinct_authors": _COUNT,
        "top_author_reach": _COUNT,
        "similar_incidents_12m": _COUNT,
        "scheduled_posts_next_24h": _COUNT,
        "platforms": _number(1, is_whole=True),
        "responsibility": _one_of(Responsibility),
        "said": _said,
    }
)  # every other fact is answered with yes or no
