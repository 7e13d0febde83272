"""A loopback instance that misbehaves on demand: every answer is set by the test, every request is kept."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(kw_only=True)
class Answer:
    """What one request gets. hang: until the server is closed."""

    body: Any = field(default_factory=list)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    hang: bool = False


Answering = Callable[[str, dict[str, str]], Answer]


class FakeInstance:
    """Answers with what `answering` says for a path and its query."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.base_url = f"http://127.0.0.1:{server.server_port}"
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.closed = threading.Event()
        self.answering: Answering = lambda path, query: Answer()

    def answer(self, target: str) -> Answer:
        parts = urlsplit(target)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        self.requests.append((parts.path, query))
        return self.answering(parts.path, query)

    def paths(self) -> list[str]:
        return [path for path, _ in self.requests]


@contextmanager
def fake_instance() -> Iterator[FakeInstance]:
    """Start an instance on 127.0.0.1, and end it with all its hanging requests."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            given = instance.answer(self.path)
            if given.hang:
                instance.closed.wait(30)
                return
            body = given.raw if given.raw is not None else json.dumps(given.body).encode()
            self.send_response_only(given.status)  # without a Date: the test says it where it matters
            for name, value in {"Content-Type": "application/json", **given.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    instance = FakeInstance(server)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield instance
    finally:
        instance.closed.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


def status(number: int, *, at: datetime | None = None, text: str = "boo #acme", **more: Any) -> dict[str, Any]:
    """Return a status as an instance sends it; `number` makes its id and its time."""
    made = at or datetime(2026, 11, 3, 12, 0, number % 60, tzinfo=UTC)
    return {
        "id": str(1000 + number),
        "created_at": made.isoformat().replace("+00:00", "Z"),
        "edited_at": None,
        "visibility": "public",
        "content": f"<p>{text}</p>",
        "spoiler_text": "",
        "tags": [],
        "mentions": [],
        "reblog": None,
        "in_reply_to_id": None,
        "language": "en",
        "url": f"https://social.example/@mia/{1000 + number}",
        "account": {"id": "7", "acct": "mia", "followers_count": 12, "created_at": "2021-05-01T00:00:00.000Z"},
        "favourites_count": 1,
        "reblogs_count": 0,
        "replies_count": 0,
        **more,
    }
