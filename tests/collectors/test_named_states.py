"""Every network source against a server that goes wrong in every common way: a named state, and no secret told."""

import logging
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from stormcone.clock import ManualClock
from stormcone.config import BrandSettings, Config
from stormcone.models import SourceState
from stormcone.pipeline import Pipeline
from stormcone.pipeline.building import build_collectors
from stormcone.pipeline.polling import Poller
from stormcone.plugins import discover
from stormcone.ports import Collector
from stormcone.store import MEMORY_URL, open_store
from tests.stormcone.pipeline.parts import make_pipeline

PLANTED = "planted-secret-7c41e9"
KEYS = {
    name: f"{PLANTED}-{number}"
    for number, name in enumerate(
        (
            "X_BEARER_TOKEN",
            "REDDIT_CLIENT_ID",
            "REDDIT_CLIENT_SECRET",
            "MASTODON_TOKEN",
            "YOUTUBE_API_KEY",
            "BLUESKY_HANDLE",
            "BLUESKY_APP_PASSWORD",
        )
    )
}
BRAND = BrandSettings.model_validate(
    {
        "name": "Acme",
        "keywords": ["acme"],
        "accounts": [
            {"platform": platform, "handle": "acme.example" if platform == "bluesky" else "acme"}
            for platform in ("x", "reddit", "bluesky", "mastodon", "hackernews", "youtube")
        ],
    }
)
KINDS = discover("collectors", Collector, key="platform")  # type: ignore[type-abstract]  # a role to look for
QUICK: dict[str, Any] = {"timeout_seconds": 0.5}


def sections(url: str) -> dict[str, dict[str, Any]]:
    """Return the settings of each source by the name of its case."""
    return {
        "x": {"base_url": url},
        "reddit": {
            "base_url": url,
            "feed_url": url,
            "subreddits": ["acme"],
            "user_agent": "linux:test:1 (by /u/nobody)",
        },
        "reddit by feeds": {"feed_url": url, "client_id_env": "", "client_secret_env": "", "subreddits": ["acme"]},
        "bluesky": {"base_url": url, "jetstream_url": ""},
        "bluesky without login": {"base_url": url, "jetstream_url": "", "handle_env": "", "app_password_env": ""},
        "mastodon": {"base_url": url, "hashtags": ["acme"]},
        "mastodon without token": {"base_url": url, "hashtags": ["acme"], "access_token_env": ""},
        "hackernews": {"base_url": url},
        "news": {"feeds": [f"{url}/rss"]},
        "youtube": {"base_url": url},
    }


@dataclass(frozen=True, kw_only=True)
class Bad:
    """One way to go wrong. is_refusal: a person is needed."""

    status: int = 200
    body: bytes = b""
    is_refusal: bool = False
    location: str | None = None


WAYS = {
    "401": Bad(status=401, body=b'{"error": "unauthorized"}', is_refusal=True),
    "402": Bad(status=402, body=b'{"title": "CreditsDepleted"}', is_refusal=True),
    "403": Bad(status=403, body=b'{"reason": "forbidden"}', is_refusal=True),
    "404 of another server": Bad(status=404, body=b"<html>no such page</html>"),
    "500": Bad(status=500, body=b"oops"),
    "503 with words": Bad(status=503, body=b'{"message": "\\u202e over\\n capacity"}'),
    "no body": Bad(),
    "a login page": Bad(body=b"<!DOCTYPE html><html><body>Sign in</body></html>"),
    "cut off": Bad(body=b'{"data": [{"id": "12", "te'),
    "null": Bad(body=b"null"),
    "a number": Bad(body=b"7"),
    "another schema": Bad(body=b'{"data": 7, "hits": 7, "items": 7, "feed": 7, "posts": 7, "access_token": 7}'),
    "lists of nonsense": Bad(body=b'{"data": [7, null], "hits": [7], "items": [7], "feed": [7], "posts": [7]}'),
    "a redirect elsewhere": Bad(status=302, location="http://127.0.0.1:9/login"),
}


@contextmanager
def wrong(bad: Bad) -> Iterator[str]:
    """Serve the same wrong answer to whatever is asked."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            self.rfile.read(length)
            self.send_response(bad.status)
            self.send_header("content-type", "application/json")
            if bad.location:
                self.send_header("location", bad.location)
            self.send_header("content-length", str(len(bad.body)))
            self.end_headers()
            self.wfile.write(bad.body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass(frozen=True, kw_only=True)
class Polled:
    """What came of one poll. told: what people see; reason: None where the source answered after all."""

    reason: str | None
    told: str
    state: SourceState


@pytest.fixture(scope="module")
def wired() -> tuple[Pipeline, ManualClock]:
    return make_pipeline(open_store(MEMORY_URL), config=Config(brands=(BRAND,)))


def polled(wired: tuple[Pipeline, ManualClock], case: str, way: str, url: str) -> Polled:
    """Poll one source once, as a watcher does."""
    pipeline, clock = wired
    platform, name = case.partition(" ")[0], f"{case}: {way}"
    settings = KINDS[platform].Settings.model_validate(QUICK | sections(url)[case])
    config = Config(brands=(BRAND,), sources={platform: settings})
    collector = build_collectors(config, clock, pipeline.store, environment=KEYS)[platform]
    poller = Poller(name, collector, pipeline.store, pipeline.ingest, clock, threading.Lock())
    poller.register()
    reason = poller.poll()
    health = next(each for each in pipeline.store.sources.health() if each.name == name)
    return Polled(reason=reason, told=reason or health.last_error or "", state=health.state(clock.now()))


@pytest.fixture(autouse=True)
def everything_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Let every logger that exists say everything it can."""
    known = [logging.getLogger(name) for name in list(logging.root.manager.loggerDict)]
    before = [(logger, logger.level) for logger in known]
    caplog.set_level(logging.DEBUG)
    for logger in known:
        logger.setLevel(logging.DEBUG)
    yield
    for logger, level in before:
        logger.setLevel(level)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("case", sections(""))
def test_whatever_goes_wrong_is_a_named_state(
    wired: tuple[Pipeline, ManualClock],
    case: str,
    way: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    with wrong(WAYS[way]) as url:
        found = polled(wired, case, way, url)
    logged = "".join((caplog.text, *capfd.readouterr()))
    assert found.told or "row_skipped" in logged, "it went wrong, and nobody is told"
    assert "internal error" not in found.told
    assert "\n" not in found.told
    assert len(found.told) < 1_000
    if WAYS[way].status in {302, 404}:
        assert re.search("check|correct", found.told), "no word about the address"
    if WAYS[way].is_refusal:
        assert found.state is SourceState.STOPPED, found.told
    assert PLANTED not in found.told + logged
    assert "Traceback" not in logged


@pytest.mark.parametrize("case", sections(""))
def test_nobody_at_the_address_is_named_with_what_to_check(
    wired: tuple[Pipeline, ManualClock], case: str, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    found = polled(wired, case, "nobody", f"http://127.0.0.1:{port}")
    assert "cannot be reached" in (found.reason or "")
    assert "check base_url and the network" in found.told
    assert PLANTED not in caplog.text
