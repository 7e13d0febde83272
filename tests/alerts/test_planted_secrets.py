"""Twelve planted secrets, channels that all fail, logs at DEBUG: none is in a log, the database or a traceback."""

import contextlib
import io
import logging
import random
import socket
import threading
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import structlog

from alerts.delivery import Sender
from stormcone.cli.logs import set_up_logs
from stormcone.clock import ManualClock
from stormcone.config import load_config
from stormcone.errors import DeliveryError, StoreError
from stormcone.models import Notice
from stormcone.pipeline.building import build_channels
from stormcone.store import open_store
from tests.alerts.conftest import AT

SECRETS = {
    "HOOK_KEY": "planted-01-signing-key",
    "HOOK_URL": "planted-02-path-token",
    "USER_URL": "planted-03-url-password",
    "QUERY_URL": "planted-04-query-token",
    "SLACK_URL": "planted-05-slack-path",
    "DISCORD_URL": "planted-06-discord-path",
    "TEAMS_URL": "planted-07-teams-path",
    "PAGER_KEY": "planted-08-routing-key",
    "BOT_TOKEN": "planted09:bot-token",
    "MAIL_USER": "planted-10-mail-user",
    "MAIL_PASSWORD": "planted-11-mail-password",
    "DATABASE_PASSWORD": "planted-12-database-password",
}
CONFIG = """
[[brand]]
name = "acme"
[[channels]]
id = "path"
type = "webhook"
url_env = "HOOK_URL"
secret_env = "HOOK_KEY"
allow_private = true
[[channels]]
id = "userinfo"
type = "webhook"
url_env = "USER_URL"
allow_private = true
[[channels]]
id = "query"
type = "webhook"
url_env = "QUERY_URL"
allow_private = true
[[channels]]
id = "slack"
type = "slack"
url_env = "SLACK_URL"
allow_private = true
[[channels]]
id = "discord"
type = "discord"
url_env = "DISCORD_URL"
allow_private = true
[[channels]]
id = "teams"
type = "teams"
url_env = "TEAMS_URL"
allow_private = true
[[channels]]
id = "pager"
type = "pagerduty"
key_env = "PAGER_KEY"
base_url = "BASE"
allow_private = true
[[channels]]
id = "telegram"
type = "telegram"
token_env = "BOT_TOKEN"
chat_id = "1"
base_url = "BASE"
allow_private = true
[[channels]]
id = "mail"
type = "email"
host = "127.0.0.1"
port = PORT
from = "a@acme.test"
to = "b@acme.test"
tls = "none"
user_env = "MAIL_USER"
password_env = "MAIL_PASSWORD"
"""


class Echo:
    """Answers with a status and all it was sent, as a debugging proxy would; for port 0 nothing listens."""

    def __init__(self, status: int | None) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._status = status
        if status is None:
            self._listener.close()
        else:
            threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                with contextlib.suppress(OSError), client:
                    client.settimeout(1)
                    sent = client.recv(65536)
                    head = f"HTTP/1.1 {self._status} {sent[:200]!r}\r\nContent-Length: {len(sent)}\r\n\r\n"
                    client.sendall(head.encode() + sent)


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Everything that is logged at DEBUG, without the filter that a command adds for the secrets it knows."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    monkeypatch.setenv("STORMCONE_LOG_LEVEL", "debug")
    stream = io.StringIO()
    set_up_logs(stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def environment(port: int) -> dict[str, str]:
    base = f"http://127.0.0.1:{port}"
    return SECRETS | {
        **{name: f"{base}/{SECRETS[name]}" for name in ("HOOK_URL", "SLACK_URL", "DISCORD_URL", "TEAMS_URL")},
        "USER_URL": f"http://ann:{SECRETS['USER_URL']}@127.0.0.1:{port}/x",
        "QUERY_URL": f"{base}/x?token={SECRETS['QUERY_URL']}",
    }


@pytest.mark.parametrize("status", [500, 404, None], ids=["500 that echoes", "404 that echoes", "nobody listens"])
def test_no_planted_secret_is_written_anywhere(
    tmp_path: Path, log: io.StringIO, make_notice: Callable[..., Notice], status: int | None
) -> None:
    echo = Echo(status)
    (tmp_path / "config.toml").write_text(
        CONFIG.replace("BASE", f"http://127.0.0.1:{echo.port}").replace("PORT", str(echo.port))
    )
    config = load_config(tmp_path / "config.toml")
    channels = build_channels(config, environment(echo.port))
    store, clock = open_store(f"sqlite:///{tmp_path}/planted.db"), ManualClock(AT)
    store.notices.add([replace(make_notice(name, attempts=0), incident_id=None) for name in channels])
    sender = Sender(store.notices, channels, clock, owner="test", jitter=random.Random(1), patience_seconds=5)
    recorded = []
    for minute in range(3):
        clock.move_to(AT + timedelta(minutes=minute))
        recorded += [delivery for _ in range(len(channels)) for delivery in sender.deliver_due()]
    recorded += sender.close(patience_seconds=20)
    told = []
    for name, channel in channels.items():
        with pytest.raises(DeliveryError) as caught:
            channel.deliver(make_notice(name))
        told.append("".join(traceback.format_exception(caught.value)))
    store.close()
    echo.close()
    assert {delivery.channel for delivery in recorded} == set(channels)
    files = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.name.startswith("planted.db"))
    everything = log.getvalue() + "".join(told) + files.decode("latin-1") + repr(recorded)
    assert "the receiver answered" in everything or "connection" in everything
    assert [secret for secret in SECRETS.values() if secret in everything] == []


def test_password_of_the_database_is_in_no_error(log: io.StringIO) -> None:
    pytest.importorskip("psycopg", reason="needs PostgreSQL's driver: pip install 'psycopg[binary]'")
    closed = Echo(None).port
    secret = SECRETS["DATABASE_PASSWORD"]
    with pytest.raises(StoreError) as caught:
        open_store(f"postgresql://ann:{secret}@127.0.0.1:{closed}/storm")
    assert secret not in "".join(traceback.format_exception(caught.value)) + log.getvalue()
