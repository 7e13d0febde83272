import hashlib
import hmac
import json
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.stormcone.cli.processes import (
    Receiver,
    assert_one_line_error,
    end,
    json_lines,
    make_row,
    run,
    running,
    storm_rows,
    told,
    wait_for,
    write_rows,
)

SECRETS = {"HOOK_KEY": "planted-key-94317", "HOOK_URL": ""}
PLANTED_PATH = "/planted-path-77162"

QUICK = """
[watch]
tick_seconds = 1
[collectors]
lease_seconds = 5
[collectors.file]
path = "drop"
poll_seconds = 1
[[brand]]
name = "acme"
"""

PEOPLE = """
[[people]]
id = "first"
channels = ["first-hook"]
[[people]]
id = "second"
channels = ["second-hook"]
[rota]
people = ["first", "second"]
[escalation]
steps = [{ after_seconds = 0, notify = ["first"] }, { after_seconds = 300, notify = ["second"] }]
"""
CHANNEL = """
[[channels]]
id = "{name}"
type = "webhook"
url_env = "HOOK_URL"
secret_env = "HOOK_KEY"
allow_private = true
"""
CHANNELS = "".join(CHANNEL.format(name=name) for name in ("team-hook", "first-hook", "second-hook"))

ODD_SOURCES = """
[collectors.hanging]
poll_seconds = 1
[collectors.failing]
poll_seconds = 1
[collectors.buggy]
poll_seconds = 1
"""

SOURCE = """
import threading
from stormcone.errors import CollectError
from stormcone.ports import Collector, SourceSettings

class Odd(Collector):
    platform = "{name}"
    Settings = SourceSettings

    def poll(self, cursor, allowance, deadline):
        {does}
"""

RUNNER = """
import sys
import collectors
collectors.__path__.append({folder!r})
from stormcone.cli import main
main()
"""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    opened = Receiver()
    yield opened
    opened.close()


def furnish(folder: Path, config: str) -> Path:
    """Write settings, and make the folder that other programs drop mentions into; return it."""
    (folder / "config.toml").write_text(config, encoding="utf-8")
    drop = folder / "drop"
    drop.mkdir()
    return drop


def with_odd_sources(folder: Path) -> list[str]:
    """Return a command that knows a source that hangs, one that fails and one with a bug, as plug-ins of a user."""
    plugins = folder / "plugins"
    plugins.mkdir()
    for name, does in {
        "hanging": "threading.Event().wait()",
        "failing": 'raise CollectError("failing", "the platform answered 500; try later")',
        "buggy": 'raise KeyError("planted-key-94317")',
    }.items():
        (plugins / f"{name}.py").write_text(SOURCE.format(name=name, does=does), encoding="utf-8")
    runner = folder / "runner.py"
    runner.write_text(RUNNER.format(folder=str(plugins)), encoding="utf-8")
    return [sys.executable, str(runner)]


def exported(folder: Path, what: str = "mentions") -> list[Any]:
    done = run(folder, "export", "--what", what, "--format", "jsonl", plugins=folder / "plugins")
    assert (done.returncode, done.stderr) == (0, "")
    return json_lines(done.stdout)


def append(file: Path, text: str) -> None:
    with file.open("a", encoding="utf-8") as stream:
        stream.write(text)


def line_of(identifier: str) -> str:
    return json.dumps(make_row(identifier, datetime.now(UTC))) + "\n"


def is_signed(headers: Mapping[str, str], body: bytes) -> bool:
    signed = headers["X-Stormcone-Timestamp"].encode() + b"." + body
    expected = hmac.new(SECRETS["HOOK_KEY"].encode(), signed, hashlib.sha256).hexdigest()
    return headers["X-Stormcone-Signature"] == f"sha256={expected}"


