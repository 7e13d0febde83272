import json
from dataclasses import replace
from pathlib import Path

import pytest

from stormcone.models import Fading, LastingShift, Level, Recovery, RecoveryRecord, Shift, Standing, State
from stormcone.store import open_store
from tests.fakes import at, make_incident, make_transition
from tests.stormcone.cli.processes import assert_one_line_error, json_lines, run

ENDED = at(120)
RECORD = RecoveryRecord(
    incident_id=1,
    ended_at=ENDED,
    measured_at=at(200),
    ask_again_at=None,
    history=0,
    recovery=Recovery(
        peak_at=at(30),
        peak_per_minute=22.5,
        usual_per_minute=2.0,
        to_half=Fading(minutes=95.0, standing=Standing.KNOWN),
        to_baseline=Fading(minutes=None, standing=Standing.LONGER),
        shifts=(
            LastingShift(
                days=7,
                change=Shift(before=0.25, after=0.125, change=-0.125, low=-0.25, high=0.0),
                standing=Standing.KNOWN,
            ),
            LastingShift(days=30, change=None, standing=Standing.NOT_YET),
        ),
    ),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a measured incident, one that waits, a watch, a false alarm, and one that goes on."""
    (tmp_path / "config.toml").touch()
    store = open_store(f"sqlite:///{tmp_path / 'stormcone.db'}")
    ended = make_incident(State.RESOLVED, resolved_at=ENDED)
    for number, incident in enumerate(
        [
            ended,
            replace(ended, brand="a\u202ecme\n2", level=Level.WARN, resolved_at=at(150)),
            replace(ended, level=Level.WATCH),
            replace(ended, is_false_alarm=True),
            make_incident(),
        ]
    ):
        transition = make_transition(replace(incident, post=("x", str(number))))
        store.incidents.apply(transition, notices_for=lambda _: ())
    store.recoveries.save(RECORD)
    store.close()
    return tmp_path


def test_storms_that_ended_are_told_a_line_each(folder: Path) -> None:
    done = run(folder, "recovery")
    assert done.returncode == 0
    first, second = done.stdout.splitlines()
    assert first == (
        "incident 1  acme  page  ended 2026-03-02T14:00:00Z  half after 95 min  usual longer  "
        "7 d -0.12 (-0.25 to +0.00, no lasting shift)  30 d not yet"
    )
    assert second == "incident 2  acme 2  warn  ended 2026-03-02T14:30:00Z  not measured"


def test_machines_are_told_every_figure_and_every_standing(folder: Path) -> None:
    first, second = json_lines(run(folder, "recovery", "--json").stdout)
    assert (first["incident"], first["to_half"]) == (1, {"minutes": 95.0, "standing": "known"})
    assert first["to_baseline"] == {"minutes": None, "standing": "longer"}
    assert (first["peak_at"], first["peak_per_minute"]) == ("2026-03-02T12:30:00Z", 22.5)
    seven, thirty = first["net_sentiment"]
    assert (seven["change"], seven["low"], seven["high"], seven["is_lasting"]) == (-0.125, -0.25, 0.0, False)
    assert thirty == {"days": 30, "standing": "not yet"}
    assert second["measured_at"] is None
    assert "to_half" not in second


def test_one_incident_can_be_asked_for(folder: Path) -> None:
    (line,) = run(folder, "recovery", "--incident", "1", "--json").stdout.splitlines()
    assert json.loads(line)["incident"] == 1
    (watch,) = run(folder, "recovery", "--incident", "3").stdout.splitlines()
    assert watch.endswith("not measured")
    assert_one_line_error(run(folder, "recovery", "--incident", "5"), 2, "incident 5", "after its end")
    assert_one_line_error(run(folder, "recovery", "--incident", "99"), 2, "incident 99", "there is none")


def test_no_storm_is_no_line(tmp_path: Path) -> None:
    (tmp_path / "config.toml").touch()
    done = run(tmp_path, "recovery", "--json")
    assert (done.returncode, done.stdout) == (0, "")
