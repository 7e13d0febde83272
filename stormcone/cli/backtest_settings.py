"""What a back-test is asked to change: `--set SECTION.KEY=VALUE`, `--false-pages-per-month`, `--compare 0.5,1,2`.

Used by `stormcone replay`. Settings in, settings out; the file they came from is never written.
"""

import tomllib
from collections.abc import Iterable, Sequence

from stormcone.config import Config
from stormcone.config.refusing import refuse_unknown, validate
from stormcone.errors import UsageError
from stormcone.ports import Settings

LEAST_BUDGET, MOST_BUDGET = 0.01, 100.0  # as `false_pages_per_month` in the settings
_MOST_BUDGETS = 12
_SECTIONS = ("detector", "severity", "kinds")


def with_overrides(config: Config, overrides: Sequence[str]) -> Config:
    """Return the settings with keys of [detector], [severity] or [kinds] changed.

    Args: overrides: "SECTION.KEY=VALUE" each, the value as in TOML.
    Raises: UsageError: one is no such pair. ConfigError: there is no such key, or it takes another kind of value.
    """
    changed: dict[str, dict[str, object]] = {}
    for override in overrides:
        section, name, value = _parts(override)
        changed.setdefault(section, {})[name] = value
    sections = {}
    for section, values in changed.items():
        current: Settings = getattr(config, section)
        refuse_unknown("--set", (section,), values, set(type(current).model_fields))
        sections[section] = validate("--set", (section,), type(current), current.model_dump() | values)
    return config.model_copy(update=sections)


def with_budget(config: Config, brands: Iterable[str], budget: float | None) -> Config:
    """Return the settings in which every one of these brands has a budget, whatever theirs says; None leaves them."""
    if budget is None:
        return config
    named = {brand.name: brand for brand in config.brands}
    for name in brands:
        named[name] = config.brand_named(name).model_copy(update={"false_pages_per_month": budget})
    return config.model_copy(update={"brands": tuple(named.values())})


def read_budgets(text: str) -> tuple[float, ...]:
    """Return the budgets of `--compare`, in its order.

    Raises: UsageError: it is no list of numbers that a budget may be.
    >>> read_budgets("0.5, 1,2")
    (0.5, 1.0, 2.0)
    """
    try:
        budgets = tuple(float(each) for each in text.split(","))
    except ValueError:
        budgets = ()
    if not 0 < len(budgets) <= _MOST_BUDGETS or not all(LEAST_BUDGET <= each <= MOST_BUDGET for each in budgets):
        raise UsageError(
            f"--compare {text[:60]!r}: give up to {_MOST_BUDGETS} false pages a month, each from {LEAST_BUDGET:g} to "
            f"{MOST_BUDGET:g}, such as 0.5,1,2,4"
        )
    return budgets


def _parts(override: str) -> tuple[str, str, object]:
    key, equals, value = (each.strip() for each in override.partition("="))
    section, _, name = key.partition(".")
    if section not in _SECTIONS or not name or not equals or not value:
        known = "write detector.KEY=VALUE (or severity, or kinds), such as detector.warn_factor=10"
        raise UsageError(f"--set {override[:60]!r}: {known}")
    try:
        return section, name, tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return section, name, value  # a bare word; what the key takes is said by whoever checks it
