"""Receivers that drip, hang, redirect, flood or never close hold up their own channel for a bounded time, and no other.

The real sender, the real outbox and the real webhook, against servers on 127.0.0.1 in real time.
"""

import contextlib
import gzip
import random
import resource
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select

from alerts.channels.webhook import Webhook, WebhookSettings
from alerts.delivery import Sender
from alerts.lanes import MAX_ABANDONED_THREADS
from stormcone.clock import SystemClock
from stormcone.models import Notice, NoticeState
from stormcone.ports import Channel
from stormcone.store import Store, rows
from stormcone.store.tables import notice

CLOCK = SystemClock()
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
BOMB = gzip.compress(b"\0" * 50_000_000)
MEGABYTE = b"x" * 1_000_000

Answer = Callable[[socket.socket, threading.Event], None]


def drip(client: socket.socket, ended: threading.Event) -> None:
    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while not ended.wait(0.05):
        client.sendall(b"x")


def drip_headers(client: socket.socket, ended: threading.Event) -> None:
    client.sendall(b"HTTP/1.1 200 OK\r\n")
    while not ended.wait(0.05):
        client.sendall(b"x: y\r\n")


def hang(client: socket.socket, ended: threading.Event) -> None:
    ended.wait()


def never_close(client: socket.socket, ended: threading.Event) -> None:
    client.sendall(b"HTTP/1.1 200 OK\r\n\r\nthat was it")
    ended.wait()


def flood(client: socket.socket, ended: threading.Event) -> None:
    client.sendall(b"HTTP/1.1 500 No\r\nContent-Length: 100000000\r\n\r\n")
    for _ in range(100):
        client.sendall(MEGABYTE)


def bomb(client: socket.socket, ended: threading.Event) -> None:
    head = f"HTTP/1.1 500 No\r\nContent-Encoding: gzip\r\nContent-Length: {len(BOMB)}\r\n\r\n"
    client.sendall(head.encode() + BOMB)


class Server:
    """Reads a request and answers it as told, each client in a thread of its own."""

    def __init__(self, answer: Answer) -> None:
        self.requests = 0
        self._answer = answer
        self._ended = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        self._ended.set()
        self._listener.close()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                client, _ = self._listener.accept()
                self.requests += 1
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError), client:  # the sender has hung up: as it should
            client.recv(65536)
            self._answer(client, self._ended)


@pytest.fixture
def serve() -> Iterator[Callable[[Answer], Server]]:
    servers: list[Server] = []

    def start(answer: Answer) -> Server:
        servers.append(Server(answer))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def webhook(name: str, url: str) -> Channel:
    settings = WebhookSettings(id=name, type="webhook", url=url, allow_private=True, timeout_seconds=0.8)
    return Webhook(settings, {})


def test_bad_receivers_do_not_delay_a_good_one(
    sqlite_store: Store, serve: Callable[[Answer], Server], make_notice: Callable[..., Notice]
) -> None:
    elsewhere = serve(lambda client, _: client.sendall(OK))
    moved = f"HTTP/1.1 302 Found\r\nLocation: {elsewhere.url}\r\nContent-Length: 0\r\n\r\n".encode()
    bad: dict[str, Answer] = {
        "drip": drip,
        "drip-headers": drip_headers,
        "hang": hang,
        "never-close": never_close,
        "flood": flood,
        "bomb": bomb,
        "redirect": lambda client, _: client.sendall(moved),
    }
    good = serve(lambda client, _: client.sendall(OK))
    channels = {name: webhook(name, serve(answer).url) for name, answer in bad.items()}
    channels["good"] = webhook("good", good.url)
    number = iter(range(10_000))

    def write(channel: str, count: int) -> None:
        notices = [replace(make_notice(channel), incident_id=None, created_at=CLOCK.now()) for _ in range(count)]
        sqlite_store.notices.add([replace(each, key=f"{channel}:{next(number)}", attempts=0) for each in notices])

    for name in bad:
        write(name, 40)
    sender = Sender(sqlite_store.notices, channels, CLOCK, owner="test", jitter=random.Random(1), patience_seconds=1)
    before_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rounds, until = 12, time.monotonic() + 60
    for _ in range(rounds):
        write("good", 10)
        sender.deliver_due()
    while good.requests < 10 * rounds:
        assert time.monotonic() < until
        sender.deliver_due()
    sender.close(patience_seconds=3)

    sent = [each for each in _all(sqlite_store) if each.channel == "good"]
    seconds = sorted((each.sent_at - each.created_at).total_seconds() for each in sent if each.sent_at)
    assert len(seconds) == 10 * rounds == good.requests
    assert seconds[int(0.99 * len(seconds))] < 2.0
    assert elsewhere.requests == 0
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kib < 50 * 1024
    hung = [thread for thread in threading.enumerate() if thread.name.startswith("channel-")]
    assert len(hung) <= (MAX_ABANDONED_THREADS + 1) * len(channels)
    redirected = {each.state for each in _all(sqlite_store) if each.channel == "redirect" and each.last_error}
    assert redirected == {NoticeState.DEAD}  # an address that has moved is a person's to change


@pytest.mark.parametrize("answer", [drip, drip_headers, hang, never_close])
def test_delivery_ends_when_its_time_is_over(
    serve: Callable[[Answer], Server], make_notice: Callable[..., Notice], answer: Answer
) -> None:
    channel = webhook("hook", serve(answer).url)
    began = time.monotonic()
    with pytest.raises(Exception, match="no complete answer within"):
        channel.deliver(make_notice("hook"))
    assert time.monotonic() - began < 1.5


def _all(store: Store) -> list[Notice]:
    with store.database.read() as connection:
        return [rows.to_notice(row) for row in connection.execute(select(notice))]
