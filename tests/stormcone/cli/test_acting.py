from pathlib import Path

import pytest

from stormcone.store import open_store
from tests.fakes import make_transition
from tests.stormcone.cli.processes import assert_one_line_error, json_lines, run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one open incident."""
    (tmp_path / "config.toml").touch()
    store = open_store(f"sqlite:///{tmp_path / 'stormcone.db'}")
    store.incidents.apply(make_transition(), notices_for=lambda _: ())
    store.close()
    return tmp_path


def exported(folder: Path, what: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json_lines(run(folder, "export", "--what", what, "--format", "jsonl").stdout)
    return found


def test_an_incident_is_taken_over_once(folder: Path) -> None:
    done = run(folder, "ack", "1", "--by", "ann")
    assert (done.returncode, done.stdout) == (0, "incident 1: acknowledged by ann\n")
    assert_one_line_error(run(folder, "ack", "1", "--by", "bob"), 2, "incident 1", "ann has acknowledged it already")
    (incident,) = exported(folder, "incidents")
    assert (incident["state"], incident["acknowledged_by"]) == ("ack", "ann")


def test_whoever_acts_has_a_name(folder: Path) -> None:
    assert_one_line_error(run(folder, "ack", "1", "--by", " "), 2, "--by", "say who")
    assert [each["state"] for each in exported(folder, "incidents")] == ["open"]


def test_a_decision_is_recorded_word_for_word_and_a_false_alarm_ends_the_incident(folder: Path) -> None:
    why = "half \udc80, \u202eturned"  # a byte that is no UTF-8 arrives as a lone surrogate
    assert run(folder, "decide", "1", "stand-by", "--by", "ann", "--why", why).returncode == 0
    assert run(folder, "decide", "1", "false_alarm", "--by", "ann").returncode == 0
    assert_one_line_error(run(folder, "decide", "1", "hold", "--by", "ann"), 2, "incident 1", "resolved")
    assert [(each["decision"], each["by"], each["why"]) for each in exported(folder, "decisions")] == [
        ("stand_by", "ann", "half \ufffd, \u202eturned"),
        ("false_alarm", "ann", ""),
    ]
    assert [each["state"] for each in exported(folder, "incidents")] == ["resolved"]


def test_an_incident_is_snoozed_for_a_while(folder: Path) -> None:
    done = run(folder, "snooze", "1", "--minutes", "30", "--by", "ann", "--why", "in a meeting")
    assert done.returncode == 0
    assert done.stdout.startswith("incident 1: snoozed by ann until 20")
    assert_one_line_error(run(folder, "snooze", "1", "--minutes", "999", "--by", "ann"), 2, "--minutes 999", "silence")
    assert_one_line_error(run(folder, "snooze", "9", "--minutes", "5", "--by", "ann"), 2, "incident 9")


def test_a_snooze_is_ended_before_its_time(folder: Path) -> None:
    run(folder, "snooze", "1", "--minutes", "30", "--by", "ann")
    done = run(folder, "snooze", "1", "--end", "--by", "bob")
    assert (done.returncode, done.stdout) == (0, "incident 1: snooze ended by bob\n")
    assert_one_line_error(run(folder, "snooze", "1", "--end", "--by", "bob"), 2, "nobody has asked for quiet")
    assert_one_line_error(run(folder, "snooze", "1", "--by", "bob"), 2, "give either --minutes or --end")
    assert_one_line_error(run(folder, "snooze", "1", "--minutes", "5", "--end", "--by", "bob"), 2, "give either")


def test_a_silence_is_kept_listed_and_lifted(folder: Path) -> None:
    kept = run(folder, "silence", "--kind", "praise", "--minutes", "60", "--by", "ann", "--why", "an award")
    assert kept.returncode == 0
    assert kept.stdout.startswith("silence 1: praise until 20")
    assert kept.stdout.endswith(", by ann: an award\n")
    assert run(folder, "silence", "--list").stdout == kept.stdout
    assert run(folder, "silence", "--lift", "1").returncode == 0
    assert run(folder, "silence", "--list").stdout == "no silence lasts\n"
    assert_one_line_error(run(folder, "silence", "--lift", "1"), 2, "silence 1", "none of that number")


def test_a_silence_says_what_whose_and_which_kind(folder: Path) -> None:
    assert_one_line_error(run(folder, "silence", "--by", "ann"), 2, "--brand", "--kind")
    assert_one_line_error(run(folder, "silence", "--kind", "praise"), 2, "--by", "say who")
    assert_one_line_error(run(folder, "silence", "--kind", "prase", "--by", "ann"), 2, "--kind", "praise")
    assert_one_line_error(run(folder, "silence", "--brand", "nobody", "--by", "ann"), 2, "--brand", "no such brand")
