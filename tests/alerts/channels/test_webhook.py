"""The webhook against real receivers on loopback: signed, idempotent, bounded, and silent about its secrets."""

import hashlib
import hmac
import json
import logging
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import pytest
import structlog
from pydantic import ValidationError

from alerts.channels.webhook import Webhook, WebhookSettings
from alerts.posting import post
from stormcone.clock import ManualClock
from stormcone.errors import DeliveryError
from stormcone.models import Notice

NOW = datetime(2026, 11, 21, 22, 10, tzinfo=UTC)
SECRET = "planted-key-5d1f"
PATH = "/planted-path-77c2"

Answer = Callable[[BaseHTTPRequestHandler], None]


def status(code: int, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


@dataclass
class Receiver:
    """A receiver that answers as scripted and keeps what it got; an unscripted request is an error of the test."""

    script: list[Answer] = field(default_factory=list)
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.requests.append((self.path, dict(self.headers.items()), body))
                try:
                    receiver.script.pop(0)(self)
                except OSError:
                    self.close_connection = True  # the sender went away, as some tests want it to

            def log_message(self, *_args: Any) -> None:
                """Stay quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}{PATH}"
        return self

    def __exit__(self, *_args: object) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running
        assert running.script == [], "the receiver expected more requests"


def webhook(url: str | None, *, secrets: dict[str, str] | None = None, **changes: Any) -> Webhook:
    settings = WebhookSettings(
        **{"id": "hook", "type": "webhook", "url": url, "allow_private": True, "secret_env": "HOOK_SECRET", **changes}
    )
    return Webhook(settings, {"HOOK_SECRET": SECRET} if secrets is None else secrets, ManualClock(NOW))


def failure(channel: Webhook, notice: Notice) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        channel.deliver(notice)
    return caught.value


def test_body_key_and_signature_are_those_of_the_contract(
    receiver: Receiver, make_notice: Callable[..., Notice]
) -> None:
    receiver.script = [status(202)]
    notice = make_notice()
    webhook(receiver.url).deliver(notice)
    path, headers, body = receiver.requests[0]
    timestamp = headers["X-Stormcone-Timestamp"]
    expected = hmac.new(SECRET.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert path == PATH
    assert timestamp == str(int(NOW.timestamp()))
    assert headers["X-Stormcone-Signature"] == f"sha256={expected}"
    assert headers["Idempotency-Key"] == notice.key == json.loads(body)["key"]
    assert headers["Content-Type"] == "application/json"
    assert set(json.loads(body)) == {
        *("key", "event", "incident", "brand", "post", "level", "severity", "kind", "headline", "to", "step", "at"),
        "links",
    }


def test_without_a_key_nothing_is_signed(receiver: Receiver, make_notice: Callable[..., Notice]) -> None:
    receiver.script = [status(200)]
    webhook(receiver.url, secret_env=None).deliver(make_notice())
    assert "X-Stormcone-Signature" not in receiver.requests[0][1]


def test_retry_sends_the_same_key_and_body(receiver: Receiver, make_notice: Callable[..., Notice]) -> None:
    receiver.script = [status(500), status(200)]
    channel, notice = webhook(receiver.url), make_notice(person="Jörg")
    assert not failure(channel, notice).permanent
    channel.deliver(notice)
    first, second = receiver.requests
    assert first[1]["Idempotency-Key"] == second[1]["Idempotency-Key"] == notice.key
    assert first[2] == second[2]


@pytest.mark.parametrize(
    ("code", "permanent"),
    [(301, True), (400, True), (401, True), (404, True), (410, True), (408, False), (429, False), (503, False)],
)
def test_answers_tell_give_up_from_retry(
    receiver: Receiver, make_notice: Callable[..., Notice], code: int, permanent: bool
) -> None:
    receiver.script = [status(code)]
    error = failure(webhook(receiver.url), make_notice())
    assert error.permanent is permanent
    assert str(code) in str(error)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("17", 17),
        (" 5 ", 5),
        ("Sat, 21 Nov 2026 22:11:00 GMT", 60),
        ("yesterday", None),
        ("Sat, 21 Nov 2020 22:11:00 GMT", 0),
    ],
)
def test_retry_after_is_understood(
    receiver: Receiver, make_notice: Callable[..., Notice], header: str, seconds: float | None
) -> None:
    receiver.script = [status(429, Retry_After=header)]
    assert failure(webhook(receiver.url), make_notice()).retry_after_seconds == seconds


def test_redirect_is_not_followed(receiver: Receiver, make_notice: Callable[..., Notice]) -> None:
    with Receiver() as inside:
        receiver.script = [status(302, Location=inside.url)]
        assert failure(webhook(receiver.url), make_notice()).permanent
        assert inside.requests == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "[::ffff:127.0.0.1]"])
def test_private_address_is_refused_unless_allowed(
    receiver: Receiver, make_notice: Callable[..., Notice], host: str
) -> None:
    error = failure(webhook(receiver.url.replace("127.0.0.1", host), allow_private=False), make_notice())
    assert error.permanent
    assert "allow_private" in str(error)
    assert receiver.requests == []


def test_name_that_turns_private_after_the_check_is_not_asked_again(receiver: Receiver) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    receiver.script = [status(200)]
    post(
        "hook",
        receiver.url.replace("127.0.0.1", "hook.test"),
        body=b"{}",
        headers={},
        timeout_seconds=5,
        allow_private=True,
        now=NOW,
        resolve=lambda _host, _port: next(answers),
    )
    assert receiver.requests[0][1]["Host"].startswith("hook.test:")
    assert next(answers) == ["10.0.0.1"]


def drip_headers(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not handler.server.shutting.wait(0.02):  # type: ignore[attr-defined]
        handler.wfile.write(b"x")


def drip_body(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while not handler.server.shutting.wait(0.02):  # type: ignore[attr-defined]
        handler.wfile.write(b"x")


@pytest.mark.parametrize("drip", [drip_headers, drip_body])
def test_dripping_receiver_is_left_at_the_timeout(
    receiver: Receiver, make_notice: Callable[..., Notice], drip: Answer
) -> None:
    receiver._server.shutting = receiver.over  # type: ignore[attr-defined]
    receiver.script = [drip]
    began = time.monotonic()
    error = failure(webhook(receiver.url, timeout_seconds=0.3), make_notice())
    assert time.monotonic() - began < 3
    assert not error.permanent
    assert "0.3 s" in str(error)


def test_endless_answer_is_read_only_in_part(receiver: Receiver, make_notice: Callable[..., Notice]) -> None:
    written = [0]

    def flood(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while written[0] < 10**9:
            written[0] += handler.wfile.write(b"x" * 65536)

    receiver.script = [flood]
    webhook(receiver.url).deliver(make_notice())
    assert written[0] < 10**8


def test_nobody_listening_is_worth_a_retry(make_notice: Callable[..., Notice]) -> None:
    with Receiver() as gone:
        url = gone.url
    assert not failure(webhook(url), make_notice()).permanent


def test_login_in_the_address_is_sent_as_a_header(receiver: Receiver, make_notice: Callable[..., Notice]) -> None:
    receiver.script = [status(200)]
    webhook(receiver.url.replace("http://", "http://me:word@")).deliver(make_notice())
    assert receiver.requests[0][1]["Authorization"] == "Basic bWU6d29yZA=="


@pytest.mark.parametrize("name", ["HOOK_SECRET", "HOOK_URL"])
def test_missing_variable_is_named_and_permanent(make_notice: Callable[..., Notice], name: str) -> None:
    secrets = {"HOOK_SECRET": SECRET, "HOOK_URL": "http://127.0.0.1:9"}
    del secrets[name]
    channel = webhook(None, url_env="HOOK_URL", secrets=secrets)
    error = failure(channel, make_notice())
    assert error.permanent
    assert name in str(error)
    assert name in (channel.check() or "")


def test_complete_channel_has_nothing_to_complain() -> None:
    assert webhook("http://127.0.0.1:9").check() is None


@pytest.mark.parametrize("addresses", [{}, {"url": "http://127.0.0.1:9", "url_env": "HOOK_URL"}])
def test_exactly_one_address_is_given(addresses: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="either url or url_env"):
        WebhookSettings.model_validate({"id": "hook", "type": "webhook", **addresses})


@pytest.mark.parametrize("scheme", ["http", "https", "ftp", "nonsense", "http://:x"])
def test_no_secret_reaches_an_error_or_a_log(
    receiver: Receiver,
    make_notice: Callable[..., Notice],
    caplog: pytest.LogCaptureFixture,
    scheme: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    receiver.script = [status(500)] if scheme == "http" else []
    url = receiver.url.replace("http://", f"{scheme}://planted-user:planted-word@")
    with structlog.testing.capture_logs() as logs:
        error = failure(webhook(None, url_env="U", secrets={"U": url, "HOOK_SECRET": SECRET}), make_notice())
    told = "".join(traceback.format_exception(error)) + caplog.text + repr(logs)
    assert "planted" not in told.replace(__file__, "")
