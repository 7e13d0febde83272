"""Sources end to end: the real command, real client libraries, peers on loopback that misbehave."""

import json
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from stormcone.clock import Clock
from tests.collectors.fake_x import TOKEN, FakeX, Fault
from tests.stormcone.cli.processes import end, json_lines, run, running, told, wait_for

KEYS = {"X_BEARER_TOKEN": TOKEN}
BRAND = """
[[brand]]
name = "Acme"
keywords = ["acme"]
accounts = [{ platform = "x", handle = "acme", role = "official" }]
[watch]
tick_seconds = 1
[collectors]
lease_seconds = 5
"""


class RealTime(Clock):
    """The machine's time, for a fake platform beside a real watcher."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def x_section(url: str, *, poll_seconds: float = 1, timeout_seconds: float = 3) -> str:
    return f"""
[collectors.x]
base_url = "{url}"
poll_seconds = {poll_seconds}
timeout_seconds = {timeout_seconds}
"""


def write_config(folder: Path, *sections: str) -> None:
    (folder / "config.toml").write_text(BRAND + "".join(sections), encoding="utf-8")


def exported(folder: Path) -> list[dict[str, Any]]:
    done = run(folder, "export", "--format", "jsonl", env=KEYS)
    assert done.returncode == 0, done.stderr
    return [row for row in json_lines(done.stdout) if row.get("kind", "mention") == "mention"]


def is_complete(folder: Path, world: FakeX) -> bool:
    return {row["id"] for row in exported(folder)} >= world.served()


def sources(folder: Path) -> dict[str, dict[str, Any]]:
    status = json.loads(run(folder, "status", "--json", env=KEYS).stdout)
    return {source["name"]: source for source in status["sources"]}


def test_a_watcher_that_is_killed_again_and_again_stores_everything_once(tmp_path: Path) -> None:
    with FakeX(RealTime()) as world:  # type: ignore[arg-type]  # only asks for the time
        world.search_lag = timedelta(0)
        world.user("acme")
        posts = [world.post("acme", f"our number {n}") for n in range(3)]
        write_config(tmp_path, x_section(world.url))
        for killed in range(3):
            for n in range(60):
                reply_to = posts[n % 3]
                said = f"@acme number {killed} {n}, no" if n % 2 else f"number {killed} {n}, yes"
                world.post(f"u{killed}-{n}", said, reply_to=reply_to)
            if killed == 1:
                world.fail(Fault(path="/2/tweets/search", status=429, times=2))
            with running(tmp_path, "watch", env=KEYS) as watcher:
                asked = len(world.log)
                wait_for(lambda asked=asked: len(world.log) > asked + 4, "some requests")  # type: ignore[misc]
                watcher.send_signal(signal.SIGKILL)
                watcher.wait()
        with running(tmp_path, "watch", env=KEYS) as watcher:
            wait_for(lambda: is_complete(tmp_path, world), "all that is served", seconds=60)
            assert end(watcher) < 5
        rows = exported(tmp_path)
        assert len(rows) == len({row["id"] for row in rows}) == len(world.served()) == 183
        assert sum(int(row["is_brand"]) for row in rows) == 3
        # Counts are in the books before they are asked for: a kill between the two leaves one too many there, no less.
        assert 0 <= round(sources(tmp_path)["x"]["billed_cost"] - world.cost(), 6) <= 3 * 0.005
        assert TOKEN not in told(tmp_path)
        assert "Traceback" not in told(tmp_path)


@contextmanager
def black_hole() -> Iterator[str]:
    """Return the address of a server that takes every connection and never says a word."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    kept: list[socket.socket] = []
    is_open = True

    def accept() -> None:
        while is_open:
            try:
                kept.append(listener.accept()[0])
            except OSError:
                return

    threading.Thread(target=accept, daemon=True).start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    is_open = False
    listener.close()
    for connection in kept:
        connection.close()


def test_when_every_source_hangs_the_watcher_says_stale_and_still_ends_at_once(tmp_path: Path) -> None:
    with black_hole() as url:
        others = "".join(
            f'[collectors.{name}]\nbase_url = "{url}"\npoll_seconds = 2\ntimeout_seconds = 60\n{more}'
            for name, more in (
                ("hackernews", ""),
                ("mastodon", 'hashtags = ["acme"]\n'),
                ("bluesky", f'jetstream_url = "{url.replace("http", "ws")}/subscribe"\n'),
                ("reddit", f'client_id_env = ""\nclient_secret_env = ""\nsubreddits = ["acme"]\nfeed_url = "{url}"\n'),
            )
        )
        news = f'[collectors.news]\nfeeds = ["{url}/feed.xml"]\npoll_seconds = 2\ntimeout_seconds = 60\n'
        write_config(tmp_path, x_section(url, poll_seconds=2, timeout_seconds=60), others, news)
        with running(tmp_path, "watch", env=KEYS) as watcher:
            wait_for(lambda: json.loads(run(tmp_path, "status", "--json", env=KEYS).stdout)["watcher"], "a watcher")
            begun = time.monotonic()
            wait_for(
                lambda: {source["state"] for source in sources(tmp_path).values()} == {"stale"}, "every source stale"
            )
            assert time.monotonic() - begun < 60
            assert len(sources(tmp_path)) == 6
            status = json.loads(run(tmp_path, "status", "--json", env=KEYS).stdout)
            assert [brand["level"] for brand in status["brands"]] == ["unknown"]
            assert watcher.poll() is None
            assert end(watcher) < 5
        assert watcher.returncode == 0
        assert "Traceback" not in told(tmp_path)


