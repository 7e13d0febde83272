"""Entries of RSS and Atom feeds as mentions: link, outlet, time and words of an article.

Below news.py; the only file that knows feedparser. Reads bytes that were fetched before. A feed that is cut off, or no
feed at all, is refused by name; one with lesser faults is read, and named.
"""

import calendar
import hashlib
import io
import re
import time
import urllib.parse
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import feedparser

from collectors._http import Answer, place_of
from collectors._markup import plain_text
from collectors._news_feeds import PLATFORM
from stormcone.collecting import one_line
from stormcone.errors import CollectError
from stormcone.mention_file import storable
from stormcone.models import Edit, Mention, Skip

_OLDEST_SECOND: Final = 631_152_000  # 1990: earlier dates are empty fields of the outlet's database
_LONGEST_ID: Final = 400  # characters; ids stand in indexes
_MOST_ENTRIES: Final = 5_000  # of one feed
_TRACKING: Final = re.compile(
    r"utm_\w*|fbclid|gclid|dclid|gclsrc|gbraid|wbraid|msclkid|twclid|ttclid|yclid|li_fat_id|igshid|igsh|mc_cid|mc_eid"
    r"|mkt_tok|_ga|_gl|_hsenc|_hsmi|at_medium|at_campaign|at_custom\d|xtor|ns_campaign|ns_mchannel|ns_source|pk_\w+"
    r"|mtm_\w+|wt_z?mc|cmpid|ref_src|smid|sfnsn",
    re.IGNORECASE,
)
_ROOT_ENDS: Final = re.compile(r"</(?:\w+:)?(?:rss|feed|rdf)\s*>(?:\s|<!--.*?-->)*\Z", re.IGNORECASE | re.DOTALL)
_NESTED_ENTITY: Final = re.compile(rb"<!ENTITY\s[^<>]*&(?!#)", re.IGNORECASE)  # how a few lines become gigabytes
_PROLOGUE_BYTES: Final = 64 * 1024
_TAIL_BYTES: Final = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One article as a feed tells of it. id: its link without tracking. posted_at: None where the feed does not say."""

    id: str
    link: str
    title: str
    summary: str
    outlet: str
    posted_at: datetime | None

    @property
    def text(self) -> str:
        """Headline and summary; the headline alone where the summary only repeats it."""
        if not self.summary or self.summary == self.title:
            return self.title
        return f"{self.title}\n\n{self.summary}" if self.title else self.summary

    @property
    def key(self) -> str:
        """A short print of the id."""
        return _print(self.id)

    @property
    def digest(self) -> str:
        """A short print of the text."""
        return _print(self.text)

    def mention(self, brand: str, now: datetime) -> Mention:
        """Return the article as a mention of a brand. One dated in the future, or not at all, was posted now."""
        posted_at = now if self.posted_at is None else min(self.posted_at, now)
        return Mention(
            platform=PLATFORM,
            id=self.id,
            brand=brand,
            posted_at=posted_at,
            seen_at=now,
            text=self.text,
            author=self.outlet,
            url=self.link,
        )

    def edit(self, brand: str, now: datetime) -> Edit:
        """Return the article's new words as an edit."""
        return Edit(platform=PLATFORM, id=self.id, brand=brand, edited_at=now, text=self.text)


def read_entries(url: str, answer: Answer) -> tuple[list[Entry], list[Skip]]:
    """Return the articles of a feed, and what could not be read of it.

    Args: url: as the settings name the feed.
    Raises: CollectError: it is no feed, or it is cut off.
    """
    parsed = _parsed(answer)
    place = place_of(url)
    fault = _fault(parsed)
    if fault is not None and not _ends(answer.body, str(parsed.get("encoding") or "utf-8")):
        raise CollectError(PLATFORM, f"{place} is cut off or malformed ({fault}); asked again at the next poll")
    if not parsed.get("version"):
        detail = fault or one_line(answer.headers.get("content-type", "")) or "empty"
        raise CollectError(PLATFORM, f"{place} is no RSS or Atom feed ({detail}); correct the address")
    skipped = []
    if fault is not None:
        skipped.append(Skip(place=place, reason=f"is malformed ({fault}); what could be read of it was taken"))
    entries = []
    for number, raw in enumerate(parsed.entries[:_MOST_ENTRIES], start=1):
        entry = _entry(raw, parsed.feed, place)
        if entry is None:
            skipped.append(Skip(place=f"{place} entry {number}", reason="has no link that begins with http"))
        else:
            entries.append(entry)
    return entries, skipped


