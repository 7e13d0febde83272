import subprocess
import sys
from pathlib import Path

import pytest

from stormcone import __version__
from tests.stormcone.cli.processes import (
    COMMAND,
    assert_one_line_error,
    environment,
    make_row,
    run,
    start_anew,
    write_rows,
)


def test_version_is_printed(tmp_path: Path) -> None:
    done = start_anew(tmp_path, "--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{__version__}\n", "")


def test_no_command_is_answered_with_the_list_of_commands(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert done.returncode == 2
    assert [name for name in ("watch", "replay", "import", "doctor") if name not in done.stdout] == []


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["wach"], ["wach"]),
        (["import"], ["files"]),
        (["watch", "--for", "soon"], ["--for"]),
        (["export", "--what", "everything"], ["--what", "mentions"]),
        (["status", "--jason"], ["--jason"]),
        (["ack", "none", "--by", "ann"], ["incident"]),
        (["demo", "--drill", "flood"], ["flood", "arms-photo-day"]),
    ],
    ids=" ".join,
)
def test_wrong_use_is_one_line_and_exit_code_2(tmp_path: Path, words: list[str], names: list[str]) -> None:
    assert_one_line_error(run(tmp_path, *words), 2, *names)


def test_a_wrong_log_level_is_one_line(tmp_path: Path) -> None:
    done = run(tmp_path, "status", env={"STORMCONE_LOG_LEVEL": "loud"})
    assert_one_line_error(done, 2, "STORMCONE_LOG_LEVEL", "loud", "debug")


def test_a_reader_who_has_had_enough_is_no_error(tmp_path: Path) -> None:
    rows = write_rows(tmp_path / "rows.jsonl", (make_row(str(n)) for n in range(2)))
    with subprocess.Popen(
        [*COMMAND, "replay", str(rows), "--json"],
        env=environment(),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert (process.stderr.read(), process.wait(30)) == ("", 0)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_output_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    rows = write_rows(tmp_path / "rows.jsonl", [make_row()])
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*COMMAND, "replay", str(rows)],
            env=environment(),
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert_one_line_error(subprocess.CompletedProcess(COMMAND, done.returncode, "", done.stderr), 1, "standard output")


def test_any_terminal_takes_any_text(tmp_path: Path) -> None:
    rows = write_rows(tmp_path / "rows.jsonl", [make_row(brand="caf\u00e9 \U0001f409")])
    done = start_anew(tmp_path, "replay", rows, "--json", env={"PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, "")


def test_a_bug_is_one_line_too(tmp_path: Path) -> None:
    runner = tmp_path / "runner.py"
    runner.write_text(
        "from stormcone.cli.main import app, main\n"
        "def broken(): raise ZeroDivisionError('one\\ntwo')\n"
        "app.command('broken')(broken)\n"
        "main()\n",
        encoding="utf-8",
    )
    done = start_anew(tmp_path, "broken", command=[sys.executable, str(runner)])
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "ZeroDivisionError" in done.stderr
