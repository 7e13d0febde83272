"""Starts the real command in a folder of its own, and what end-to-end tests feed it: rows, settings, a receiver.

Imported by tests as `from tests.stormcone.cli.processes import run`. Waits for conditions, within bounds; never sleeps
for a while and hopes.
"""

import atexit
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).parents[3]
COMMAND = (sys.executable, "-m", "stormcone")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PATIENCE_SECONDS = 30.0

# Said by sixty people in as many ways: one text by all of them would be a brigade.
_ANGER = (
    "shame on you",
    "this is disgusting",
    "you lied to us",
    "delete it",
    "who approved this",
    "read the room",
    "I will never buy from you again",
    "say sorry to the people you hurt",
    "what an embarrassing thing to post",
    "unfollowing after ten years",
)
_ASIDES = (
    "my sister cried when she saw it",
    "and on a Monday of all days",
    "",
    "nobody at work can believe it",
    "seriously",
    "the cup was never the problem",
    "you have heard this before",
    "ask anyone in our street",
    "what a morning",
)

Row = dict[str, Any]
Found = TypeVar("Found")


def environment(changes: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a command: ours, without settings of whoever runs the tests."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("STORMCONE_")}
    return own | {"PYTHONPATH": str(ROOT)} | dict(changes or {})


@cache
def _forking() -> subprocess.Popen[str]:
    script = Path(__file__).with_name("forking.py")
    server = subprocess.Popen(
        [sys.executable, str(script)], env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    atexit.register(server.kill)
    return server


def run(
    folder: Path, *words: str | Path, env: Mapping[str, str] | None = None, plugins: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `stormcone WORDS` in `folder` to its end, in a process of its own; `plugins` holds further collectors."""
    server, out, err = _forking(), folder / ".out.txt", folder / ".err.txt"
    assert server.stdin is not None
    assert server.stdout is not None
    job = {
        "folder": str(folder),
        "words": list(map(str, words)),
        "env": environment(env),
        "out": str(out),
        "err": str(err),
        "plugins": str(plugins or ""),
    }
    server.stdin.write(json.dumps(job) + "\n")
    server.stdin.flush()
    assert select.select([server.stdout], [], [], 90)[0], f"stormcone {words}: has not ended after 90 s"
    code = int(server.stdout.readline())
    texts = [file.read_bytes().decode() for file in (out, err)]
    return subprocess.CompletedProcess([*COMMAND, *map(str, words)], code, *texts)


def start_anew(
    folder: Path, *words: str | Path, env: Mapping[str, str] | None = None, command: Iterable[str] = COMMAND
) -> subprocess.CompletedProcess[str]:
    """Run a command as a shell would, from the very start of the interpreter."""
    return subprocess.run(
        [*command, *map(str, words)],
        cwd=folder,
        env=environment(env),
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=90,
    )


@contextmanager
def running(
    folder: Path, *words: str | Path, env: Mapping[str, str] | None = None, command: Iterable[str] = COMMAND
) -> Iterator[subprocess.Popen[str]]:
    """Run `stormcone WORDS` beside the test; its output goes to FOLDER/out.N.txt and err.N.txt. Killed at the end."""
    number = sum(1 for _ in folder.glob("err.*.txt"))
    with (folder / f"out.{number}.txt").open("w") as out, (folder / f"err.{number}.txt").open("w") as err:
        process = subprocess.Popen(
            [*command, *map(str, words)], cwd=folder, env=environment(env), stdout=out, stderr=err, text=True
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def told(folder: Path) -> str:
    """Return what all processes of `running` have written to standard error so far."""
    return "".join(each.read_text(errors="replace") for each in sorted(folder.glob("err.*.txt")))


def end(process: subprocess.Popen[str], number: signal.Signals = signal.SIGTERM) -> float:
    """Send a signal and wait for the end. Returns: how long that took, in seconds."""
    began = time.monotonic()
    process.send_signal(number)
    process.wait(PATIENCE_SECONDS)
    return time.monotonic() - began


def wait_for(look: Callable[[], Found], what: str, *, seconds: float = PATIENCE_SECONDS) -> Found:
    """Look again and again until there is something to see, and return it."""
    until = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < until, f"not seen within {seconds:g} s: {what}"
        threading.Event().wait(0.1)
    return found


def assert_one_line_error(done: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    """Check that a command failed the way it should: an exit code and one line that holds all `words`."""
    assert "Traceback" not in done.stderr
    assert done.returncode == code, done.stderr
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("stormcone: ")
    assert "internal error" not in lines[0]
    assert [word for word in words if word not in lines[0]] == [], lines[0]


def iso(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def make_row(identifier: str = "1", at: datetime = NOON, **changes: Any) -> Row:
    """Return one row of a mention file."""
    row = {
        "id": identifier,
        "platform": "x",
        "brand": "acme",
        "created_at": iso(at),
        "author": f"author-{identifier}",
        "is_brand": 0,
        "text": f"number {identifier} went to the harbour with acme",
    }
    return row | changes


def write_rows(file: Path, rows: Iterable[Row]) -> Path:
    """Write a JSONL mention file."""
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


def storm_rows(ends_at: datetime, *, days: float = 2, replies: int = 60, brand: str = "acme") -> list[Row]:
    """Return calm days, then an own post a quarter of an hour old with hostile replies by as many people."""
    posted_at = ends_at - timedelta(minutes=15)
    calm = [
        make_row(f"calm-{n}", posted_at - timedelta(minutes=15 * (n + 1)), brand=brand)
        for n in reversed(range(int(days * 96)))
    ]
    post = make_row("post", posted_at, brand=brand, is_brand=1, author=brand, text="look at our new cup")
    hostile = [
        make_row(
            f"reply-{n}",
            posted_at + timedelta(minutes=2, seconds=12.5 * n + 9 * (n % 3)),
            brand=brand,
            text=f"{_ANGER[n % 10]}, {_ANGER[(n * 3 + n // 10 + 1) % 10]} {_ASIDES[n % 9]}",
            parent_id="post",
            root_id="post",
        )
        for n in range(replies)
    ]
    return [*calm, post, *hostile]


def json_lines(text: str) -> list[Any]:
    return [json.loads(line) for line in text.splitlines()]


class Receiver:
    """A loopback web server that keeps what was posted to it."""

    def __init__(self) -> None:
        self.requests: list[tuple[Mapping[str, str], bytes]] = []
        kept = self.requests

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                kept.append((dict(self.headers), body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def messages(self) -> list[Any]:
        return [json.loads(body) for _, body in self.requests]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