def canonical(link: str) -> str:
    """Return a link without the parameters that only say where a reader came from.

    >>> canonical("HTTPS://Daily.example/a?id=5&utm_source=rss&fbclid=x#xtor=RSS-1")
    'https://daily.example/a?id=5'
    >>> canonical("https://daily.example/a?utm_medium=feed")
    'https://daily.example/a'
    """
    try:
        parts = urllib.parse.urlsplit(link.strip())
    except ValueError:
        return link.strip()
    kept = [each for each in parts.query.split("&") if each and not _is_tracking(each)]
    fragment = "" if _is_tracking(parts.fragment) else parts.fragment
    return urllib.parse.urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path, "&".join(kept), fragment))


def _is_tracking(pair: str) -> bool:
    return _TRACKING.fullmatch(urllib.parse.unquote_plus(pair.partition("=")[0])) is not None


def _parsed(answer: Answer) -> Any:  # noqa: ANN401 - feedparser's dictionary, read in this file only
    if _NESTED_ENTITY.search(answer.body[:_PROLOGUE_BYTES].replace(b"\x00", b"")):
        raise CollectError(
            PLATFORM, f"{place_of(answer.url)} is malformed (entities that hold entities); no feed needs them"
        )
    headers = {"content-location": answer.url}
    given = answer.headers.get("content-type")
    if given:
        headers["content-type"] = given
    try:
        # A stream, never the bytes themselves: feedparser takes those for a file name first.
        return feedparser.parse(io.BytesIO(answer.body), response_headers=headers)
    except (ValueError, TypeError, AttributeError, LookupError, AssertionError, RecursionError) as error:
        raise CollectError(
            PLATFORM, f"{place_of(answer.url)} cannot be read as a feed ({type(error).__name__}); correct the address"
        ) from error


def _fault(parsed: Any) -> str | None:  # noqa: ANN401 - as above
    """Return what is wrong with the form of a feed; a wrong declaration of encoding or type is nothing."""
    error = parsed.get("bozo_exception") if parsed.get("bozo") else None
    harmless = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)
    return None if error is None or isinstance(error, harmless) else one_line(str(error) or type(error).__name__)


def _ends(body: bytes, encoding: str) -> bool:
    """Tell whether a feed comes to its end, whatever is wrong in the middle of it."""
    try:
        tail = body[-_TAIL_BYTES:].decode(encoding, "replace")
    except LookupError:
        tail = body[-_TAIL_BYTES:].decode("latin-1")
    return _ROOT_ENDS.search(tail) is not None


def _entry(raw: Any, feed: Any, place: str) -> Entry | None:  # noqa: ANN401 - as above
    link = _link(raw)
    if link is None:
        return None
    source = raw.get("source") or {}
    outlet = _words(source.get("title")) or _words(feed.get("title")) or urllib.parse.urlsplit(place).netloc
    identity = canonical(link)
    if len(identity) > _LONGEST_ID:
        identity = f"{identity[:_LONGEST_ID]}#{_print(identity)}"
    return Entry(
        id=identity,
        link=link,
        title=_words(raw.get("title")),
        summary=_words(raw.get("summary")),
        outlet=one_line(outlet),
        posted_at=_posted_at(raw),
    )


def _link(raw: Any) -> str | None:  # noqa: ANN401 - as above
    """Return the address of an entry's article, None where it has none on the web."""
    for given in (raw.get("link"), raw.get("id")):
        link = storable(given).strip() if isinstance(given, str) else ""
        if link.lower().startswith(("http://", "https://")) and not any(each.isspace() for each in link):
            return link
    return None


def _words(given: object) -> str:
    return plain_text(storable(given)) if isinstance(given, str) else ""


def _posted_at(raw: Any) -> datetime | None:  # noqa: ANN401 - as above
    for name in ("published_parsed", "updated_parsed", "created_parsed"):
        given = dict.get(raw, name)  # feedparser's own get makes dates up, and warns of it
        if not isinstance(given, time.struct_time):
            continue
        try:
            seconds = calendar.timegm(given)
            if seconds >= _OLDEST_SECOND:
                return datetime.fromtimestamp(seconds, UTC)
        except (ValueError, OverflowError, OSError):
            continue
    return None


def _print(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]
