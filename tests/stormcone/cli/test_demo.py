import json
import time
import tomllib
from contextlib import ExitStack
from pathlib import Path

from tests.stormcone.cli.processes import assert_one_line_error, json_lines, run, running, wait_for

HARMLESS = ("praise-hit", "one-angry-troll", "calm-week")


def test_a_storm_is_played_through_resolved_in_the_time_given(tmp_path: Path) -> None:
    began = time.monotonic()
    done = run(tmp_path, "demo", "--no-dashboard", "--for", "12", "--drill", "arms-photo-day", "--keep", "kept")
    assert (done.returncode, done.stderr) == (0, "")
    assert 11.5 <= time.monotonic() - began < 12 + 30  # start-up, on a busy machine
    states = [line for line in done.stdout.splitlines() if " state=" in line]
    assert "".join(states).count(" state=open level=page backlash ") >= 1
    assert any(" state=resolved level=page " in line for line in states)
    assert " | because " in states[0]
    assert " | advice: " in states[0]
    assert "notice=page event=" in done.stdout
    _check_kept(tmp_path)


def _check_kept(folder: Path) -> None:
    """Files that were kept answer questions later, and are not overwritten."""
    kept = folder / "kept"
    brand = tomllib.loads((kept / "config.toml").read_text(encoding="utf-8"))["brand"][0]["name"]
    assert (kept / "stormcone.log").exists()
    status = json.loads(run(kept, "status", "--json").stdout)
    assert [each["brand"] for each in status["brands"]] == [brand]
    assert status["watcher"] is None
    incidents = json_lines(run(kept, "export", "--what", "incidents", "--format", "jsonl").stdout)
    assert ("resolved", "page") in {(each["state"], each["level"]) for each in incidents}
    assert_one_line_error(run(folder, "demo", "--no-dashboard", "--keep", "kept"), 1, "kept", "empty folder")


def test_what_is_no_storm_pages_nobody(tmp_path: Path) -> None:
    with ExitStack() as stack:
        playing = {}
        for name in HARMLESS:
            folder = tmp_path / name
            folder.mkdir()
            words = ["demo", "--no-dashboard", "--for", "8", "--drill", name]
            playing[folder] = stack.enter_context(running(folder, *words))
        wait_for(lambda: all(process.poll() is not None for process in playing.values()), "the end", seconds=60)
    for folder, process in playing.items():
        output = (folder / "out.0.txt").read_text(encoding="utf-8")
        assert process.returncode == 0
        assert f"drill {folder.name}: " in output
        assert "level=page" not in output
        assert "notice=page" not in output


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert_one_line_error(run(tmp_path, "demo", "--no-dashboard", "--keep", "file/kept"), 1, "file/kept", "another")
