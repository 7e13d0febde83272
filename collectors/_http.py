"""Requests of collectors that speak plain HTTP: bounded in time and size, counted, their JSON checked by name.

Below hackernews, news and youtube, above httpx. One `Http` serves one poll. Honours no proxy of the environment, keeps
no cookie, retries nothing, and follows a redirect only where it is told to. No message holds a query, a password or a
header: that is where keys stand.
"""

import json
import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from types import TracebackType
from typing import Any, Final, Self, TypeVar

import httpcore
import httpx
from pydantic import BaseModel, ValidationError

from stormcone.collecting import failure, one_line, unreachable
from stormcone.errors import CollectError
from stormcone.mention_file import storable

MOST_BYTES: Final = 8 * 1024 * 1024  # of one answer; the largest honest ones, an hour of Hacker News, have 2 MB

_USER_AGENT: Final = "stormcone (early warning for brands; https://pypi.org/project/stormcone)"
_MOST_REDIRECTS: Final = 5
_FIRST_ERROR: Final = 400
_FIRST_REDIRECT: Final = 300
_NOT_MODIFIED: Final = 304

Shape = TypeVar("Shape", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server said. url: where it came from in the end. body: decompressed."""

    status: int
    headers: httpx.Headers
    body: bytes
    url: str

    def retry_after_seconds(self, now: datetime) -> float | None:
        """Return what Retry-After asks for, given as seconds or as a date; None where it says nothing readable."""
        given = self.headers.get("retry-after", "").strip()
        if given.isascii() and given.isdecimal():
            return float(given[:9])
        try:
            until = parsedate_to_datetime(given)
        except ValueError:
            return None
        return max(0.0, ((until if until.tzinfo else until.replace(tzinfo=UTC)) - now).total_seconds())


class Http:
    """Sends the requests of one poll. Use as a context manager; not shared between threads.

    Args: timeout_seconds: for one request from its first byte to the last of its answer, redirects included.
    """

    def __init__(
        self,
        platform: str,
        *,
        timeout_seconds: float,
        headers: Mapping[str, str] | None = None,
        follows_redirects: bool = False,
    ) -> None:
        self.platform = platform
        self.requests = 0
        self._timeout_seconds = timeout_seconds
        self._backend = _BoundedBackend()
        self._client = httpx.Client(
            transport=_BoundedTransport(self._backend),
            timeout=timeout_seconds,
            follow_redirects=follows_redirects,
            max_redirects=_MOST_REDIRECTS,
            headers={"User-Agent": _USER_AGENT, "Accept-Encoding": "gzip", **(headers or {})},
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def get(
        self, url: str, *, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Return the answer to a GET, whatever its status.

        Raises: CollectError: no answer within the time, an answer that is too large, or broken on its way.
        """
        self.requests += 1
        self._backend.until = time.monotonic() + self._timeout_seconds
        self._client.cookies.clear()
        try:
            with self._client.stream("GET", url, params=params, headers=headers) as response:
                body = self._read(response)
                return Answer(status=response.status_code, headers=response.headers, body=body, url=str(response.url))
        except httpx.TooManyRedirects as error:
            raise CollectError(self.platform, f"{place_of(url)} redirects without end; correct the address") from error
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, OSError) as error:
            raise unreachable(self.platform, place_of(url), error) from error

    def _read(self, response: httpx.Response) -> bytes:
        parts, size = [], 0
        for part in response.iter_bytes():
            parts.append(part)
            size += len(part)
            if size > MOST_BYTES:
                place = place_of(str(response.url))
                raise CollectError(
                    self.platform, f"{place} sends more than {MOST_BYTES // 1024**2} MB; it is not read any further"
                )
        return b"".join(parts)


