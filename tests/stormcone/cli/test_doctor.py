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


def test_what_nothing_would_work_without_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[collectors.file]\npath = "none"\n', encoding="utf-8")
    done = run(tmp_path, "doctor")
    assert done.returncode == 1
    for words in ("no [[brand]]", "source file: ", "no [[channels]]"):
        assert words in done.stdout
