from pathlib import Path

from tests.stormcone.cli.processes import run

SOUND = """
[[brand]]
name = "acme"
[collectors.file]
path = "."
[[channels]]
id = "team"
type = "console"
"""
HOOK = '[[channels]]\nid = "hook"\ntype = "webhook"\nurl_env = "HOOK_URL"\nsecret_env = "HOOK_KEY"\n'


def test_all_is_ready(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(SOUND, encoding="utf-8")
    (tmp_path / "rows.jsonl").touch()
    done = run(tmp_path, "doctor")
    assert (done.returncode, done.stderr) == (0, "")
    assert all(line.startswith("ready ") for line in done.stdout.splitlines())


def test_missing_secrets_are_named_and_present_ones_not_shown(tmp_path: Path) -> None:
    store = '[store]\nurl_env = "DB_URL"\n'
    (tmp_path / "config.toml").write_text(store + SOUND + HOOK, encoding="utf-8")
    done = run(tmp_path, "doctor", env={"HOOK_URL": "http://hook.example/planted-path"})
    assert (done.returncode, done.stderr) == (1, "")
    troubles = [line for line in done.stdout.splitlines() if line.startswith("not ready")]
    assert "database" in troubles[0]
    assert "DB_URL" in troubles[0]
    assert any("channel hook: " in line and "HOOK_KEY" in line for line in troubles)
    assert "planted-path" not in done.stdout


def test_a_source_that_is_off_is_named_with_what_it_needs_and_is_no_trouble(tmp_path: Path) -> None:
    off = "[collectors.x]\nenabled = false\n[collectors.hackernews]\nenabled = false\n"
    (tmp_path / "config.toml").write_text(SOUND + off, encoding="utf-8")
    (tmp_path / "rows.jsonl").touch()
    done = run(tmp_path, "doctor")
    assert done.returncode == 0
    lines = [line for line in done.stdout.splitlines() if line.startswith("off ")]
    assert len(lines) == 2
    assert "X_BEARER_TOKEN, which is not set" in lines[0]
    assert "needs key" not in lines[1]


def test_what_nothing_would_work_without_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[collectors.file]\npath = "none"\n', encoding="utf-8")
    done = run(tmp_path, "doctor")
    assert done.returncode == 1
    for words in ("no [[brand]]", "source file: ", "no [[channels]]"):
        assert words in done.stdout


def test_a_test_is_sent_over_every_channel_and_what_did_not_arrive_is_named(tmp_path: Path) -> None:
    closed = '[[channels]]\nid = "hook"\ntype = "webhook"\nurl = "http://127.0.0.1:9/x"\nallow_private = true\n'
    (tmp_path / "config.toml").write_text(SOUND + closed, encoding="utf-8")
    (tmp_path / "rows.jsonl").touch()
    first = run(tmp_path, "doctor", "--send-test")
    assert first.returncode == 1
    lines = {line.partition("  ")[2].strip(): line for line in first.stdout.splitlines()}
    (arrived,) = [line for line in lines.values() if "test over team" in line]
    (failed,) = [line for line in lines.values() if "test over hook" in line]
    assert arrived.startswith("ready ")
    assert "arrived; nothing was ever delivered over it before" in arrived
    assert failed.startswith("failed ")
    assert "the connection failed" in failed
    assert "TEST of Stormcone" in first.stdout + first.stderr
    again = run(tmp_path, "doctor", "--send-test")
    assert any("test over team: arrived; its last success was" in line for line in again.stdout.splitlines())


def test_without_being_asked_doctor_sends_nothing(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(SOUND, encoding="utf-8")
    (tmp_path / "rows.jsonl").touch()
    assert "TEST" not in run(tmp_path, "doctor").stdout
