"""What own accounts like on Bluesky: public, told by Jetstream for the asked accounts alone, without a login.

A step of the Bluesky collector, every so often. The words of what was liked are asked for by address. Never reads what
support accounts like; never says who else likes anything.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from collectors._bluesky_gathering import Owner
from collectors._bluesky_items import PLATFORM, BadPostError, read_view
from collectors._bluesky_jetstream import Jetstream, from_microseconds, microseconds
from stormcone.errors import CollectError
from stormcone.models import Like
from stormcone.ports import Role, WatchedBrand

LIKES: Final = "app.bsky.feed.like"
_FIRST_LOOK: Final = timedelta(days=1)  # as far as the stream goes back
_OVERLAP_US: Final = 10_000_000
_TOGETHER: Final = 25  # posts asked for in one request
_MOST: Final = 100  # likes of one look; an account that likes more is a machine


@dataclass(frozen=True, slots=True, kw_only=True)
class LikesReading:
    """What a look came to. until: where the next one goes on, microseconds; failure: why it did not move on."""

    until: int | None
    likes: tuple[Like, ...] = ()
    failure: CollectError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Liked:
    uri: str
    did: str
    at: datetime


def watched(owners: Mapping[str, Owner], brands: Sequence[WatchedBrand]) -> dict[str, Owner]:
    """Return the own accounts whose likes are watched: official and executive ones, by id."""
    support = {
        (brand.name, account.handle) for brand in brands for account in brand.accounts if account.role is Role.SUPPORT
    }
    return {did: owner for did, owner in owners.items() if (owner.brand, owner.handle) not in support}


def read_likes(
    stream: Jetstream,
    owners: Mapping[str, Owner],
    ask: Callable[[list[str]], list[Any] | None],
    *,
    last: int | None,
    now: datetime,
    deadline: datetime,
) -> LikesReading:
    """Return what these accounts liked since `last` (microseconds; None: since a day).

    Args: stream: of these accounts' likes. ask: for posts by address, 25 at most; None: they cannot be had now.
    """
    start = microseconds(now - _FIRST_LOOK) if last is None else last - _OVERLAP_US
    found: dict[str, _Liked] = {}
    with closing(stream.messages_since(start, deadline=deadline)) as messages:
        for message in messages:
            liked = _liked(message)
            if liked is not None and liked.did in owners and len(found) < _MOST:
                found.setdefault(liked.uri, liked)
    if stream.failure is not None:
        return LikesReading(until=last, failure=stream.failure)
    words = _words(list(found), ask)
    if words is None:
        return LikesReading(until=last)
    likes = tuple(_like(each, owners[each.did], words[uri]) for uri, each in found.items() if uri in words)
    is_done = stream.is_caught_up or stream.read_until is None
    return LikesReading(until=microseconds(now) if is_done else stream.read_until, likes=likes)


def _liked(message: Mapping[str, Any]) -> _Liked | None:
    """Return what a message says was liked; None where it is about something else, or malformed."""
    commit, did = message.get("commit"), message.get("did")
    if not isinstance(commit, Mapping) or not isinstance(did, str):
        return None
    if commit.get("collection") != LIKES or commit.get("operation") != "create":
        return None
    record = commit.get("record")
    subject = record.get("subject") if isinstance(record, Mapping) else None
    uri = subject.get("uri") if isinstance(subject, Mapping) else None
    return _Liked(uri=uri, did=did, at=from_microseconds(message["time_us"])) if isinstance(uri, str) else None


def _words(uris: Sequence[str], ask: Callable[[list[str]], list[Any] | None]) -> dict[str, str] | None:
    """Return the words of posts by address, gone ones left out; None where they could not be asked for."""
    words: dict[str, str] = {}
    for start in range(0, len(uris), _TOGETHER):
        raws = ask(list(uris[start : start + _TOGETHER]))
        if raws is None:
            return None
        for raw in raws:
            try:
                post = read_view(raw)
            except BadPostError:
                continue
            words[post.uri] = post.text
    return words


def _like(liked: _Liked, owner: Owner, text: str) -> Like:
    return Like(platform=PLATFORM, id=liked.uri, brand=owner.brand, liked_at=liked.at, text=text, account=owner.handle)