def refuse_status(platform: str, answer: Answer, *, detail: str, remedy: str, now: datetime) -> None:
    """Raise the error that a status stands for; return where it is a success (or 304, "not modified")."""
    if answer.status < _FIRST_REDIRECT or answer.status == _NOT_MODIFIED:
        return
    if answer.status < _FIRST_ERROR:
        moved = one_line(place_of(answer.headers.get("location", "")))
        detail = f"moved to {moved}; correct the address" if moved else "a redirect to nowhere"
    raise failure(
        platform,
        answer.status,
        detail,
        remedy=remedy,
        retry_after_seconds=answer.retry_after_seconds(now),
    )


def read_json(platform: str, answer: Answer) -> Any:  # noqa: ANN401 - whatever a server wrote; shaped by `shaped`
    """Return the JSON of an answer, its texts as databases can hold them.

    Raises: CollectError: it is no JSON, or cut off.
    """
    try:
        return _storable(json.loads(answer.body))
    except (ValueError, RecursionError) as error:
        size = f"{len(answer.body)} bytes"
        raise CollectError(
            platform, f"{place_of(answer.url)} answered no whole JSON ({size}); asked again at the next poll"
        ) from error


def shaped(platform: str, place: str, value: object, shape: type[Shape]) -> Shape:
    """Return a JSON value as the model it must be.

    Raises: CollectError: it has changed; the message names the first thing expected that is not there.
    """
    try:
        return shape.model_validate(value)
    except ValidationError as error:
        raise CollectError(
            platform, f"{place} answers in another form than expected: {fault(error)}; look for a newer Stormcone"
        ) from error


def fault(error: ValidationError) -> str:
    """Return the first thing that is wrong with a value, without the value."""
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    return one_line(f"{'.'.join(map(str, first['loc'])) or 'the whole'}: {first['msg']}")


def place_of(url: str) -> str:
    """Return an address without user, password, query and fragment, in one line.

    >>> place_of("https://ann:s3cret@example.org:81/feed.xml?token=1#a")
    'https://example.org:81/feed.xml'
    """
    scheme, slashes, rest = url.partition("://")
    if not slashes:
        return one_line(url.partition("?")[0])
    host, slash, path = rest.partition("?")[0].partition("#")[0].partition("/")
    return one_line(f"{scheme}://{host.rpartition('@')[2]}{slash}{path}")


def _storable(value: Any) -> Any:  # noqa: ANN401 - as above
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [_storable(each) for each in value]
    if isinstance(value, dict):
        return {storable(name): _storable(each) for name, each in value.items()}
    return value


class _BoundedTransport(httpx.HTTPTransport):
    """httpx's own transport over connections that end when their time is over."""

    def __init__(self, backend: "_BoundedBackend") -> None:
        super().__init__(verify=_tls(), trust_env=False)
        self._pool.close()
        self._pool = httpcore.ConnectionPool(ssl_context=_tls(), network_backend=backend, max_connections=4)


class _BoundedBackend(httpcore.SyncBackend):
    """Opens connections that all stop at one instant: httpx bounds each read, not the sum of reads one byte long."""

    def __init__(self) -> None:
        self.until = time.monotonic()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect within what is left of the time."""
        stream = super().connect_tcp(host, port, self.left(timeout), local_address, socket_options)
        return _BoundedStream(stream, self)

    def left(self, timeout: float | None) -> float:
        """Return how many seconds one step may take. Raises: httpcore.ReadTimeout: none are left."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the whole time of the request is over")
        return left if timeout is None else min(left, timeout)


class _BoundedStream(httpcore.NetworkStream):
    """A connection whose every step takes no longer than what is left."""

    def __init__(self, stream: httpcore.NetworkStream, backend: _BoundedBackend) -> None:
        self._stream = stream
        self._backend = backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what has come."""
        return self._stream.read(max_bytes, self._backend.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send everything."""
        self._stream.write(buffer, self._backend.left(timeout))

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Go on in TLS, under the same bound."""
        inner = self._stream.start_tls(ssl_context, server_hostname, self._backend.left(timeout))
        return _BoundedStream(inner, self._backend)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - httpcore's signature
        """Return what the inner connection knows."""
        return self._stream.get_extra_info(info)


@cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)  # made once: reading all certificates takes tens of milliseconds
