"""What a Bluesky post says: records of the API and of Jetstream, read into one shape.

Below the Bluesky collector; raw answers end here. The time of a post is its author's word, believed unless it lies in
the future. Never fetches, never decides whom a post is about.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from stormcone.mention_file import storable

PLATFORM: Final = "bluesky"
POSTS: Final = "app.bsky.feed.post"
_LONGEST_TEXT: Final = 60_000  # characters; the network's own limit is 3,000 bytes
_MOST_FACETS: Final = 200


class BadPostError(ValueError):
    """A post that cannot be read; its message says what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Reactions to a post, None where nobody said."""

    likes: int | None = None
    reposts: int | None = None
    replies: int | None = None
    quotes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One post. did: its author's id, which a change of handle leaves alone. quoted_uri: of the post it quotes."""

    uri: str
    did: str
    text: str
    posted_at: datetime
    parent_uri: str | None
    root_uri: str | None
    quoted_uri: str | None
    hashtags: tuple[str, ...]
    mentioned_dids: tuple[str, ...]
    lang: str | None
    counts: Counts = Counts()

    @property
    def url(self) -> str:
        """Address at which people read it."""
        return f"https://bsky.app/profile/{self.did}/post/{self.uri.rpartition('/')[2]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Who somebody is. followers, created_at: None where nobody said."""

    did: str
    handle: str
    followers: int | None = None
    created_at: datetime | None = None


def read_view(raw: object) -> Post:
    """Return a post as the API shows it. Raises: BadPostError: it lacks its address, its author or its words."""
    view = _object(raw, "a post")
    author = _object(view.get("author"), "the author of a post")
    uri, did = _word(view.get("uri")), _word(author.get("did"))
    if uri is None or did is None:
        raise BadPostError("a post has no uri" if uri is None else f"post {uri} has no author")
    counts = Counts(
        likes=count(view.get("likeCount")),
        reposts=count(view.get("repostCount")),
        replies=count(view.get("replyCount")),
        quotes=count(view.get("quoteCount")),
    )
    return read_record(view.get("record"), uri=uri, did=did, seen_at=instant(view.get("indexedAt")), counts=counts)


def read_record(raw: object, *, uri: str, did: str, seen_at: datetime | None, counts: Counts = Counts()) -> Post:
    """Return a post from the record its author wrote. Args: seen_at: when the network saw it, None where unknown."""
    record = _object(raw, f"post {uri}")
    text = record.get("text")
    if not isinstance(text, str):
        raise BadPostError(f"post {uri} has no readable text")
    written_at = instant(record.get("createdAt"))
    posted_at = min(filter(None, (written_at, seen_at)), default=None)
    if posted_at is None:
        raise BadPostError(f"post {uri} has no readable createdAt")
    tags, dids = _facets(record)
    languages = record.get("langs")
    return Post(
        uri=uri,
        did=did,
        text=storable(text[:_LONGEST_TEXT]),
        posted_at=posted_at,
        parent_uri=_reply(record, "parent"),
        root_uri=_reply(record, "root"),
        quoted_uri=_quoted(record.get("embed")),
        hashtags=tags,
        mentioned_dids=dids,
        lang=_word(languages[0]) if isinstance(languages, list) and languages else None,
        counts=counts,
    )


def read_profile(raw: object) -> Profile:
    """Return a profile. Raises: BadPostError: it lacks id or handle."""
    view = _object(raw, "a profile")
    did, handle = _word(view.get("did")), _word(view.get("handle"))
    if did is None or handle is None:
        raise BadPostError("a profile has no did or no handle")
    created_at = instant(view.get("createdAt"))
    return Profile(did=did, handle=handle, followers=count(view.get("followersCount")), created_at=created_at)


def thread_posts(raw: object) -> Iterator[Any]:
    """Yield the posts below a thread's root, parents first; blocked and deleted ones hold nothing."""
    waiting = deque([raw])
    while waiting:
        node = waiting.popleft()
        if not isinstance(node, Mapping):
            continue
        if node is not raw and node.get("post") is not None:
            yield node["post"]
        replies = node.get("replies")
        waiting.extend(replies if isinstance(replies, list) else [])


def did_of(uri: str | None) -> str | None:
    """Return whose post an address names.

    >>> did_of("at://did:plc:acme/app.bsky.feed.post/3k"), did_of("https://example.org"), did_of(None)
    ('did:plc:acme', None, None)
    """
    if uri is None or not uri.startswith("at://"):
        return None
    return uri.removeprefix("at://").split("/", 1)[0]


def instant(value: object) -> datetime | None:
    """Return a time in UTC, None where it is none."""
    if not isinstance(value, str) or len(value) > 64:  # noqa: PLR2004 - no written time is as long
        return None
    try:
        found = datetime.fromisoformat(value)
        return (found if found.tzinfo is not None else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def count(value: object) -> int | None:
    """Return a count, None where it is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53 else None


def _object(value: object, what: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise BadPostError(f"{what}: expected an object, got {type(value).__name__}")
    return value


def _word(value: object) -> str | None:
    return storable(value).strip()[:500] or None if isinstance(value, str) else None


def _reply(record: Mapping[str, Any], which: str) -> str | None:
    reply = record.get("reply")
    place = reply.get(which) if isinstance(reply, Mapping) else None
    return _word(place.get("uri")) if isinstance(place, Mapping) else None


def _quoted(embed: object) -> str | None:
    """Return the address of the quoted post; with pictures it stands one level deeper."""
    for _ in range(2):
        embed = embed.get("record") if isinstance(embed, Mapping) else None
        if isinstance(embed, Mapping) and isinstance(embed.get("uri"), str):
            return _word(embed["uri"])
    return None


def _facets(record: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return hashtags and ids of mentioned people, as the author's program marked them."""
    tags = [tag for tag in _list(record.get("tags")) if isinstance(tag, str)]
    dids: list[str] = []
    for facet in _list(record.get("facets")):
        for feature in _list(facet.get("features")) if isinstance(facet, Mapping) else ():
            if isinstance(feature, Mapping):
                tags += [tag] if isinstance(tag := feature.get("tag"), str) else []
                dids += [did] if isinstance(did := feature.get("did"), str) else []
    return tuple(tags), tuple(dids)


def _list(value: object) -> list[Any]:
    return value[:_MOST_FACETS] if isinstance(value, list) else []
