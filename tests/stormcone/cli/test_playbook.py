"""`stormcone playbook` and `stormcone pause-queue` as commands, with a real scheduler on loopback."""

import json
from pathlib import Path

import pytest

from stormcone.journal import kept_line
from stormcone.models import Answer
from stormcone.store import open_store
from tests.alerts.schedulers import Scheduler
from tests.fakes import AT, make_transition
from tests.stormcone.cli.processes import assert_one_line_error, run

PHONE = "+358 40 5550199"
KEY = "planted-key-2f60"
CONFIG = f"""
[[brand]]
name = "acme"
time_zone = "Europe/Helsinki"
[playbook]
channel_for_help = "help.acme.example"
[[playbook.roles]]
role = "lead"
name = "Eeva"
phone = "{PHONE}"
note = "at night, too"
"""
PAUSE = """
[playbook.pause]
url_env = "QUEUE_URL"
secret_env = "QUEUE_KEY"
allow_private = true
timeout_seconds = 5
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one open incident on which a hold is advised."""
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    opened = make_transition()
    store = open_store(f"sqlite:///{tmp_path / 'stormcone.db'}")
    store.incidents.apply(opened, notices_for=lambda _: (), verdict_json=kept_line(opened))
    store.close()
    return tmp_path


def answer_cause(folder: Path, *words: str) -> None:
    store = open_store(f"sqlite:///{folder / 'stormcone.db'}")
    for word in words:
        store.answers.put(Answer(incident_id=1, at=AT, fact="cause", value_json=json.dumps(word), by="Ann"))
    store.close()


def test_statements_steps_and_people_are_printed(folder: Path) -> None:
    done = run(folder, "playbook", "1")
    assert done.returncode == 0
    assert done.stderr == ""
    assert "We see the criticism: [...]." in done.stdout
    assert "[...] is for a person to fill: next_update" in done.stdout
    assert "STEPS for hold (times of Europe/Helsinki)" in done.stdout
    assert "[ ] by 02 Mar 14:15, late: lead (Eeva): Find out what happened" in done.stdout
    assert f"1. lead: Eeva, {PHONE} (at night, too)" in done.stdout


def test_a_statement_is_printed_in_the_language_asked_for(folder: Path) -> None:
    assert "Látjuk a kritikát: [...]." in run(folder, "playbook", "1", "--language", "hu").stdout
    assert "Näemme kritiikin: [...]." in run(folder, "playbook", "1", "--language", "fi").stdout
    assert_one_line_error(run(folder, "playbook", "1", "--language", "sv"), 2, "'sv'", "en, fi, hu")


def test_a_cause_that_a_person_named_brings_its_statement(folder: Path) -> None:
    assert "Somebody else has posted from our account (x)." in run(folder, "playbook", "1", "--cause", "hacked").stdout
    answer_cause(folder, "leak", "hacked")
    answered = run(folder, "playbook", "1").stdout
    assert "Somebody else has posted" in answered
    assert "STEPS for secure account" in answered
    answer_cause(folder, "unknown")
    assert "Somebody else has posted" not in run(folder, "playbook", "1").stdout
    assert_one_line_error(run(folder, "playbook", "1", "--cause", "sabotage"), 2, "--cause 'sabotage'", "hacked")


def test_an_incident_that_is_none_is_told(folder: Path) -> None:
    assert_one_line_error(run(folder, "playbook", "9"), 2, "incident 9")


def test_without_a_scheduler_one_line_says_what_to_set(folder: Path) -> None:
    done = run(folder, "pause-queue", "1", "--by", "ann", "--why", "find out")
    assert_one_line_error(done, 2, "playbook.pause.url_env", "give url_env and secret_env")


def test_a_person_pauses_and_resumes_the_queue(folder: Path) -> None:
    (folder / "config.toml").write_text(CONFIG + PAUSE, encoding="utf-8")
    with Scheduler(200, 200, 403) as scheduler:
        env = {"QUEUE_URL": scheduler.url, "QUEUE_KEY": KEY, "STORMCONE_LOG_LEVEL": "debug"}
        paused = run(folder, "pause-queue", "1", "--by", "ann", "--why", "find out", env=env)
        resumed = run(folder, "pause-queue", "1", "--resume", "--by", "ann", "--why", "over", env=env)
        refused = run(folder, "pause-queue", "1", "--by", "ann", "--why", "again", env=env)
    assert (paused.returncode, resumed.returncode) == (0, 0)
    assert paused.stdout.startswith("incident 1: pause the queue: accepted")
    assert resumed.stdout.startswith("incident 1: resume the queue: accepted")
    assert refused.returncode == 1
    assert "incident 1: pause the queue: refused (the receiver answered 403" in refused.stderr
    assert [json.loads(body)["event"] for _, body in scheduler.requests] == [
        "pause_queue",
        "resume_queue",
        "pause_queue",
    ]
    told = "".join(each.stdout + each.stderr for each in (paused, resumed, refused))
    assert "planted" not in told
    assert PHONE not in told


def test_whoever_pauses_the_queue_says_why(folder: Path) -> None:
    (folder / "config.toml").write_text(CONFIG + PAUSE, encoding="utf-8")
    with Scheduler() as scheduler:
        env = {"QUEUE_URL": scheduler.url, "QUEUE_KEY": KEY}
        done = run(folder, "pause-queue", "1", "--by", "ann", "--why", " ", env=env)
    assert_one_line_error(done, 2, "--why", "say why")
    assert scheduler.requests == []
