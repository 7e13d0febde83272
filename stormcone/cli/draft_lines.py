"""Reads drafts that are to be checked: one JSON object a line, or the options of the command.

The door of `stormcone check`. Every line comes out in order, also one that cannot be read: then `problem` says why.
Never judges a draft.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, TypeVar

from stormcone.config.refusing import suggestion
from stormcone.errors import MentionFileError
from stormcone.models.drafts import Draft, DraftAudience, DraftProfile, DraftRole, Industry, Tone

STANDARD_INPUT: Final = Path("-")
_SHOWN: Final = 40  # characters of a wrong value in a message
_Word = TypeVar("_Word", bound=StrEnum)
ProfileOf = Callable[[str], DraftProfile]  # of a brand by its name


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLine:
    """One line. place: file and line. ident: what the line calls itself. Either draft or problem is None."""

    place: str
    draft: Draft | None
    ident: object = None
    problem: str | None = None


class BadDraftError(ValueError):
    """A draft that cannot be checked; says which key and what to write."""


def read_drafts(path: Path, profile_of: ProfileOf) -> Iterator[DraftLine]:
    """Yield every line that is not blank, in order.

    Args: path: a file of JSON lines, STANDARD_INPUT for that. profile_of: what config.toml says of a brand.
    Raises: MentionFileError: the file cannot be read at all.
    """
    name = "standard input" if path == STANDARD_INPUT else path.name
    for number, line in enumerate(_lines(path, name), start=1):
        if line.strip():
            yield _draft_line(line, f"{name} line {number}", profile_of)


def draft_of(row: Mapping[str, Any], profile_of: ProfileOf) -> Draft:
    """Return the draft in an object with the keys of docs/draft-check.md; keys it does not know are ignored.

    Raises: BadDraftError: `text` is missing, or a value is not of its kind.
    >>> draft_of({"text": "Hi", "at": "2026-09-11"}, lambda brand: DraftProfile()).at.isoformat()
    '2026-09-11T00:00:00+00:00'
    """
    if not isinstance(row.get("text"), str):
        raise BadDraftError("text: is needed; give the text of the draft")
    brand = _text(row, "brand")
    automated = row.get("automated", False)
    if not isinstance(automated, bool | None):
        raise BadDraftError(f"automated = {_shown(automated)}: give true or false")
    return Draft(
        text=row["text"],
        profile=_profile(row.get("profile"), profile_of(brand) if brand else DraftProfile()),
        lang=_text(row, "lang"),
        at=_instant(row.get("at")),
        role=_word(row, "role", DraftRole, DraftRole.OFFICIAL),
        in_reply_to=_text(row, "in_reply_to"),
        automated=bool(automated),
        news=_texts(row, "news"),
    )


def _lines(path: Path, name: str) -> Iterator[str]:
    try:
        if path == STANDARD_INPUT:
            yield from (line.decode("utf-8-sig", "replace") for line in sys.stdin.buffer)
            return
        with path.open("rb") as stream:
            yield from (line.decode("utf-8-sig", "replace") for line in stream)
    except OSError as error:
        raise MentionFileError(f"{name}: cannot be read: {error.strerror or error}") from error


def _draft_line(line: str, place: str, profile_of: ProfileOf) -> DraftLine:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return DraftLine(place=place, draft=None, problem=f"is no JSON: {error}")
    if not isinstance(row, dict):
        return DraftLine(place=place, draft=None, problem='is no object; write {"text": "..."}')
    try:
        return DraftLine(place=place, draft=draft_of(row, profile_of), ident=row.get("id"))
    except BadDraftError as error:
        return DraftLine(place=place, draft=None, ident=row.get("id"), problem=str(error))


def _profile(given: object, known: DraftProfile) -> DraftProfile:
    """Return the brand's profile with what the draft says over it."""
    if given is None:
        return known
    if not isinstance(given, dict):
        raise BadDraftError(f"profile = {_shown(given)}: give an object")
    return replace(
        known,
        industry=_word(given, "industry", Industry, known.industry, "profile."),
        audience=_word(given, "audience", DraftAudience, known.audience, "profile."),
        tone=_word(given, "tone", Tone, known.tone, "profile."),
        controversies=_texts(given, "controversies", "profile.") if "controversies" in given else known.controversies,
        no_go=_texts(given, "no_go", "profile.") if "no_go" in given else known.no_go,
    )


def _word(row: Mapping[str, Any], key: str, words: type[_Word], default: _Word, prefix: str = "") -> _Word:
    given = row.get(key)
    if given is None:
        return default
    try:
        return words(given)
    except ValueError:
        hint = suggestion(str(given)[:_SHOWN], {str(word) for word in words})
        raise BadDraftError(f"{prefix}{key} = {_shown(given)}: {hint}") from None


def _text(row: Mapping[str, Any], key: str) -> str | None:
    given = row.get(key)
    if given is not None and not isinstance(given, str):
        raise BadDraftError(f"{key} = {_shown(given)}: give a text")
    return given


def _texts(row: Mapping[str, Any], key: str, prefix: str = "") -> tuple[str, ...]:
    given = row.get(key)
    said = [] if given is None else [given] if isinstance(given, str) else given
    if not isinstance(said, list) or not all(isinstance(each, str) for each in said):
        raise BadDraftError(f"{prefix}{key} = {_shown(given)}: give a list of texts")
    return tuple(said)


def _instant(given: object) -> datetime | None:
    if given is None:
        return None
    try:
        instant = datetime.fromisoformat(given)  # type: ignore[arg-type]  # a TypeError is told like any wrong value
    except (ValueError, TypeError):
        raise BadDraftError(f"at = {_shown(given)}: give an ISO instant such as 2026-09-11T12:00:00Z") from None
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant


def _shown(value: object) -> str:
    return ascii(value)[:_SHOWN]
