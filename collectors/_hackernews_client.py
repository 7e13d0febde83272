"""Asks Hacker News' search (Algolia) for pages, newest first, beyond the 1,000 hits it shows of one question.

Below hackernews.py, above the shared HTTP part. A question that has more hits is asked again for the time before the
oldest one seen. Knows no brand.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from collectors._hackernews_items import PLATFORM, Hit, read_hits
from collectors._http import Http, place_of, read_json, refuse_status, shaped
from collectors._walking import Page
from stormcone.clock import Clock

_HITS_A_PAGE: Final = 100
_HITS_OF_ONE_QUESTION: Final = 1_000  # algolia/hn-search#230
_REMEDY: Final = "look at base_url; nobody needs a key here, so an address or a proxy in between refuses us"


class _Found(BaseModel):
    """What the search answers around the hits."""

    model_config = ConfigDict(extra="ignore")

    hits: list[object]
    total: Annotated[int | None, Field(alias="nbHits")] = None
    pages: Annotated[int | None, Field(alias="nbPages")] = None
    per_page: Annotated[int | None, Field(alias="hitsPerPage", ge=1)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked for. words: all of them must stand in it; tags: as the search knows them ("author_ann")."""

    words: str = ""
    tags: str = ""


class Search:
    """The search behind one base_url, for one poll."""

    def __init__(self, http: Http, base_url: str, clock: Clock) -> None:
        self._http = http
        self._url = f"{base_url.rstrip('/')}/api/v1/search_by_date"
        self._clock = clock

    def page(self, question: Question, since: datetime, token: str | None) -> Page[Hit]:
        """Return one page of the hits since an instant, newest first.

        Raises: CollectError, RateLimited, Refused.
        """
        until, number = _parsed(token)
        found = self._ask(question, int(since.timestamp()) - 1, until, number, _HITS_A_PAGE)
        hits, skipped = read_hits(found.hits)
        times = [hit.created_at for hit in hits]
        return Page(
            items=hits,
            newest=max(times, default=None),
            oldest=min(times, default=None),
            next_token=_next_token(found, hits, until, number),
            skipped=skipped,
        )

    def between(self, after: datetime, before: datetime) -> tuple[tuple[Hit, ...], bool]:
        """Return everything posted between two instants, and whether that is all of it."""
        found = self._ask(Question(), int(after.timestamp()) - 1, int(before.timestamp()) + 1, 0, _HITS_OF_ONE_QUESTION)
        hits, skipped = read_hits(found.hits)
        return hits, not skipped and found.total is not None and len(hits) >= found.total

    def _ask(self, question: Question, after: int, before: int | None, number: int, per_page: int) -> _Found:
        times = [f"created_at_i>{after}", *([f"created_at_i<{before}"] if before is not None else [])]
        params = {
            "query": _without_operators(question.words),
            "numericFilters": ",".join(times),
            "hitsPerPage": str(per_page),
            "page": str(number),
        }
        if question.tags:
            params["tags"] = question.tags
        answer = self._http.get(self._url, params=params)
        refuse_status(PLATFORM, answer, detail="", remedy=_REMEDY, now=self._clock.now())
        return shaped(PLATFORM, place_of(answer.url), read_json(PLATFORM, answer), _Found)


def _without_operators(words: str) -> str:
    """Return words without what the search reads as "exactly" and "not".

    >>> _without_operators('"acme" -tools c++')
    'acme tools c++'
    """
    return " ".join(word.lstrip("-") for word in words.replace('"', " ").split()).strip()


def _parsed(token: str | None) -> tuple[int | None, int]:
    """Return (before which second, page) of a token; what is none means the first page of all."""
    until, _, number = (token or "").partition("/")
    if not number.isdecimal() or not (until == "" or until.isdecimal()):
        return None, 0
    return (int(until) if until else None), int(number)


def _next_token(found: _Found, hits: tuple[Hit, ...], until: int | None, number: int) -> str | None:
    """Return where older hits are: the next page, the time before the oldest seen, or None at the end."""
    per_page = found.per_page or _HITS_A_PAGE
    read = number * per_page + len(found.hits)
    has_more_pages = len(found.hits) >= per_page if found.pages is None else number + 1 < found.pages
    shown = "" if until is None else str(until)
    if not found.hits:
        return None
    if has_more_pages and read < _HITS_OF_ONE_QUESTION:
        return f"{shown}/{number + 1}"
    if not hits or (read < _HITS_OF_ONE_QUESTION and read >= (found.total or 0)):
        return None
    # The oldest second may go on beyond this page, so it is asked for again; if nothing else was in it, it is left.
    oldest = min(hit.created_at_i for hit in hits)
    if until is None or oldest + 1 < until:
        return f"{oldest + 1}/0"
    return f"{oldest}/0" if oldest < until else None
