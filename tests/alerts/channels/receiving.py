"""A web server on loopback that answers as scripted; a request that no answer waits for fails the test."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Receiver:
    """What came in, and what is to be answered next: a status, or a status and a Retry-After."""

    url: str
    answers: list[int | tuple[int, str]] = field(default_factory=list)
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    said: list[bytes] = field(default_factory=list)  # bodies of the next answers; none: empty ones

    @property
    def messages(self) -> list[Any]:
        return [json.loads(body) for _, _, body in self.requests]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Serve until the block ends, and check that exactly the expected requests came."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if receiver.answers:
                receiver.requests.append((self.path, dict(self.headers.items()), body))
                answer = receiver.answers.pop(0)
            else:
                receiver.unexpected.append(self.path)
                answer = 500
            status, patience = answer if isinstance(answer, tuple) else (answer, None)
            self.send_response(status)
            if patience is not None:
                self.send_header("Retry-After", patience)
            said = receiver.said.pop(0) if receiver.said else b""
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver = Receiver(url=f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
    assert receiver.unexpected == []
    assert receiver.answers == [], "fewer requests came than were expected"
