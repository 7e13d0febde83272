"""Hits of Hacker News' search as mentions: which brands a story or comment names, and what it says.

Below hackernews.py; the only file that knows the fields of a hit. Reads one hit at a time: a broken one is named and
skipped. Sends nothing.
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from collectors._http import fault
from collectors._markup import plain_text
from stormcone.collecting import Matcher, one_line
from stormcone.models import Edit, Engagement, Mention, Skip
from stormcone.ports import WatchedBrand

PLATFORM: Final = "hackernews"

_LAST_SECOND: Final = 7_258_118_400  # the year 2200: later times are no times
_NOT_MENTIONS: Final = frozenset({"job", "pollopt"})  # advertisements of employers, and the options of a poll
_PAGE: Final = "https://news.ycombinator.com/item?id="


class Hit(BaseModel):
    """One story or comment as the search gives it; what is not used here is left out."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)

    id: Annotated[str, Field(alias="objectID", pattern="^[A-Za-z0-9_-]{1,40}$")]
    created_at_i: Annotated[int, Field(ge=0, lt=_LAST_SECOND)]
    author: str | None = None
    title: str | None = None
    url: str | None = None
    story_text: str | None = None
    comment_text: str | None = None
    story_id: str | None = None
    story_title: str | None = None
    parent_id: str | None = None
    points: int | None = None
    num_comments: int | None = None
    tags: Annotated[tuple[str, ...], Field(alias="_tags")] = ()

    @property
    def created_at(self) -> datetime:
        """When it was posted."""
        return datetime.fromtimestamp(self.created_at_i, UTC)

    @property
    def is_comment(self) -> bool:
        """True for an answer, to a story or to another comment."""
        return self.comment_text is not None or "comment" in self.tags

    @property
    def thread_id(self) -> str | None:
        """Id of the story it belongs to; a story belongs to itself."""
        return (self.story_id or self.parent_id) if self.is_comment else self.id

    @property
    def text(self) -> str:
        """What a reader sees: a comment's words, or a story's title, link and text."""
        if self.is_comment:
            return plain_text(self.comment_text or "")
        parts = ((self.title or "").strip(), (self.url or "").strip(), plain_text(self.story_text or ""))
        return "\n\n".join(filter(None, parts))

    @property
    def headline(self) -> str:
        """The words that say what the whole thread is about."""
        if self.is_comment:
            return self.story_title or ""
        return f"{self.title or ''}\n{self.url or ''}"

    @property
    def digest(self) -> str:
        """A short print of the text; it changes when the text is edited."""
        return hashlib.sha256(self.text.encode("utf-8", "replace")).hexdigest()[:8]


def read_hits(raw: Iterable[object]) -> tuple[tuple[Hit, ...], tuple[Skip, ...]]:
    """Return the stories and comments among raw hits, and the hits that cannot be read."""
    hits, skipped = [], []
    for number, each in enumerate(raw, start=1):
        try:
            hit = Hit.model_validate(each)
        except ValidationError as error:
            named = one_line(str(each.get("objectID", ""))) if isinstance(each, dict) else ""
            skipped.append(Skip(place=f"hackernews item {named or f'number {number} of a page'}", reason=fault(error)))
            continue
        hits.append(hit)
    return tuple(hits), tuple(skipped)


class Reader:
    """Tells whom a hit is about and writes it down as mentions."""

    def __init__(self, brands: tuple[WatchedBrand, ...]) -> None:
        self._matcher = Matcher(brands)
        self._owners = {account.handle.casefold(): (b.name, account.handle) for b in brands for account in b.accounts}

    def owner(self, hit: Hit) -> str | None:
        """Return the brand whose account wrote it, None for anybody else."""
        found = self._owners.get((hit.author or "").casefold())
        return found[0] if found else None

    def thread_brands(self, hit: Hit) -> tuple[str, ...]:
        """Return the brands whose matter the whole thread is: named in the headline, or the author of the story."""
        named = self._matcher.brands_in(hit.headline)
        owner = None if hit.is_comment else self.owner(hit)
        return tuple(dict.fromkeys((*named, *([owner] if owner else []))))

    def brands(self, hit: Hit, around: Iterable[str] = ()) -> tuple[str, ...]:
        """Return the brands a hit mentions. around: those whose thread it stands in."""
        if not _NOT_MENTIONS.isdisjoint(hit.tags):
            return ()
        owner = self.owner(hit)
        named = self._matcher.brands_in(hit.text)
        return tuple(dict.fromkeys((*named, *self.thread_brands(hit), *around, *([owner] if owner else []))))

    def mention(self, hit: Hit, brand: str, now: datetime) -> Mention:
        """Return a hit as one brand's mention or own post."""
        owner, account = self._owners.get((hit.author or "").casefold(), (None, None))
        is_own = owner == brand
        return Mention(
            platform=PLATFORM,
            id=hit.id,
            brand=brand,
            posted_at=hit.created_at,
            seen_at=max(now, hit.created_at),
            text=hit.text,
            author=hit.author,
            is_own_post=is_own,
            parent_id=hit.parent_id if hit.is_comment else None,
            root_id=hit.thread_id if hit.is_comment else None,
            likes=_count(hit.points),
            replies=_count(hit.num_comments),
            url=f"{_PAGE}{hit.id}",
            account=account if is_own else None,
        )


def engagement_of(hit: Hit, brand: str, now: datetime) -> Engagement:
    """Return the counts of an own story; comments have none in public."""
    return Engagement(
        platform=PLATFORM,
        post_id=hit.id,
        brand=brand,
        seen_at=now,
        likes=_count(hit.points),
        replies=_count(hit.num_comments),
    )


def edit_of(hit: Hit, brand: str, now: datetime) -> Edit:
    """Return a hit whose text has changed. Nobody says when: it is dated when it was seen."""
    return Edit(platform=PLATFORM, id=hit.id, brand=brand, edited_at=now, text=hit.text)


def _count(given: int | None) -> int | None:
    return None if given is None else max(0, given)
