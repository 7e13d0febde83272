"""The little language in which the rules of advice say when they apply.

Below the rules, above the facts. A condition holds only where the facts are known to meet it: what nobody knows meets
neither a condition nor its opposite. Never looks at a brand's name.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeAlias

from stormcone.models import Cause, Kind, PostStatus, Responsibility, Role, Said, Trend, Trigger

Value: TypeAlias = bool | float | str | tuple[str, ...] | None
View: TypeAlias = Mapping[str, Value]


class Removal(StrEnum):
    """How the own post can be removed."""

    FREE = "free"
    NEEDS_APPROVAL = "needs_approval"
    NOTHING_LEFT = "nothing_left"


WORDS: Final[Mapping[str, type[StrEnum]]] = MappingProxyType(
    {
        "trigger": Trigger,
        "account_role": Role,
        "cause": Cause,
        "kind": Kind,
        "trend": Trend,
        "post_status": PostStatus,
        "responsibility": Responsibility,
        "said": Said,
        "removal": Removal,
    }
)
NUMBERS: Final = frozenset(
    {
        *(
            "severity",
            "platforms",
            "distinct_authors",
            "top_author_reach",
            "post_age_min",
            "reply_ratio",
            "doubling_min",
        ),
        *("neg_share", "coordination", "dup_text_share", "new_account_share", "commentator_share"),
        *("similar_incidents_12m", "scheduled_posts_next_24h"),
    }
)
ANSWERS: Final = frozenset(
    {
        *("press", "notable_amplifier", "competitor_joined", "support_tickets_up", "automation_running", "big"),
        *("asks_for_content", "harm_to_people", "claim_true", "stands_by", "deleted_comments"),
        *("legal_hold", "public_record_body", "removal_approved"),
    }
)
DERIVED: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "big": frozenset({"platforms", "press", "severity"}),
        "removal": frozenset({"post_status", "legal_hold", "public_record_body", "removal_approved"}),
    }
)  # what follows from which facts
_COMPARED = re.compile(r"(\w+) at (least|most) (\S+)")
_IS = re.compile(r"(\w+) is (.+)")
_INCLUDES = re.compile(r"said includes (\w+)")


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition as it is written, the fact it asks about, and what it asks."""

    text: str
    fact: str
    holds: Callable[[View], bool]


def parse(text: str, numbers: Mapping[str, float]) -> Condition:
    """Read one condition.

    Args: text: `FACT`, `not FACT`, `FACT is WORD`, `FACT is WORD or WORD`, `FACT is unknown`, `said includes WORD`,
        `FACT at least N` or `FACT at most N`. numbers: settings that may stand in the place of N.
    Raises: ValueError: it is none of these, or names a fact, a word or a setting that does not exist.

    >>> condition = parse("severity at least serious_severity", {"serious_severity": 3})
    >>> [condition.holds({"severity": value}) for value in (None, 2, 3)]
    [False, False, True]
    >>> parse("cause is leak or hacked", {}).holds({"cause": "hacked"})
    True
    >>> parse("not harm_to_people", {}).holds({"harm_to_people": None})
    False
    """
    if found := _COMPARED.fullmatch(text):
        return Condition(text, found[1], _compared(found[1], found[2], found[3], numbers))
    if found := _INCLUDES.fullmatch(text):
        (word,) = _known_words("said", [found[1]])
        return Condition(text, "said", lambda view: word in _listed(view["said"]))
    if found := _IS.fullmatch(text):
        return Condition(text, found[1], _one_of(found[1], found[2].split(" or ")))
    wanted, name = (False, text[4:]) if text.startswith("not ") else (True, text)
    if name not in ANSWERS:
        raise ValueError(f"{text!r}: {name!r} is no fact that is answered with yes or no")
    return Condition(text, name, lambda view: view[name] is wanted)


def all_hold(conditions: Iterable[Condition], view: View) -> bool:
    """Tell whether the facts are known to meet every condition."""
    return all(each.holds(view) for each in conditions)


def _compared(name: str, side: str, bound: str, numbers: Mapping[str, float]) -> Callable[[View], bool]:
    if name not in NUMBERS:
        raise ValueError(f"{name!r} is no fact that is a number")
    limit = numbers.get(bound)
    if limit is None:
        try:
            limit = float(bound)
        except ValueError:
            raise ValueError(f"{bound!r} is neither a number nor a setting of [advice]") from None
    at_least = side == "least"

    def holds(view: View) -> bool:
        value = view[name]
        if not isinstance(value, int | float):
            return False
        return value >= limit if at_least else value <= limit

    return holds


def _one_of(name: str, words: list[str]) -> Callable[[View], bool]:
    if words == ["unknown"]:
        if name not in WORDS.keys() | NUMBERS | ANSWERS:
            raise ValueError(f"{name!r} is no fact")
        return lambda view: view[name] is None
    wanted = _known_words(name, words)
    return lambda view: view[name] in wanted


def _known_words(name: str, words: list[str]) -> frozenset[str]:
    if name not in WORDS:
        raise ValueError(f"{name!r} is no fact that is answered with a word")
    known = {each.value for each in WORDS[name]}
    for word in words:
        if word not in known:
            raise ValueError(f"{name} is never {word!r}; it is one of {', '.join(sorted(known))}")
    return frozenset(words)


def _listed(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()
