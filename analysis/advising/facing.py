"""How the rules see the facts: as flat values, with what follows from several of them, and as words for a sentence.

Below the advisor. What follows from facts is known as soon as one of them settles it. Decides nothing.
"""

from dataclasses import fields
from typing import Final

from analysis.advising.conditions import Removal, Value, View
from stormcone.config import AdviceSettings
from stormcone.models import Facts, PostStatus

_SHARES: Final = frozenset({"neg_share", "coordination", "dup_text_share", "new_account_share", "commentator_share"})
_GONE: Final = frozenset({PostStatus.DELETED, PostStatus.NONE})
_HIDDEN: Final = frozenset({"brand"})  # never decides anything
_FACT_NAMES: Final = tuple(each.name for each in fields(Facts) if each.name not in _HIDDEN)


def view_of(facts: Facts, settings: AdviceSettings) -> View:
    """Return the facts by name, without the brand, with `big` and `removal`.

    >>> view = view_of(Facts(platforms=3, post_status=PostStatus.DELETED), AdviceSettings())
    >>> view["big"], str(view["removal"]), view["severity"]
    (True, 'nothing_left', None)
    """
    return _completed({name: getattr(facts, name) for name in _FACT_NAMES}, settings)


def answered(view: View, name: str, value: Value, settings: AdviceSettings) -> View:
    """Return the view as it would be with one more fact."""
    return _completed({**view, name: value}, settings)


def spoken(name: str, value: Value) -> str:
    """Return a fact as it stands in a sentence.

    >>> spoken("coordination", 0.46), spoken("cause", None), spoken("cause", "wrong_account")
    ('46 %', 'unknown', 'wrong account')
    """
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:.0%}".replace("%", " %") if name in _SHARES else f"{value:,g}"
    if isinstance(value, tuple):
        return ", ".join(value) or "unknown"
    return str(value).replace("_", " ")


def _completed(values: dict[str, Value], settings: AdviceSettings) -> View:
    values["big"] = _is_big(values, settings)
    values["removal"] = _removal(values)
    return values


def _is_big(values: View, settings: AdviceSettings) -> bool | None:
    platforms, severity = values["platforms"], values["severity"]
    signs = (
        platforms >= settings.big_platforms if isinstance(platforms, int) else None,
        values["press"],
        severity >= settings.serious_severity if isinstance(severity, int) else None,
    )
    if any(signs):
        return True
    return None if None in signs else False


def _removal(values: View) -> Removal:
    if values["post_status"] in _GONE:
        return Removal.NOTHING_LEFT
    if (values["public_record_body"] or values["legal_hold"]) and not values["removal_approved"]:
        return Removal.NEEDS_APPROVAL
    return Removal.FREE