class Live:
    """A folder with settings, odd sources and a receiver, and the commands a team would use on it."""

    def __init__(self, folder: Path, receiver: Receiver) -> None:
        self.folder = folder
        self.receiver = receiver
        self.drop = furnish(folder, QUICK + ODD_SOURCES + PEOPLE + CHANNELS)
        self.command = with_odd_sources(folder)
        self.secrets = SECRETS | {"HOOK_URL": receiver.url + PLANTED_PATH}

    def do(self, *words: str) -> Any:
        return run(self.folder, *words, plugins=self.folder / "plugins")

    def status(self) -> Any:
        return json.loads(self.do("status", "--json").stdout)

    def sources(self) -> dict[str, Any]:
        return {each["name"]: each for each in self.status()["sources"]}

    def exported(self, what: str) -> list[Any]:
        return exported(self.folder, what)

    def count(self, event: str) -> int:
        return [each["event"] for each in self.receiver.messages].count(event)


@pytest.fixture
def live(tmp_path: Path, receiver: Receiver) -> Live:
    return Live(tmp_path, receiver)


def test_a_live_storm_is_told_acknowledged_and_called_false_while_sources_hang_and_fail(live: Live) -> None:
    *calm, post = storm_rows(datetime.now(UTC), replies=0)
    write_rows(live.drop / "a.jsonl", calm)
    env = live.secrets | {"STORMCONE_LOG_LEVEL": "debug"}
    with running(live.folder, "watch", env=env, command=live.command) as watcher:
        wait_for(lambda: "stored=192" in told(live.folder), "the calm days stored")
        dropped_at = time.monotonic()
        write_rows(live.drop / "b.jsonl", [post, *storm_rows(datetime.now(UTC), days=0)[1:]])
        wait_for(lambda: live.count("opened") >= 2, "a page", seconds=20)
        assert time.monotonic() - dropped_at < 15
        pages = live.receiver.messages[:2]
        assert {(each["event"], each["level"], each["post"]) for each in pages} == {("opened", "page", "post")}
        assert {each["to"] for each in pages} == {None, "first"}
        _check_status(live, watcher.pid)

        assert live.do("ack", "1", "--by", "ann").returncode == 0
        assert_one_line_error(live.do("ack", "1", "--by", "bob"), 2, "incident 1", "ann")
        assert live.do("decide", "1", "false_alarm", "--by", "ann", "--why", "a joke").returncode == 0
        wait_for(lambda: live.count("resolved") >= 2, "the end told")
        assert end(watcher) < 5
        assert watcher.returncode == 0
    _check_traces(live)


def _check_status(live: Live, pid: int) -> None:
    """What is seen of odd sources while a watcher runs, and of the incident."""
    odd = ("hanging", "failing", "buggy")
    wait_for(lambda: {live.sources()[name]["state"] for name in odd} == {"stale"}, "staleness")
    now = live.status()
    seen = {each["name"]: each for each in now["sources"]}
    assert seen["file"]["state"] == "ok"
    assert "answered 500" in seen["failing"]["last_error"]
    assert "KeyError" in seen["buggy"]["last_error"]
    assert seen["hanging"]["last_success_at"] is None
    assert now["watcher"].endswith(f":{pid}")
    assert now["incidents"] == [{"incident": 1, "brand": "acme", "state": "open", "level": "page"}]


def _check_traces(live: Live) -> None:
    """What messages, tables and logs hold after the end; nowhere a secret."""
    sent = live.receiver.requests
    besides = {"updated", "source_lost"}  # the odd sources are missed as well where the machine takes its time
    events = Counter((each["event"], each["to"]) for each in live.receiver.messages if each["event"] not in besides)
    assert events == {(event, to): 1 for event in ("opened", "acknowledged", "resolved") for to in (None, "first")}
    assert all(is_signed(headers, body) for headers, body in sent)
    assert all(headers["Idempotency-Key"] == json.loads(body)["key"] for headers, body in sent)
    decided = live.exported("decisions")
    assert [(each["incident"], each["decision"], each["by"], each["why"]) for each in decided] == [
        (1, "false_alarm", "ann", "a joke")
    ]
    assert {each["state"] for each in live.exported("notices")} == {"sent"}
    assert [each["state"] for each in live.exported("incidents")] == ["resolved"]
    assert live.status()["watcher"] is None  # the lease was given back
    logs = told(live.folder)
    assert "Traceback" not in logs
    assert "outcome=ok" in logs
    assert [secret for secret in (*live.secrets.values(), PLANTED_PATH) if secret in logs] == []


