"""The receiver of the crash test: a loopback web server that counts deliveries and fails now and then on purpose.

Part of `benchmarks.crash`. Every request must be a message that keeps the webhook contract, correctly signed; what is
not is counted as unexpected. Writes each request and its answer to the journal. Never talks to the database.
"""

import hashlib
import hmac
import json
import os
import random
import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

SECRET = "a key that signs what is invented"  # noqa: S105 - protects nothing: the receiver is part of the test
_HOLD_SECONDS = 5.0
_FIRST_FAILURE = 300


class Journal:
    """What happened, one JSON object a line, in order; several processes append to it."""

    def __init__(self, file: Path) -> None:
        self._descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def note(self, event: str, **facts: object) -> None:
        """Append one line, in one write: a process that is killed leaves a whole line or none."""
        os.write(self._descriptor, json.dumps({"event": event, **facts}).encode() + b"\n")

    def close(self) -> None:
        """Give the file back."""
        os.close(self._descriptor)


@dataclass(slots=True, kw_only=True)
class Received:
    """What has arrived. delivered: answers below 300 by key. seconds: from the transition to the first delivery of a
    key. tales: the keys under which the same thing was told over the same channel. unexpected: what broke the contract.
    """

    delivered: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=dict)
    tales: dict[tuple[str, ...], set[str]] = field(default_factory=dict)
    unexpected: list[str] = field(default_factory=list)


class Receiver:
    """A web server on 127.0.0.1. Args: failing: share of requests that are answered with 500 or 429."""

    def __init__(self, journal: Journal, chance: random.Random, *, failing: float) -> None:
        self.received = Received()
        self._journal, self._chance, self._failing = journal, chance, failing
        self._lock = threading.Lock()
        self._aim: str | None = None
        self._held, self._released = threading.Event(), threading.Event()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def hold_next(self, sender: str, seconds: float) -> bool:
        """Wait until the next request of `sender` is here, and leave it without an answer until `release`.

        Returns: whether one came within `seconds`.
        """
        with self._lock:
            self._held.clear()
            self._released.clear()
            self._aim = sender
        came = self._held.wait(seconds)
        with self._lock:
            self._aim = None
        return came or self._held.is_set()

    def release(self) -> None:
        """Answer the held request, as one that was not accepted."""
        self._released.set()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def take(self, path: str, headers: dict[str, str], body: bytes) -> int:
        """Judge one request, note it, and return the status to answer."""
        sender, channel = [*path.strip("/").split("/"), ""][:2]
        message = self._checked(headers, body)
        status = self._status(sender) if message else 400
        with self._lock:
            if message and status < _FIRST_FAILURE:
                self._count(message, channel)
            self._journal.note("received", key=message.get("key", ""), status=status)
        return status

    def _status(self, sender: str) -> int:
        with self._lock:
            is_aimed_at = self._aim == sender
            if is_aimed_at:
                self._aim = None
            drawn = self._chance.random()
        if is_aimed_at:
            self._held.set()
            self._released.wait(_HOLD_SECONDS)
            return 503
        if drawn >= self._failing:
            return 200
        return 429 if drawn < self._failing / 4 else 500

    def _count(self, message: dict[str, Any], channel: str) -> None:
        key = message["key"]
        late = datetime.now(UTC) - datetime.fromisoformat(message["at"])
        self.received.delivered[key] += 1
        self.received.seconds.setdefault(key, late.total_seconds())
        tale = (message["incident"], message["event"], str(message["step"]), str(message["to"]), channel)
        self.received.tales.setdefault(tale, set()).add(key)

    def _checked(self, headers: dict[str, str], body: bytes) -> dict[str, Any]:
        """Return the message, empty where it breaks the contract."""
        signed = headers.get("x-stormcone-timestamp", "").encode() + b"." + body
        expected = f"sha256={hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()}"
        wrong = ""
        message: dict[str, Any] = {}
        if not hmac.compare_digest(headers.get("x-stormcone-signature", ""), expected):
            wrong = "not signed as agreed"
        else:
            message = json.loads(body)
            wrong = "" if headers.get("idempotency-key") == message["key"] else "header and body name different keys"
        if wrong:
            with self._lock:
                self.received.unexpected.append(wrong)
            return {}
        return message


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - socketserver's signature
        """Say nothing: a sender that was killed resets its connection, which is what this is for."""


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = self.rfile.read(length)
            if len(body) < length:  # killed between headers and body: nothing was delivered
                return
            headers = {name.lower(): value for name, value in self.headers.items()}
            status = receiver.take(self.path, headers, body)
            self.send_response(status)
            if status == 429:
                self.send_header("Retry-After", "1")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