def test_a_source_that_fails_stops_no_other_and_is_named(tmp_path: Path) -> None:
    with FakeX(RealTime()) as world, black_hole() as hole:  # type: ignore[arg-type]  # only asks for the time
        world.user("acme")
        world.post("acme", "our only one")
        hanging = f'[collectors.hackernews]\nbase_url = "{hole}"\npoll_seconds = 1\ntimeout_seconds = 1\n'
        write_config(tmp_path, x_section(world.url), hanging)
        done = run(tmp_path, "poll", "--once", env=KEYS)
        assert done.returncode == 1
        assert "hackernews" in done.stderr
        assert len(exported(tmp_path)) == 1


def test_a_refused_key_stops_the_source_with_one_line_and_its_remedy(tmp_path: Path) -> None:
    with FakeX(RealTime()) as world:  # type: ignore[arg-type]  # only asks for the time
        write_config(tmp_path, x_section(world.url), '[[channels]]\nid = "team"\ntype = "console"\n')
        world.fail(Fault(status=401, times=10**6))
        with running(tmp_path, "watch", env=KEYS) as watcher:
            wait_for(lambda: sources(tmp_path)["x"]["state"] == "stopped", "a stopped source")
            wait_for(lambda: "x refuses us" in _written(tmp_path), "a notice")
            assert end(watcher) < 5
        state = sources(tmp_path)["x"]
        assert "401" in state["last_error"]
        assert "X_BEARER_TOKEN" in state["last_error"]
        assert len(world.log) <= 3
        assert TOKEN not in told(tmp_path) + _written(tmp_path)


def _written(folder: Path) -> str:
    return "".join(each.read_text(errors="replace") for each in sorted(folder.glob("out.*.txt")))


def test_a_missing_key_is_named_and_the_rest_works(tmp_path: Path) -> None:
    (tmp_path / "drop").mkdir()
    write_config(tmp_path, x_section("http://127.0.0.1:9"), '[collectors.file]\npath = "drop"\n')
    done = run(tmp_path, "poll", "--once")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("x: bearer_token_env names X_BEARER_TOKEN, which is not set")
    assert sources(tmp_path)["file"]["state"] == "ok"


def test_a_token_is_in_no_log_at_any_level(tmp_path: Path) -> None:
    with FakeX(RealTime()) as world:  # type: ignore[arg-type]  # only asks for the time
        world.user("acme")
        world.post("acme", "our only one")
        write_config(tmp_path, x_section(world.url, poll_seconds=600))
        world.fail(Fault(path="/mentions", status=503, body=f"no {TOKEN} here".encode()))
        for level in ("debug", "info"):
            done = run(tmp_path, "poll", "--once", env=KEYS | {"STORMCONE_LOG_LEVEL": level})
            assert "Traceback" not in done.stderr
            assert TOKEN not in done.stdout + done.stderr
        assert world.keys == {TOKEN} or TOKEN in "".join(world.keys)


def test_status_says_what_was_spent_and_what_is_left_out_for_it(tmp_path: Path) -> None:
    with FakeX(RealTime()) as world:  # type: ignore[arg-type]  # only asks for the time
        world.user("acme")
        for n in range(20):
            world.post("acme", f"our number {n}")
        write_config(tmp_path, x_section(world.url), "cost_usd_per_month = 0.12\n")
        assert run(tmp_path, "poll", "--once", env=KEYS).returncode == 0
        x = sources(tmp_path)["x"]
        assert x["cost_this_month"] == round(x["billed_cost"], 6) == round(world.cost(), 6) == 0.115
        assert (x["cost_limit"], x["thrift"]) == (0.12, "sampled")


def test_doctor_asks_every_source_and_says_which_of_four_it_is(tmp_path: Path) -> None:
    with FakeX(RealTime()) as world, black_hole() as hole:  # type: ignore[arg-type]  # only asks for the time
        world.user("acme")
        hanging = f'[collectors.hackernews]\nbase_url = "{hole}"\ntimeout_seconds = 1\n'
        youtube = f'[collectors.youtube]\nbase_url = "{hole}"\nvideos = ["abcdefghijk"]\n'
        console = '[[channels]]\nid = "team"\ntype = "console"\n'
        write_config(tmp_path, x_section(world.url), hanging, youtube, console)
        lines = {}
        for fault in (None, Fault(status=403, times=10**6)):
            if fault is not None:
                world.fail(fault)
            done = run(tmp_path, "doctor", env=KEYS)
            assert done.returncode == 1
            lines[fault is None] = [line for line in done.stdout.splitlines() if "source " in line]
        told_well, told_badly = lines[True], lines[False]
        assert [line.split("  ")[0] for line in sorted(told_well)] == ["needs key", "ready", "unreachable"]
        assert "YOUTUBE_API_KEY" in "".join(told_well)
        assert any(line.startswith("refused") and "X_BEARER_TOKEN" in line for line in told_badly)
