"""The casebook: earlier storms, what was done and what came of it, read from casebook/*.toml.

The cases are data, so that a comms team can read and add to them; docs/casebook.md says how. Below the precedents.
Strict: what is wrong in a file is an error that names the case and the key. Never judges an incident of ours.
"""

import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources

from analysis.case_rows import case_in
from analysis.cases import Case, Casebook
from stormcone.errors import ConfigError


@cache
def load_casebook() -> Casebook:
    """Return the casebook that comes with Stormcone, read once in a process.

    Raises: ConfigError: a file is wrong, or an id stands twice.

    >>> case = load_casebook().case("cruz-2017-like")
    >>> case.facts.cause, case.did[0]
    (<Cause.INAPPROPRIATE_LIKE: 'inappropriate_like'>, <Action.SECURE_ACCOUNT: 'secure_account'>)
    """
    folder = resources.files("analysis") / "casebook"
    files = sorted((each for each in folder.iterdir() if each.name.endswith(".toml")), key=lambda each: each.name)
    return casebook_of((each.name, each.read_text(encoding="utf-8")) for each in files)


def casebook_of(files: Iterable[tuple[str, str]]) -> Casebook:
    """Return the casebook that stands in these files.

    Args: files: of each its name, for messages, and its text.
    Raises: ConfigError: naming the case and the key that is wrong.
    """
    cases: dict[str, Case] = {}
    for name, text in files:
        for case in _cases_in(name, text):
            if case.id in cases:
                raise ConfigError(f"casebook: {case.id}: id", remedy="it stands twice; give each case its own")
            cases[case.id] = case
    return Casebook(cases=tuple(cases[each] for each in sorted(cases)))


def _cases_in(name: str, text: str) -> Iterator[Case]:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"casebook/{name}", remedy=f"it is not TOML: {error}") from error
    rows = table.pop("case", [])
    if table or not isinstance(rows, list):
        raise ConfigError(f"casebook/{name}", value=", ".join(table), remedy="only [[case]] tables stand here")
    for number, row in enumerate(rows, start=1):
        yield case_in(row, f"{name}, case {number}")
