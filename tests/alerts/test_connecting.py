"""Addresses inside are recognised in every disguise, and a name cannot change its mind after the check."""

import socket
import threading
from collections.abc import Iterator

import httpcore
import pytest

from alerts.connecting import CheckedBackend, PrivateAddressError, UnknownHostError, is_public, resolve_host


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def read_to_the_end(stream: httpcore.NetworkStream) -> None:
    while stream.read(1):
        pass


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),  # noqa: S104 - an address to refuse
        *("224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1"),
        *("::ffff:10.0.0.1", "::ffff:127.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1"),
    ],
)
def test_addresses_inside_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"])
def test_addresses_outside_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", ["127.1", "0x7f.1", "2130706433", "localhost", "[::1]", "::ffff:127.0.0.1"])
def test_disguised_loopback_is_refused(host: str) -> None:
    backend = CheckedBackend(total_seconds=5, allow_private=False)
    with pytest.raises(PrivateAddressError):
        backend.connect_tcp(host, 9)


def test_one_private_address_among_public_ones_refuses_all() -> None:
    backend = CheckedBackend(
        total_seconds=5, allow_private=False, resolve=lambda _host, _port: ["93.184.216.34", "10.0.0.1"]
    )
    with pytest.raises(PrivateAddressError):
        backend.connect_tcp("hook.test", 443)


def test_name_is_asked_once_and_the_checked_address_is_used(listener: socket.socket) -> None:
    answers = iter([["127.0.0.1"]])  # a second question would raise StopIteration
    backend = CheckedBackend(total_seconds=5, allow_private=True, resolve=lambda _host, _port: next(answers))
    stream = backend.connect_tcp("rebinding.test", listener.getsockname()[1])
    assert stream.get_extra_info("server_addr") == listener.getsockname()
    stream.close()


def test_next_address_is_tried_where_the_first_refuses(listener: socket.socket) -> None:
    backend = CheckedBackend(
        total_seconds=5, allow_private=True, resolve=lambda _host, _port: ["127.0.0.2", "127.0.0.1"]
    )
    stream = backend.connect_tcp("two.test", listener.getsockname()[1])
    assert stream.get_extra_info("server_addr")[0] == "127.0.0.1"
    stream.close()


def test_waiting_for_bytes_ends_at_the_deadline_however_they_drip(listener: socket.socket) -> None:
    over = threading.Event()

    def drip() -> None:
        connection, _ = listener.accept()
        with connection:
            while not over.wait(0.02):
                connection.sendall(b"x")

    dripping = threading.Thread(target=drip, daemon=True)
    dripping.start()
    backend = CheckedBackend(total_seconds=0.3, allow_private=True)
    stream = backend.connect_tcp("127.0.0.1", listener.getsockname()[1])
    with pytest.raises(httpcore.ReadTimeout):
        read_to_the_end(stream)
    over.set()
    dripping.join(5)
    stream.close()


def test_unknown_host_is_said_without_its_name() -> None:
    with pytest.raises(UnknownHostError) as caught:
        resolve_host("secret-name.invalid", 443)
    assert "secret" not in str(caught.value)
