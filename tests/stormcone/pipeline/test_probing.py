import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from stormcone.clock import ManualClock
from stormcone.config import Config
from stormcone.config.loading import load_config
from stormcone.pipeline.probing import Probed, Readiness, probe_sources
from stormcone.ports import SourceSettings
from tests.fakes import AT

SECRET = "planted-token-66120"


class _Answer(BaseHTTPRequestHandler):
    """Answers everything with the status of its server."""

    def do_GET(self) -> None:
        body = b'{"hits": [], "nbPages": 0, "items": []}'
        self.send_response(self.server.status)  # type: ignore[attr-defined]  # set below
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def answering(request: pytest.FixtureRequest) -> Any:
    """Return the address of a server that answers with the status asked for."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answer)
    server.status = request.param  # type: ignore[attr-defined]  # a server of ours
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def probed(tmp_path: Any, sections: str, environment: dict[str, str] | None = None) -> tuple[Probed, ...]:
    path = tmp_path / "config.toml"
    path.write_text('[[brand]]\nname = "acme"\nkeywords = ["acme"]\n' + sections, encoding="utf-8")
    return probe_sources(load_config(path), ManualClock(AT), environment or {})


def hackernews(address: str) -> str:
    return f'[collectors.hackernews]\nbase_url = "{address}"\ntimeout_seconds = 2\n'


@pytest.mark.parametrize(
    ("answering", "readiness"),
    [(200, Readiness.READY), (403, Readiness.REFUSED), (429, Readiness.WAITING), (503, Readiness.UNREACHABLE)],
    indirect=["answering"],
)
def test_what_a_source_answers_is_said_by_name(tmp_path: Any, answering: str, readiness: Readiness) -> None:
    (found,) = probed(tmp_path, hackernews(answering))
    assert (found.name, found.readiness) == ("hackernews", readiness)


def test_a_source_nobody_listens_for_is_unreachable(tmp_path: Any) -> None:
    (found,) = probed(tmp_path, hackernews("http://127.0.0.1:9"))
    assert found.readiness is Readiness.UNREACHABLE
    assert "base_url" in found.line


def test_a_key_that_is_needed_is_named_and_nothing_is_asked(tmp_path: Any) -> None:
    (found,) = probed(tmp_path, '[collectors.x]\nbase_url = "http://127.0.0.1:9"\n')
    assert found.readiness is Readiness.NEEDS_KEY
    assert "X_BEARER_TOKEN" in found.line


def test_no_secret_is_shown(tmp_path: Any) -> None:
    section = '[collectors.x]\nbase_url = "http://127.0.0.1:9"\ntimeout_seconds = 1\n'
    (found,) = probed(tmp_path, section, {"X_BEARER_TOKEN": SECRET})
    assert found.readiness is Readiness.UNREACHABLE
    assert SECRET not in found.line


def test_without_sources_nothing_is_probed() -> None:
    assert probe_sources(Config(), ManualClock(AT), {}) == ()
    assert probe_sources(Config(sources={"file": SourceSettings(enabled=False)}), ManualClock(AT), {}) == ()
