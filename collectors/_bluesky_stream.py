"""Takes out of Jetstream what is about the brands, and says how far it was read and what is missing.

Below the Bluesky collector, between the stream itself and what one poll gathers. Never looks anything up.
"""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from collectors._bluesky_gathering import Gathering
from collectors._bluesky_items import PLATFORM, POSTS, BadPostError, read_record
from collectors._bluesky_jetstream import Jetstream, from_microseconds, microseconds
from collectors._bluesky_walks import BlueskyCursor
from stormcone.errors import CollectError
from stormcone.models import Gap

_FIRST_LOOK: Final = timedelta(minutes=10)  # some 30,000 posts of everybody; a day would be millions
_OVERLAP_US: Final = 10_000_000
_HOLE: Final = timedelta(minutes=10)  # in a stream that is never silent as long
_MOST_FOUND: Final = 5_000  # mentions in one batch


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamReading:
    """What a reading came to. until: where the next one goes on, microseconds. deleted: addresses of all deleted posts.

    is_behind: more is waiting. failure: why nothing, or nothing more, came. trouble: what a person should look at.
    """

    until: int | None
    is_behind: bool = False
    deleted: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    failure: CollectError | None = None
    trouble: str | None = None


@dataclass(slots=True, kw_only=True)
class _Filter:
    """Hands on what may be about a brand, and keeps what was deleted."""

    gathering: Gathering
    deleted: list[str] = field(default_factory=list)

    def take(self, message: Mapping[str, Any]) -> None:
        """Take one message of the stream."""
        commit, did = message.get("commit"), message.get("did")
        if not isinstance(commit, Mapping) or not isinstance(did, str) or commit.get("collection") != POSTS:
            return
        uri = f"at://{did}/{POSTS}/{commit.get('rkey')}"
        if commit.get("operation") == "delete":
            self.deleted.append(uri)
        elif commit.get("operation") == "create":
            try:
                seen_at = from_microseconds(message["time_us"])
                self.gathering.take(read_record(commit.get("record"), uri=uri, did=did, seen_at=seen_at))
            except BadPostError as error:
                self.gathering.skip("Jetstream", str(error))


def read_stream(
    stream: Jetstream, gathering: Gathering, *, before: BlueskyCursor, now: datetime, deadline: datetime
) -> StreamReading:
    """Read the stream from the cursor on into `gathering`, until the present, the deadline or a full batch."""
    last = before.jetstream
    # A backlog goes on where it stopped: with an overlap, a storm of that length would be read for ever.
    overlap = 0 if before.is_stream_behind else _OVERLAP_US
    start = last - overlap if last else microseconds(now - _FIRST_LOOK)
    sieve, enough = _Filter(gathering=gathering), gathering.size + _MOST_FOUND
    with closing(stream.messages_since(start, deadline=deadline)) as messages:
        for message in messages:
            sieve.take(message)
            if gathering.size >= enough:
                break
    if stream.unreadable:
        gathering.skip("Jetstream", f"{stream.unreadable} messages could not be read")
    if stream.read_until is None:
        return StreamReading(until=last, failure=stream.failure, trouble=_silence(last, now, stream))
    return StreamReading(
        until=max(stream.read_until, last or 0),
        is_behind=not stream.is_caught_up and stream.failure is None,
        deleted=tuple(sieve.deleted),
        gaps=_hole(last, stream.began_at),
        failure=stream.failure,
    )


def _silence(last: int | None, now: datetime, stream: Jetstream) -> str | None:
    """Say so where the stream connects and sends nothing for longer than it ever is silent."""
    if stream.failure is not None or last is None or now - from_microseconds(last) <= _HOLE:
        return None
    return f"{PLATFORM}: Jetstream is silent for more than ten minutes; check jetstream_url"


def _hole(last: int | None, began_at: int | None) -> tuple[Gap, ...]:
    """Return the gap where the stream no longer held what came after our cursor."""
    if last is None or began_at is None:
        return ()
    started_at, ended_at = from_microseconds(last), from_microseconds(began_at)
    if ended_at - started_at <= _HOLE:
        return ()
    return (Gap(platform=PLATFORM, brand=None, started_at=started_at, ended_at=ended_at),)
