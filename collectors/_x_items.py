"""What X's answers say, as records: posts, pages of them, users, counts per minute.

Second stage of collectors/x.py, after the gateway. Reads both spellings of X's fields (`referenced_tweets` of 2021,
`referenced_posts` of 2026). A malformed post is skipped by name; an answer without the parts it must have is a
CollectError. Never asks X anything, never knows a brand.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from collectors._x_fields import Json, MalformedError, count_in, id_in, instant_in, objects_in, text_in
from collectors._x_ids import instant_of
from stormcone.collecting import one_line
from stormcone.errors import CollectError
from stormcone.mention_file import storable
from stormcone.models import Skip

PLATFORM: Final = "x"
_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """A public account. followers, created_at: None where X did not say."""

    id: str
    username: str
    followers: int | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Engagement as X counts it, None where it did not say."""

    likes: int | None = None
    reposts: int | None = None
    replies: int | None = None
    quotes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post in its newest version. versions: ids of all versions, oldest first; the first names the post.

    conversation_id: the root of its thread, which is itself where it answers nothing.
    """

    number: int
    versions: tuple[str, ...]
    author_id: str
    text: str
    posted_at: datetime
    conversation_id: str | None = None
    replied_to: str | None = None
    quoted: str | None = None
    is_repost: bool = False
    counts: Counts = Counts()
    lang: str | None = None
    author: Author | None = None

    @property
    def id(self) -> str:
        """Id of the first version."""
        return self.versions[0]

    @property
    def is_edited(self) -> bool:
        """True for a later version than the first."""
        return str(self.number) != self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Which posts to ask for: newer than `since_id`, older than `until_id`; token: the page to go on with."""

    since_id: int
    until_id: int | None = None
    token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of posts. missing: ids X says it has not (any more). token: leads to the next page."""

    posts: tuple[Post, ...] = ()
    missing: tuple[str, ...] = ()
    skipped: tuple[Skip, ...] = ()
    authors: tuple[Author, ...] = ()
    token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Users:
    """Accounts by handle. found: lower-case handle -> account. unknown: lower-case handle -> what X says of it."""

    found: Mapping[str, Author] = field(default_factory=dict)
    unknown: Mapping[str, str] = field(default_factory=dict)


def page_of(answer: object, place: str) -> Page:
    """Return the posts of one answer. Raises: CollectError: it is not a page of posts."""
    body = _body(answer, place)
    data, meta = body.get("data"), body.get("meta")
    if data is None and meta is None:
        raise CollectError(PLATFORM, f"{place}: {_why_empty(body)}")
    is_empty = data is None and isinstance(meta, Mapping) and meta.get("result_count") == 0
    if not isinstance(data, list) and not is_empty:
        raise CollectError(PLATFORM, f"{place}: {_no_list('data')}")
    token = meta.get("next_token") if isinstance(meta, Mapping) else None
    return _page(body, place, token if isinstance(token, str) and token else None)


def looked_up(answer: object, place: str) -> Page:
    """Return the posts of a look-up by id, and which X says it has not. Raises: CollectError: it says neither."""
    body = _body(answer, place)
    if not isinstance(body.get("data"), list) and not _missing(body):
        raise CollectError(PLATFORM, f"{place}: {_why_empty(body)}")
    return _page(body, place, None)


def _page(body: Json, place: str, token: str | None) -> Page:
    authors = {each.id: each for each in _authors(body)}
    posts, skipped = _posts(body.get("data") or [], authors, place)
    return Page(posts=posts, missing=_missing(body), skipped=skipped, authors=tuple(authors.values()), token=token)


def users_of(answer: object, place: str) -> Users:
    """Return the accounts of one answer. Raises: CollectError: it is not a list of accounts."""
    body = _body(answer, place)
    data, errors = body.get("data"), objects_in(body.get("errors"))
    if isinstance(data, Mapping):
        data = [data]
    if not isinstance(data, list) and not errors:
        raise CollectError(PLATFORM, f"{place}: {_no_list('data')}")
    found = [author for each in objects_in(data) if (author := _author(each)) is not None]
    unknown = {str(each.get("value", "")).lower(): _said(each) for each in errors}
    return Users(found={each.username.lower(): each for each in found}, unknown=unknown)


def minutes_of(answer: object, place: str) -> tuple[tuple[datetime, int], ...]:
    """Return (start, posts) of each whole minute. Raises: CollectError: these are no counts."""
    data = _body(answer, place).get("data")
    if not isinstance(data, list):
        raise CollectError(PLATFORM, f"{place}: {_no_list('data')}")
    found = []
    try:
        for each in objects_in(data):
            start, end = instant_in(each.get("start")), instant_in(each.get("end"))
            count = count_in(each, "post_count", "tweet_count")
            if start is not None and end is not None and count is not None and end - start == _MINUTE:
                found.append((start, count))
    except MalformedError as error:
        raise CollectError(PLATFORM, f"{place}: {error}") from error
    return tuple(found)


def _body(answer: object, place: str) -> Json:
    if not isinstance(answer, Mapping):
        raise CollectError(PLATFORM, f"{place}: the answer is no JSON object; check base_url")
    return answer


def _said(error: Json) -> str:
    return one_line(str(error.get("detail") or error.get("message") or error.get("title") or "no reason given"))


def _why_empty(body: Json) -> str:
    """Return why an answer holds no posts: in X's words where it gives any."""
    errors = objects_in(body.get("errors"))
    return f"{_said(errors[0])} Look at it on X and in config.toml" if errors else _no_list("data")


