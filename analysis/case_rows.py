"""Reads one [[case]] table of the casebook, strictly.

Below the casebook. A fact without a source, a measurement, or a word that the advice does not know is an error that
names the case and the key; nothing is guessed and nothing is skipped.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, Final, NoReturn, TypeVar

from analysis.cases import Case, Judged, Practice, ReportedFact, Source, SourceKind, Told
from stormcone.errors import ConfigError
from stormcone.models import Action, Avoid, Cause, Facts, Kind, PostStatus, Responsibility, Role, Said, Trigger

_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_DATE: Final = re.compile(r"undated|\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_ADDRESS: Final = re.compile(r"https?://\S+")
_UNKNOWN: Final = "unknown"
_WORDS: Final[Mapping[str, type[StrEnum]]] = {
    "account_role": Role,
    "cause": Cause,
    "kind": Kind,
    "post_status": PostStatus,
    "responsibility": Responsibility,
    "trigger": Trigger,
}
_ANSWERS: Final = frozenset(
    {
        *("asks_for_content", "automation_running", "claim_true", "competitor_joined", "deleted_comments"),
        *("harm_to_people", "notable_amplifier", "public_record_body", "stands_by"),
    }
)
_LISTS: Final = frozenset({"platforms", "said"})  # reported or left out, never coded
_FACT_KEYS: Final = _WORDS.keys() | _ANSWERS | _LISTS
_CASE_KEYS: Final = (
    frozenset({"id", "year", "brand", "country", "title", "happened", "done", "outcome", "lesson"})
    | {"did", "besides", "practice", "sources", "reported", "coded"}
)  # fmt: skip
_Word = TypeVar("_Word", bound=StrEnum)


def case_in(row: Mapping[str, Any], place: str) -> Case:
    """Return the case that a table tells.

    Args: row: one [[case]]. place: where it stands, for the message when it has no id.
    Raises: ConfigError: naming the case and the key that is wrong.
    """
    return _Reader(row, place).case()


class _Reader:
    """Reads one [[case]] table; every error names the case and the key."""

    def __init__(self, row: Mapping[str, Any], place: str) -> None:
        self._row = row
        self._place = place
        self._place = self._text(row, "id")
        self._names: frozenset[str] = frozenset()

    def case(self) -> Case:
        row = self._row
        self._only(row, _CASE_KEYS, "")
        year = self._id_and_year()
        sources = self._sources()
        self._names = frozenset(each.name for each in sources)
        reported = self._table("reported")
        coded = self._table("coded")
        values = {**self._reported(reported), **self._coded(coded, reported)}
        names = values.pop("platforms", ())
        # One platform named does not mean that there was no other; two mean that it crossed.
        crossed = len(names) if len(names) > 1 else None
        case = Case(
            id=self._place,
            year=year,
            brand=self._text(row, "brand"),
            country=self._matching(row, "country", _COUNTRY, "two capitals, such as FI"),
            title=self._text(row, "title"),
            happened=self._told("happened"),
            done=self._told("done"),
            outcome=self._told("outcome") if "outcome" in row else None,
            lesson=self._text(row, "lesson"),
            did=self._words(row.get("did"), Action, "did"),
            besides=self._words(row.get("besides", []), Avoid, "besides"),
            practice=self._practice(),
            sources=sources,
            facts=Facts(brand=self._text(row, "brand"), platforms=crossed, **values),
            reported=tuple(ReportedFact(key=key, sources=self._cited(reported[key], key)) for key in sorted(reported)),
            coded=tuple(sorted(coded)),
            platforms=names,
        )
        self._all_cited(case)
        return case

    def _id_and_year(self) -> int:
        year = self._row.get("year")
        if isinstance(year, bool) or not isinstance(year, int):
            self._wrong("year", year, "a whole number")
        if not _ID.fullmatch(self._place) or f"-{year}-" not in self._place:
            self._wrong("id", self._place, f"brand-{year}-slug in small letters, digits and hyphens")
        return year

    def _sources(self) -> tuple[Source, ...]:
        table = self._table("sources")
        if not table:
            self._wrong("sources", None, "a case without a source is left out")
        return tuple(self._source(name, row) for name, row in table.items())

    def _source(self, name: str, row: object) -> Source:
        key = f"sources.{name}"
        if not isinstance(row, Mapping):
            self._wrong(key, row, "a table with kind, publication, date and address")
        self._only(row, frozenset(each.name for each in fields(Source)) - {"name"}, f"{key}.")
        kind = self._word(row.get("kind"), SourceKind, f"{key}.kind")
        address = self._matching(row, "address", _ADDRESS, "where it was found", key) if "address" in row else None
        if address is None and kind is not SourceKind.DOCUMENT:
            self._wrong(f"{key}.address", None, "say where it was found")
        return Source(
            name=name,
            kind=kind,
            publication=self._text(row, "publication", key),
            date=self._matching(row, "date", _DATE, "YYYY, YYYY-MM, YYYY-MM-DD or undated", key),
            title=self._text(row, "title", key) if "title" in row else None,
            address=address,
        )

    def _told(self, key: str) -> Told:
        row = self._row.get(key)
        if not isinstance(row, Mapping):
            self._wrong(key, row, "a table with text and from")
        self._only(row, frozenset({"text", "from"}), f"{key}.")
        return Told(text=self._text(row, "text", key), sources=self._cited(row, key))

    def _practice(self) -> Practice | None:
        row = self._row.get("practice")
        if row is None:
            return None
        if not isinstance(row, Mapping):
            self._wrong("practice", row, "a table with judged and from")
        self._only(row, frozenset({"judged", "from"}), "practice.")
        judged = self._word(row.get("judged"), Judged, "practice.judged")
        return Practice(judged=judged, sources=self._cited(row, "practice"))

    def _reported(self, table: Mapping[str, Any]) -> dict[str, Any]:
        values = {}
        for key, row in table.items():
            self._known_fact(key, "reported")
            if not isinstance(row, Mapping) or "is" not in row:
                self._wrong(f"reported.{key}", row, 'write { is = ..., from = ["source"] }')
            self._only(row, frozenset({"is", "from"}), f"reported.{key}.")
            if row["is"] == _UNKNOWN:
                self._wrong(f"reported.{key}", _UNKNOWN, "what is unknown is not reported; leave it out")
            self._cited(row, f"reported.{key}")
            values[key] = self._value(key, row["is"], "reported")
        return values

    def _coded(self, table: Mapping[str, Any], reported: Mapping[str, Any]) -> dict[str, Any]:
        if "cause" not in table and "cause" not in reported:
            self._wrong("coded.cause", None, "code a cause, or say unknown")
        values = {}
        for key, value in table.items():
            self._known_fact(key, "coded")
            if key in _LISTS:
                self._wrong(f"coded.{key}", value, "it is reported with a source or left out, never coded")
            if key in reported:
                self._wrong(f"coded.{key}", value, "it is reported already; one of the two has to go")
            if value != _UNKNOWN:
                values[key] = self._value(key, value, "coded")
        return values

    def _known_fact(self, key: str, part: str) -> None:
        if key in _FACT_KEYS:
            return
        if key in {each.name for each in fields(Facts)}:
            self._wrong(f"{part}.{key}", None, "it is measured, or not kept; tell it in outcome, with its source")
        self._unknown_key(key, _FACT_KEYS, f"{part}.")

    def _value(self, key: str, value: object, part: str) -> object:
        place = f"{part}.{key}"
        if key in _WORDS:
            return self._word(value, _WORDS[key], place)
        if key in _ANSWERS:
            if not isinstance(value, bool):
                self._wrong(place, value, "true or false")
            return value
        if key == "said":
            return self._words(value, Said, place)
        if not isinstance(value, list) or not value or not all(isinstance(each, str) for each in value):
            self._wrong(place, value, "a list of the platforms' names")
        return tuple(value)

    def _cited(self, row: Mapping[str, Any], key: str) -> tuple[str, ...]:
        names = row.get("from")
        if not isinstance(names, list) or not names:
            self._wrong(f"{key}.from", names, "name at least one source of this case")
        for name in names:
            if not isinstance(name, str) or name not in self._names:
                self._wrong(f"{key}.from", name, f"no such source here; there are {', '.join(sorted(self._names))}")
        return tuple(names)

    def _all_cited(self, case: Case) -> None:
        told = [each for each in (case.happened, case.done, case.outcome, case.practice) if each is not None]
        cited = {name for each in (*told, *case.reported) for name in each.sources}
        if idle := sorted(self._names - cited):
            self._wrong(f"sources.{idle[0]}", None, "nothing is told from it; cite it or take it out")

    def _words(self, values: object, words: type[_Word], key: str) -> tuple[_Word, ...]:
        if not isinstance(values, list):
            self._wrong(key, values, "a list of words")
        return tuple(self._word(each, words, key) for each in values)

    def _word(self, value: object, words: type[_Word], key: str) -> _Word:
        known = {each.value: each for each in words}
        if not isinstance(value, str) or value not in known:
            self._wrong(key, value, f"one of {', '.join(known)}")
        return known[value]

    def _table(self, key: str) -> Mapping[str, Any]:
        table = self._row.get(key, {})
        if not isinstance(table, Mapping):
            self._wrong(key, table, f"a table, [case.{key}]")
        return table

    def _text(self, row: Mapping[str, Any], key: str, within: str = "") -> str:
        value = row.get(key)
        if not isinstance(value, str) or not value.strip():
            self._wrong(f"{within}.{key}".lstrip("."), value, "a text")
        return value

    def _matching(self, row: Mapping[str, Any], key: str, form: re.Pattern[str], wanted: str, within: str = "") -> str:
        value = self._text(row, key, within)
        if not form.fullmatch(value):
            self._wrong(f"{within}.{key}".lstrip("."), value, wanted)
        return value

    def _only(self, row: Mapping[str, Any], keys: frozenset[str], within: str) -> None:
        for key in row:
            if key not in keys:
                self._unknown_key(key, keys, within)

    def _unknown_key(self, key: str, keys: Iterable[str], within: str) -> NoReturn:
        near = get_close_matches(key, sorted(keys), n=1)
        self._wrong(f"{within}{key}", None, f"no such key; did you mean {near[0]}?" if near else "no such key")

    def _wrong(self, key: str, value: object, wanted: str) -> NoReturn:
        raise ConfigError(f"casebook: {self._place}: {key}", value=value, remedy=wanted)