def test_a_killed_watcher_is_replaced_and_nothing_is_lost_or_stored_twice(tmp_path: Path) -> None:
    drop = furnish(tmp_path, QUICK)
    file = write_rows(drop / "a.jsonl", (make_row(str(n), datetime.now(UTC)) for n in range(50)))
    env = {"STORMCONE_LOG_LEVEL": "info"}
    with running(tmp_path, "watch", env=env) as first:
        wait_for(lambda: "stored=50" in told(tmp_path), "the first lines stored")
        with running(tmp_path, "watch", env=env) as second:
            wait_for(lambda: "standing_by" in told(tmp_path), "a second watcher standing by")
            append(file, line_of("50"))
            wait_for(lambda: told(tmp_path).count("stored=1\n") == 1, "a line that was appended")
            first.kill()
            append(file, line_of("51") + line_of("52")[:30])
            killed_at = time.monotonic()
            wait_for(lambda: told(tmp_path).count("watching ") == 2, "the second taking over", seconds=15)
            wait_for(lambda: told(tmp_path).count("stored=1\n") == 2, "a line written between two watchers")
            assert time.monotonic() - killed_at < 5 + 5 / 3 + 5  # lease, its renewal, a slow machine
            append(file, line_of("52")[30:])
            wait_for(lambda: told(tmp_path).count("stored=1\n") == 3, "the half line with its rest")
            assert end(second, signal.SIGINT) < 5
            assert second.returncode == 0
    rows = exported(tmp_path)
    assert Counter(row["id"] for row in rows) == {str(n): 1 for n in range(53)}
    recount = Counter(row["created_at"][:16] for row in rows)
    assert {line["minute"][:16]: line["mentions"] for line in exported(tmp_path, "minutes")} == recount


def test_watch_ends_by_itself_when_the_time_is_up(tmp_path: Path) -> None:
    furnish(tmp_path, QUICK)
    began = time.monotonic()
    done = run(tmp_path, "watch", "--for", "1.5")
    assert (done.returncode, done.stderr) == (0, "")
    assert 1.5 <= time.monotonic() - began < 20  # start-up, on a busy machine


def test_poll_once_answers_with_the_exit_code(tmp_path: Path) -> None:
    drop = furnish(tmp_path, QUICK)
    with_odd_sources(tmp_path)
    assert_one_line_error(run(tmp_path, "poll"), 2, "--once")
    assert run(tmp_path, "poll", "--once").returncode == 0
    (tmp_path / "config.toml").write_text(
        QUICK + "[collectors.failing]\n[collectors.buggy]\n[collectors.hanging]\nenabled = false\n", encoding="utf-8"
    )
    write_rows(drop / "a.jsonl", [make_row()])
    done = run(tmp_path, "poll", "--once", plugins=tmp_path / "plugins")
    assert done.returncode == 1
    buggy, failing = sorted(line for line in done.stderr.splitlines() if not line.startswith("20"))
    assert "KeyError" in buggy
    assert "answered 500" in failing
    assert [row["id"] for row in exported(tmp_path)] == ["1"]


def test_a_source_that_was_never_polled_and_one_that_is_off_are_not_called_well(tmp_path: Path) -> None:
    furnish(tmp_path, QUICK + "[collectors.drill]\nenabled = false\nstarts_at = 2026-03-02T12:00:00Z\n")
    done = run(tmp_path, "status", "--json")
    states = {each["name"]: each["state"] for each in json.loads(done.stdout)["sources"]}
    assert states == {"file": "stale", "drill": "off"}
    assert "name=drill  state=off" in run(tmp_path, "status").stdout
