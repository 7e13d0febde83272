"""A scheduler on loopback that answers as scripted and keeps what it was asked. For tests of the queue's hook."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

HANG = 0  # in a script: take the request and never answer it


class Scheduler:
    """Answers each request with the next status of its script, 200 once that is over."""

    def __init__(self, *script: int, retry_after: str | None = None) -> None:
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self._script = list(script)
        self._over = threading.Event()
        scheduler = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                scheduler.requests.append((dict(self.headers.items()), body))
                status = scheduler._script.pop(0) if scheduler._script else 200
                if status == HANG:
                    scheduler._over.wait(30)
                    return
                self.send_response(status)
                if retry_after:
                    self.send_header("Retry-After", retry_after)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Stay quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.url = f"http://127.0.0.1:{self._server.server_port}/planted-path-9b1e"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()
