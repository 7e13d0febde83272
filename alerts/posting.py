"""Sends one HTTP request for a channel and says what the answer means: arrived, try again, or give up.

Shared by every channel that speaks HTTP. Follows no redirect, honours no proxy of the environment, keeps no cookie,
decompresses nothing, and reads a bounded part of the answer within a bounded time. A web address may itself be the
secret (chat services), so no error and no log line holds it or anything the receiver said.
"""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpcore
import httpx

from alerts.connecting import CheckedBackend, PrivateAddressError, Resolver, UnknownHostError, resolve_host
from stormcone.errors import DeliveryError

MAX_ANSWER_BYTES = 64 * 1024

_FIRST_REDIRECT = 300
_FIRST_SERVER_ERROR = 500
_TOO_MANY_REQUESTS = 429
_REQUEST_TIMEOUT = 408


def post(
    channel: str,
    url: str,
    *,
    body: bytes,
    headers: Mapping[str, str],
    timeout_seconds: float,
    allow_private: bool,
    now: datetime,
    resolve: Resolver = resolve_host,
    method: str = "POST",
) -> bytes:
    """Send `body` and return what the receiver answered, once it has answered below 300.

    Args: channel: id, for errors. headers: ASCII. timeout_seconds: for all of it together, name lookup apart.
        now: aware, to read a Retry-After that names a date. resolve: how host names become addresses. method: POST, or
        GET where only the call itself says something.
    Returns: the beginning of the answer, for channels whose receivers say more in it than the status does.
    Raises: DeliveryError: not accepted. Permanent for a bad or private address and for every answer that the same
        request would meet again; otherwise to be retried, with the receiver's Retry-After where it gave one.
    """
    target = _target(channel, url)
    sent = {**headers, **_login(target)}
    backend = CheckedBackend(total_seconds=timeout_seconds, allow_private=allow_private, resolve=resolve)
    try:
        status, retry_after, said = _exchange(backend, target, body, sent, method)
    except PrivateAddressError as error:
        raise DeliveryError(channel, f"{error}; set allow_private = true if that is meant", permanent=True) from error
    except UnknownHostError as error:
        raise DeliveryError(channel, str(error)) from error
    except httpcore.TimeoutException as error:
        is_unsure = not isinstance(error, httpcore.ConnectTimeout)
        raise DeliveryError(channel, f"no complete answer within {timeout_seconds:g} s", is_unsure=is_unsure) from error
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
        is_unsure = not isinstance(error, httpcore.ConnectError)
        raise DeliveryError(channel, f"the connection failed ({type(error).__name__})", is_unsure=is_unsure) from error
    _judge(channel, status, _wait_seconds(retry_after, now))
    return said


def _target(channel: str, url: str) -> httpx.URL:
    try:
        target = httpx.URL(url.strip())
    except httpx.InvalidURL:
        target = httpx.URL("")
    if target.scheme not in ("http", "https") or not target.host:
        raise DeliveryError(channel, "the web address is not valid; it begins with https://", permanent=True)
    return target


def _login(target: httpx.URL) -> dict[str, str]:
    if not target.userinfo:
        return {}
    pair = f"{target.username}:{target.password}".encode()
    return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}


def _exchange(
    backend: CheckedBackend, target: httpx.URL, body: bytes, headers: Mapping[str, str], method: str
) -> tuple[int, str | None, bytes]:
    """Return status, Retry-After and what was said.

    The answer is read (bounded): a receiver may only act once it is taken.
    """
    address = httpcore.URL(scheme=target.raw_scheme, host=target.raw_host, port=target.port, target=target.raw_path)
    with (
        httpcore.ConnectionPool(network_backend=backend, max_keepalive_connections=0) as pool,
        pool.stream(method, address, headers=list(headers.items()), content=body) as answer,
    ):
        taken = b""
        for part in answer.iter_stream():
            taken = (taken + part)[:MAX_ANSWER_BYTES]
            if len(taken) == MAX_ANSWER_BYTES:
                break
        given = {name.lower(): value for name, value in answer.headers}
        retry_after = given.get(b"retry-after")
        return answer.status, retry_after.decode("ascii", "replace") if retry_after else None, taken


def _judge(channel: str, status: int, retry_after_seconds: float | None) -> None:
    if status < _FIRST_REDIRECT:
        return
    is_passing = status in (_TOO_MANY_REQUESTS, _REQUEST_TIMEOUT) or status >= _FIRST_SERVER_ERROR
    remedy = "" if is_passing else "; check the address and its permissions"
    raise DeliveryError(
        channel,
        f"the receiver answered {status}{remedy}",
        permanent=not is_passing,
        retry_after_seconds=retry_after_seconds if is_passing else None,
    )


def _wait_seconds(retry_after: str | None, now: datetime) -> float | None:
    """Read a Retry-After header: seconds or a date (RFC 9110); anything else counts as not given."""
    if retry_after is None:
        return None
    if retry_after.strip().isdecimal():
        return float(retry_after.strip()[:9])
    try:
        until = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return max(0.0, ((until if until.tzinfo else until.replace(tzinfo=UTC)) - now).total_seconds())
