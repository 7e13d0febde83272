"""Apprise in its child process, against a real receiver on loopback."""

import logging
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from pydantic import ValidationError

from alerts.channels._apprise_child import Ending
from alerts.channels.apprise import AppriseChannel, AppriseSettings
from alerts.message import from_json
from alerts.short_text import short_text
from stormcone.models import Notice
from tests.alerts.channels.receiving import Receiver
from tests.alerts.channels.sameness import failure


def channel_to(address: str, **changes: Any) -> AppriseChannel:
    settings = {"id": "phone", "type": "apprise", "url_env": "PHONE_URL", "allow_private": True, **changes}
    return AppriseChannel(AppriseSettings.model_validate(settings), {"PHONE_URL": address})


def json_address(receiver: Receiver, host: str = "127.0.0.1") -> str:
    return f"{receiver.url.replace('http://127.0.0.1', f'json://{host}')}/planted-path"


@pytest.fixture
def dripping() -> Iterator[str]:
    """A server that answers one byte after the other, for ever: no timeout of a single read ever ends it."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
                while not over.wait(0.05):
                    try:
                        connection.sendall(b"x")
                    except OSError:
                        return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"json://127.0.0.1:{server.getsockname()[1]}/"
        over.set()


def test_short_form_is_handed_over(chat_receiver: Receiver, make_full_notice: Callable[..., Notice]) -> None:
    chat_receiver.answers = [200]
    notice = make_full_notice()
    channel_to(json_address(chat_receiver)).deliver(notice)
    (posted,) = chat_receiver.messages
    assert posted["message"] == short_text(from_json(notice.message_json))
    assert posted["title"] == ""
    assert "apprise" not in sys.modules, "the library is loaded in the child alone"


@pytest.mark.parametrize("answer", [500, 404, (429, "17"), 302])
def test_refusal_is_worth_a_retry(
    chat_receiver: Receiver, make_full_notice: Callable[..., Notice], answer: int | tuple[int, str]
) -> None:
    chat_receiver.answers = [answer]
    error = failure(channel_to(json_address(chat_receiver)), make_full_notice())
    assert not error.permanent
    assert Ending.NOT_ACCEPTED.meaning in str(error)


def test_dripping_service_ends_with_its_process(dripping: str, make_full_notice: Callable[..., Notice]) -> None:
    began = time.monotonic()
    error = failure(channel_to(dripping, timeout_seconds=4), make_full_notice())
    assert time.monotonic() - began < 8
    assert not error.permanent
    assert Ending.TOO_LATE.meaning in str(error)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_private_address_is_refused_when_connecting(
    chat_receiver: Receiver, make_full_notice: Callable[..., Notice], host: str
) -> None:
    error = failure(channel_to(json_address(chat_receiver, host), allow_private=False), make_full_notice())
    assert error.permanent
    assert "allow_private" in str(error)
    assert chat_receiver.requests == []


@pytest.mark.parametrize("address", ["jsn://127.0.0.1", "nonsense", "json://"])
def test_mistyped_address_is_permanent_and_found_by_check(
    make_full_notice: Callable[..., Notice], address: str
) -> None:
    channel = channel_to(address)
    assert failure(channel, make_full_notice()).permanent
    assert channel.check() == Ending.BAD_ADDRESS.meaning


def test_check_sends_nothing(chat_receiver: Receiver) -> None:
    assert channel_to(json_address(chat_receiver)).check() is None
    assert chat_receiver.unexpected == []


def test_proxy_of_the_environment_is_not_used(
    chat_receiver: Receiver, make_full_notice: Callable[..., Notice], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    chat_receiver.answers = [200]
    channel_to(json_address(chat_receiver)).deliver(make_full_notice())
    assert len(chat_receiver.requests) == 1


@pytest.mark.parametrize("scheme", ["json", "planted"])
def test_no_secret_reaches_an_error_or_a_log(
    chat_receiver: Receiver,
    make_full_notice: Callable[..., Notice],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    scheme: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    chat_receiver.answers = [500] if scheme == "json" else []
    address = json_address(chat_receiver, "planted-user:planted-word@127.0.0.1").replace("json", scheme, 1)
    with structlog.testing.capture_logs() as logs:
        error = failure(channel_to(address), make_full_notice())
    told = "".join(traceback.format_exception(error)) + caplog.text + repr(logs) + "".join(capfd.readouterr())
    assert "planted" not in told


def test_missing_variable_is_named_and_permanent(make_full_notice: Callable[..., Notice]) -> None:
    with pytest.raises(ValidationError, match="url_env"):
        AppriseSettings.model_validate({"id": "phone", "type": "apprise"})
    empty = AppriseChannel(AppriseSettings(id="phone", type="apprise", url_env="PHONE_URL"), {})
    assert empty.check() == "the environment variable PHONE_URL is not set"
    assert failure(empty, make_full_notice()).permanent
