"""A loopback server whose answers a test writes, one function from request to reply; counts and keeps the requests."""

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True, kw_only=True)
class Asked:
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    line: str


@dataclass(frozen=True, kw_only=True)
class Reply:
    """status 0: the connection is cut before anything is said. drip_seconds: pause before each byte of the body."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    promised_bytes: int | None = None
    hangs: bool = False
    drip_seconds: float = 0.0


def zipped(body: bytes) -> Reply:
    return Reply(body=gzip.compress(body), headers={"Content-Encoding": "gzip"})


class Loopback:
    def __init__(self, answer: Callable[[Asked], Reply]) -> None:
        self.answer = answer
        self.asked: list[Asked] = []
        self.stopping = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer.serve(self)

            def log_message(self, *args: object) -> None:
                """Say nothing: what is asked is kept instead."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        headers = {name.lower(): value for name, value in handler.headers.items()}
        asked = Asked(path=parts.path, query=query, headers=headers, line=handler.path)
        self.asked.append(asked)
        reply = self.answer(asked)
        if reply.hangs:
            self.stopping.wait(30)
        if reply.hangs or reply.status == 0:
            handler.close_connection = True
            handler.connection.shutdown(socket.SHUT_RDWR)
            return
        handler.send_response(reply.status)
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(reply.promised_bytes or len(reply.body)))
        handler.end_headers()
        try:
            self._write(handler, reply)
        except OSError:
            handler.close_connection = True
        if reply.promised_bytes is not None:
            handler.close_connection = True

    def _write(self, handler: BaseHTTPRequestHandler, reply: Reply) -> None:
        if not reply.drip_seconds:
            handler.wfile.write(reply.body)
            return
        for byte in reply.body:
            if self.stopping.wait(reply.drip_seconds):
                return
            handler.wfile.write(bytes([byte]))

    def close(self) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def start(self) -> None:
        self._thread.start()


@contextmanager
def loopback(answer: Callable[[Asked], Reply]) -> Iterator[Loopback]:
    server = Loopback(answer)
    server.start()
    try:
        yield server
    finally:
        server.close()


def seconds_of(work: Callable[[], object]) -> float:
    started = time.monotonic()
    work()
    return time.monotonic() - started
