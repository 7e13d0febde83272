"""The runner with small real processes in place of the command, each of which says what a replay would say."""

import json
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dashboard.backtest_runner import BacktestRunner, Question, Run, Stage
from stormcone.journal import transition_line
from stormcone.models import Level
from tests.fakes import make_incident, make_transition

SINCE = datetime(2026, 3, 1, tzinfo=UTC)
QUESTION = Question(brand="-acme", since=SINCE, until=SINCE + timedelta(days=7), budget=0.5)
PAGE = transition_line(make_transition(make_incident(level=Level.PAGE, id=1)))
SUMMARY = json.dumps({"summary": {"mentions": 12}})
PROGRESS = json.dumps({"progress": {"done": 3, "of": 12, "at": "2026-03-02T00:00:00Z"}})
STAYS = "import time; time.sleep(60)"  # of the child, which is killed long before
WAIT_SECONDS = 20.0


def runner(*lines: str, errors: tuple[str, ...] = (), then: str = "", most_seconds: float = 60) -> BacktestRunner:
    """Return a runner whose process prints these lines, to standard error first, and then does something."""
    said = f"sys.stderr.write({_text(errors)!r}); sys.stdout.write({_text(lines)!r}); sys.stdout.flush()"
    return BacktestRunner([sys.executable, "-c", f"import sys; {said}; {then}"], most_seconds=most_seconds)


def _text(lines: tuple[str, ...]) -> str:
    return "".join(f"{line}\n" for line in lines)


def wait(runs: BacktestRunner, run: Run | None, until: Callable[[Run], bool] = lambda _: False) -> Run:
    """Return the run once it holds `until`, or is over."""
    assert run is not None
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end:
        found = runs.look(run.key)
        assert found is not None
        if until(found) or (found.stage is not Stage.RUNNING and runs.current is None):
            return found
        threading.Event().wait(0.02)
    raise AssertionError("the run is not over")


def test_an_answer_is_read_from_the_lines_of_a_replay() -> None:
    runs = runner(PAGE, SUMMARY, errors=(PROGRESS,))
    done = wait(runs, runs.start(QUESTION))
    assert (done.stage, done.mentions, done.done, done.of) == (Stage.DONE, 12, 3, 12)
    assert [each.level for each in done.incidents] == [Level.PAGE]
    assert done.at == datetime(2026, 3, 2, tzinfo=UTC)


def test_the_question_stands_on_the_command_line_word_by_word(tmp_path: Path) -> None:
    heard = tmp_path / "heard.json"
    script = f"import sys, json; open({str(heard)!r}, 'w').write(json.dumps(sys.argv[1:])); print({SUMMARY!r})"
    runs = BacktestRunner([sys.executable, "-c", script])
    assert wait(runs, runs.start(QUESTION)).stage is Stage.DONE
    assert json.loads(heard.read_text()) == [
        "--brand=-acme",
        "--since=2026-03-01T00:00:00Z",
        "--until=2026-03-08T00:00:00Z",
        "--false-pages-per-month=0.5",
    ]


def test_one_plays_at_a_time_and_cancelling_makes_room() -> None:
    runs = runner(then=STAYS, errors=(PROGRESS,))
    first = runs.start(QUESTION)
    assert runs.start(QUESTION) is None
    assert wait(runs, first, lambda run: run.done == 3).stage is Stage.RUNNING
    assert first is not None
    runs.cancel("another key")
    assert runs.current is not None
    runs.cancel(first.key)
    assert wait(runs, first).stage is Stage.CANCELLED
    second = runs.start(QUESTION)
    runs.close()
    assert wait(runs, second).stage is Stage.CANCELLED


def test_what_takes_too_long_is_ended() -> None:
    runs = runner(then=STAYS, most_seconds=0.2)
    assert wait(runs, runs.start(QUESTION)).stage is Stage.TOO_LONG


@pytest.mark.parametrize(
    ("runs", "reason"),
    [
        (runner(errors=(PROGRESS, "stormcone: the disk is full"), then="sys.exit(1)"), "the disk is full"),
        (runner(then="sys.exit(3)"), "it ended without a word"),
        (runner(PAGE), "it ended without a word"),
        (runner("no line of a replay", then=STAYS), "no line of a replay"),
        (BacktestRunner(["/nowhere/at/all"]), "cannot be started"),
    ],
)
def test_what_fails_says_why_in_one_line(runs: BacktestRunner, reason: str) -> None:
    failed = wait(runs, runs.start(QUESTION))
    assert failed.stage is Stage.FAILED
    assert reason in failed.reason
    assert "\n" not in failed.reason


def test_old_answers_make_room_for_new_ones() -> None:
    runs = BacktestRunner(["/nowhere/at/all"])
    keys = []
    for _ in range(20):
        run = runs.start(QUESTION)
        assert run is not None
        keys.append(run.key)
        wait(runs, run)
    assert [runs.look(key) is not None for key in (keys[0], keys[-1])] == [False, True]
