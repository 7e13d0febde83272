"""Receivers that drip, hang, redirect or flood, on 127.0.0.1: what a delivery to somebody else must not wait for.

Part of `benchmarks.deliver`. Each connection is read once and answered badly in a thread of its own, until the end.
"""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

Answer = Callable[[socket.socket, threading.Event], None]
_MEGABYTE = b"x" * 1_000_000


def _drip(client: socket.socket, ended: threading.Event) -> None:
    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while not ended.wait(0.1):
        client.sendall(b"x")


def _hang(_: socket.socket, ended: threading.Event) -> None:
    ended.wait()


def _redirect(client: socket.socket, _: threading.Event) -> None:
    client.sendall(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n")


def _flood(client: socket.socket, _: threading.Event) -> None:
    client.sendall(b"HTTP/1.1 500 No\r\nContent-Length: 100000000\r\n\r\n")
    for _number in range(100):
        client.sendall(_MEGABYTE)


ANSWERS: dict[str, Answer] = {"drip": _drip, "hang": _hang, "redirect": _redirect, "flood": _flood}


class BadReceiver:
    """A server that answers every request in one bad way."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._ended = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        """Let go of every client, and stop listening."""
        self._ended.set()
        self._listener.close()

    def _listen(self) -> None:
        with suppress(OSError):  # closed
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError), client:  # the sender has hung up, as it should
            client.recv(65_536)
            self._answer(client, self._ended)
