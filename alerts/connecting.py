"""Opens connections only to addresses that were checked, and never for longer than agreed.

A webhook's host name is somebody else's to change, so the name is resolved once, every address it stands for is
checked, and the connection goes to a checked address: a name that answers differently the second time gains nothing.
The deadline covers connecting, TLS, sending and each read together, so a receiver that drips bytes cannot hold the
sender. Used by posting; knows nothing of HTTP or notices.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Any

import httpcore

Resolver = Callable[[str, int], list[str]]

# Monotonic seconds after which nothing is sent any more, whatever time a request was given: set by whoever holds a
# lease for as long. A process that was stopped in between finds out here, right before it would write.
SEND_BY: ContextVar[float] = ContextVar("send_by", default=float("inf"))

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class PrivateAddressError(Exception):
    """The host is, or resolves to, an address inside; the message names no host."""


class UnknownHostError(Exception):
    """The host's name could not be resolved; the message names no host."""


def is_public(address: str) -> bool:
    """Return whether an IP address lies in the open internet, also where it hides an IPv4 address in an IPv6 one.

    >>> [is_public(each) for each in ("93.184.216.34", "10.0.0.1", "::ffff:127.0.0.1", "169.254.169.254", "::1")]
    [True, False, False, False, False]
    """
    parsed = ipaddress.ip_address(address)
    inner = _embedded_ipv4(parsed) if isinstance(parsed, ipaddress.IPv6Address) else None
    return all(
        each.is_global and not each.is_multicast for each in (inner or parsed, parsed if inner is None else inner)
    )


def resolve_host(host: str, port: int) -> list[str]:
    """Return the addresses of a host in the system's order. Raises: UnknownHostError: there are none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise UnknownHostError("the host name could not be resolved") from None  # the cause may repeat the name
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class CheckedBackend(httpcore.NetworkBackend):
    """Connects for httpcore: resolves, checks, connects to the checked address, under one deadline.

    Args: total_seconds: from now until everything is over. allow_private: addresses inside are meant.
    Raises (from connect_tcp): PrivateAddressError, UnknownHostError, httpcore.ConnectError, httpcore.ConnectTimeout.
    """

    def __init__(self, *, total_seconds: float, allow_private: bool, resolve: Resolver = resolve_host) -> None:
        # A socket waits in real time, whatever a drill's clock says.
        self._deadline = min(time.monotonic() + total_seconds, SEND_BY.get())
        self._allow_private = allow_private
        self._resolve = resolve
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - httpcore's signature; the deadline decides
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first checked address that answers; a single private one among them refuses them all."""
        addresses = self._resolve(host.strip("[]"), port)
        if not self._allow_private and not all(map(is_public, addresses)):
            raise PrivateAddressError("the address is private or loopback")
        failure: httpcore.NetworkError = httpcore.ConnectError("the host name stands for no address")
        for address in addresses:
            if time.monotonic() >= self._deadline:
                raise httpcore.ConnectTimeout("the time allowed for all of it is over")
            try:
                stream = self._inner.connect_tcp(address, port, _left(self._deadline), local_address, socket_options)
            except httpcore.ConnectError as error:
                failure = error
            else:
                return _DeadlineStream(stream, self._deadline)
        raise failure


class _DeadlineStream(httpcore.NetworkStream):
    """A connection whose every wait ends at one deadline."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: float) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - the deadline decides
        return self._inner.read(max_bytes, _left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - the deadline decides
        self._inner.write(buffer, _left(self._deadline))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - the deadline decides
    ) -> httpcore.NetworkStream:
        inner = self._inner.start_tls(ssl_context, server_hostname, _left(self._deadline))
        return _DeadlineStream(inner, self._deadline)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - httpcore's signature
        return self._inner.get_extra_info(info)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time allowed for all of it is over")
    return left


def _embedded_ipv4(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo_client = address.teredo[1] if address.teredo else None
    return address.ipv4_mapped or address.sixtofour or teredo_client
