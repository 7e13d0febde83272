"""Reads Jetstream, the public stream of everything posted on Bluesky: from a cursor to the present, then leaves.

Below the Bluesky collector. A websocket is opened, read and closed within one poll, so no thread outlives it and the
cursor is always known. Hands out what it reads as it is; never filters, never reconnects.
"""

import json
from collections.abc import Generator, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from pydantic_core import from_json
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.sync.client import ClientConnection, connect

from collectors._bluesky_items import PLATFORM, POSTS
from stormcone.clock import Clock
from stormcone.collecting import failure, unreachable
from stormcone.errors import CollectError

_MOST_MESSAGES: Final = 100_000  # of one poll; the full stream has some 3,000 in a minute
_IDLE_SECONDS: Final = 2.0  # the stream is never silent that long, unless it has no more
_CLOSE_SECONDS: Final = 1.0
_LOOK_AT_CLOCK: Final = 64  # messages
_WILDEST_SKEW_US: Final = 3_600_000_000  # between the stream's clock and ours
_LONGEST_MESSAGE: Final = 1024 * 1024  # bytes


class Jetstream:
    """One reading. read_until: time of the last message, microseconds since 1970; None: nothing came.

    Args: collection: of what kind of record is told. authors: ids of the accounts asked about; none: everybody.
    """

    def __init__(
        self,
        url: str,
        clock: Clock,
        *,
        timeout_seconds: float,
        collection: str = POSTS,
        authors: tuple[str, ...] = (),
    ) -> None:
        self._url = url
        self._wanted = [("wantedCollections", collection), *(("wantedDids", did) for did in authors)]
        self._clock = clock
        self._timeout_seconds = timeout_seconds
        self._latest = 0
        self.read_until: int | None = None
        self.began_at: int | None = None
        self.messages = 0
        self.unreadable = 0
        self.is_caught_up = False
        self.failure: CollectError | None = None

    def messages_since(self, cursor: int, *, deadline: datetime) -> Generator[Mapping[str, Any], None, None]:
        """Yield messages from `cursor` (microseconds) to the present, or to the deadline.

        What went wrong stands in `failure` afterwards; what was yielded before is good.
        """
        now = microseconds(self._clock.now())
        present, self._latest = now - 1_000_000, now + _WILDEST_SKEW_US
        try:
            with connect(
                _with_query(self._url, [*self._wanted, ("cursor", str(cursor))]),
                open_timeout=self._timeout_seconds,
                close_timeout=_CLOSE_SECONDS,
                ping_interval=None,
                max_size=_LONGEST_MESSAGE,
                user_agent_header="stormcone",
            ) as stream:
                yield from self._read(stream, present, deadline)
        except InvalidStatus as error:
            self.failure = failure(PLATFORM, error.response.status_code, "Jetstream", remedy="check jetstream_url")
        except ConnectionClosed as error:
            self.failure = CollectError(PLATFORM, f"Jetstream closed the stream ({type(error).__name__})")
        except (OSError, WebSocketException, ValueError) as error:
            self.failure = unreachable(PLATFORM, f"Jetstream ({_host(self._url)})", error)

    def _read(self, stream: ClientConnection, present: int, deadline: datetime) -> Iterator[Mapping[str, Any]]:
        patience = min(_IDLE_SECONDS, self._timeout_seconds)
        while self.messages < _MOST_MESSAGES:
            if self.messages % _LOOK_AT_CLOCK == 0 and self._clock.now() >= deadline:
                return
            try:
                raw = stream.recv(timeout=patience)
            except TimeoutError:
                self.is_caught_up = True
                return
            self.messages += 1
            message = self._parsed(raw)
            if message is None:
                continue
            yield message
            if self.read_until is not None and self.read_until >= present:
                self.is_caught_up = True
                return

    def _parsed(self, raw: str | bytes) -> Mapping[str, Any] | None:
        """Return a message with its time noted, None where it is none."""
        message = _decoded(raw)
        at = message.get("time_us") if isinstance(message, dict) else None
        # A time in the future would carry the cursor past posts that are still to come.
        if not isinstance(message, dict) or not isinstance(at, int) or not 0 < at < self._latest:
            self.unreadable += 1
            return None
        self.began_at = at if self.began_at is None else self.began_at
        self.read_until = max(at, self.read_until or 0)
        return message


def _decoded(raw: str | bytes) -> object:
    """Return what a message holds, None where it is no JSON."""
    try:
        return from_json(raw)
    except ValueError:
        try:
            return json.loads(raw)  # takes half letters, which the faster reader refuses
        except ValueError:
            return None


def microseconds(at: datetime) -> int:
    """Return a time as Jetstream counts: microseconds since 1970.

    >>> microseconds(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
    1000000
    """
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def from_microseconds(count: int) -> datetime:
    """Return the time of a message. Raises: OverflowError: no time is as late.

    >>> from_microseconds(1_000_000).second
    1
    """
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=count)


def _with_query(url: str, more: Sequence[tuple[str, str]]) -> str:
    parts = urlsplit(url)
    query = [*parse_qsl(parts.query), *more]
    return urlunsplit(parts._replace(query=urlencode(query)))


def _host(url: str) -> str:
    return urlsplit(url).hostname or "no host"