def _no_list(name: str) -> str:
    return f"the answer has no list named {name}; has X changed its contract?"


def _missing(body: Json) -> tuple[str, ...]:
    """Return the ids that are gone or shown to nobody; an error of another kind says nothing about a post."""
    kinds = {"resource-not-found", "not-authorized-for-resource"}
    return tuple(
        str(each.get("resource_id") or each.get("value") or "")
        for each in objects_in(body.get("errors"))
        if str(each.get("type", "")).rsplit("/", 1)[-1] in kinds
    )


def _posts(data: list[object], authors: Mapping[str, Author], place: str) -> tuple[tuple[Post, ...], tuple[Skip, ...]]:
    posts, skipped = [], []
    for number, each in enumerate(data, start=1):
        try:
            if not isinstance(each, Mapping):
                raise MalformedError("is no JSON object")
            posts.append(_post(each, authors))
        except MalformedError as error:
            skipped.append(Skip(place=f"{place}, post {number} of a page", reason=one_line(str(error))))
    return tuple(posts), tuple(skipped)


def _post(raw: Json, authors: Mapping[str, Author]) -> Post:
    newest = id_in(raw.get("id"), "id")
    history = raw.get("edit_history_post_ids") or raw.get("edit_history_tweet_ids") or [newest]
    if not isinstance(history, list):
        raise MalformedError("its versions are no list")
    versions = tuple(sorted({id_in(each, "version") for each in [*history, newest]}, key=int))
    author_id = id_in(raw.get("author_id"), "author_id")
    references = _references(raw)
    created_at = instant_in(raw.get("created_at")) if newest == versions[0] else None
    conversation, lang = raw.get("conversation_id"), raw.get("lang")
    return Post(
        number=int(newest),
        versions=versions,
        author_id=author_id,
        text=text_in(raw),
        # An edited post shows the time of its edit; its first id knows when it was published.
        posted_at=created_at or instant_of(int(versions[0])),
        conversation_id=None if conversation is None else id_in(conversation, "conversation_id"),
        replied_to=references.get("replied_to"),
        quoted=references.get("quoted"),
        is_repost="retweeted" in references or "reposted" in references,
        counts=_counts(raw.get("public_metrics")),
        lang=lang if isinstance(lang, str) and lang not in {"und", "zxx", "qme", "qht", "qam", "qst"} else None,
        author=authors.get(author_id),
    )


def _references(raw: Json) -> dict[str, str]:
    """Return what the post refers to: kind -> id."""
    listed = objects_in(raw.get("referenced_posts") or raw.get("referenced_tweets"))
    return {str(each.get("type")): id_in(each.get("id"), "referenced id") for each in listed}


def _counts(metrics: object) -> Counts:
    if not isinstance(metrics, Mapping):
        return Counts()
    return Counts(
        likes=count_in(metrics, "like_count"),
        reposts=count_in(metrics, "repost_count", "retweet_count"),
        replies=count_in(metrics, "reply_count"),
        quotes=count_in(metrics, "quote_count"),
    )


def _authors(body: Json) -> list[Author]:
    includes = body.get("includes")
    users = objects_in(includes.get("users")) if isinstance(includes, Mapping) else []
    return [author for each in users if (author := _author(each)) is not None]


def _author(raw: Json) -> Author | None:
    """Return the account, or None where it names neither id nor handle."""
    username, metrics = raw.get("username"), raw.get("public_metrics")
    try:
        identifier = id_in(raw.get("id"), "id")
        followers = count_in(metrics, "followers_count") if isinstance(metrics, Mapping) else None
        created_at = instant_in(raw.get("created_at"))
    except MalformedError:
        return None
    if not isinstance(username, str) or not username:
        return None
    return Author(id=identifier, username=storable(username), followers=followers, created_at=created_at)
