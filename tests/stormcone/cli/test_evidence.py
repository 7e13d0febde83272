"""`stormcone answer` and `stormcone evidence`, as a team uses them on an incident."""

import json
import zipfile
from pathlib import Path

import pytest

from stormcone.acting import Acting
from stormcone.clock import ManualClock
from stormcone.config import Config
from stormcone.models import Batch, Facts, Kind, Moment
from stormcone.store import open_store
from tests.fakes import (
    AT,
    make_incident,
    make_mention,
    make_own_post,
    make_scored,
    make_transition,
    make_verdict,
)
from tests.stormcone.cli.processes import assert_one_line_error, run

CONFIG = """
[store]
url = "sqlite:///stormcone.db"
[[brand]]
name = "acme"
"""


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A folder with settings and one serious incident on an own post, opened as the watcher does."""
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    store = open_store("sqlite:///stormcone.db", folder=str(tmp_path))
    said = [make_own_post(text="our new product"), *(make_mention(str(n), text=f"shame {n}") for n in range(5))]
    store.mentions.save([make_scored(each) for each in said], Batch())
    facts = Facts(severity=4, kind=Kind.BACKLASH)
    opened = make_transition(make_incident(), Moment.OPENED, verdict=make_verdict(facts=facts))
    Acting(config=Config(), store=store, clock=ManualClock(AT)).apply(opened)
    store.close()
    return tmp_path


def test_answers_change_the_advice_and_evidence_is_sealed_before_a_removal(kept: Path) -> None:
    first = run(kept, "answer", "1", "cause", "offensive_or_tone_deaf", "--by", "Ann")
    assert (first.returncode, first.stderr) == (0, "")
    assert "advice: respond within 60 minutes" in first.stdout
    second = run(kept, "answer", "1", "harm_to_people", "true", "--by", "Bob")
    assert "advice: delete_with_notice within 60 minutes" in second.stdout
    assert run(kept, "evidence", "1", "--out", "case.zip").returncode == 0
    with zipfile.ZipFile(kept / "case.zip") as bundle:
        records = json.loads(bundle.read("records.json"))
    assert [each["why"] for each in records] == ["opened", "removal_advised", "asked"]
    opened = records[0]["items"]
    assert {"own_post", "counts", "incident", "reply"} <= {each["sort"] for each in opened}


def test_a_bundle_is_whole_until_somebody_touches_it(kept: Path) -> None:
    assert run(kept, "evidence", "1", "--out", "whole.zip").returncode == 0
    whole = run(kept, "evidence", "--verify", "whole.zip")
    assert whole.returncode == 0
    assert "whole" in whole.stdout
    assert "made here" in whole.stdout
    with zipfile.ZipFile(kept / "whole.zip") as bundle, zipfile.ZipFile(kept / "forged.zip", "w") as forged:
        for name in bundle.namelist():
            content = bundle.read(name)
            forged.writestr(name, content.replace(b'"decision"', b'"Decision"') if name == "report.html" else content)
        forged.writestr("more.txt", "a word")
    found = run(kept, "evidence", "--verify", "forged.zip")
    assert found.returncode == 1
    assert "more.txt: was added" in found.stderr
    assert "TAMPERED WITH" in found.stderr


def test_where_no_settings_are_the_bundle_alone_is_checked(kept: Path) -> None:
    run(kept, "evidence", "1", "--out", "alone.zip")
    away = kept / "away"
    away.mkdir()
    (away / "alone.zip").write_bytes((kept / "alone.zip").read_bytes())
    alone = run(away, "evidence", "--verify", "alone.zip")
    assert alone.returncode == 0
    assert "no database was asked" in alone.stdout


def test_wrong_use_is_one_line(kept: Path) -> None:
    assert_one_line_error(run(kept, "evidence"), 2, "--out")
    assert_one_line_error(run(kept, "evidence", "99", "--out", "x.zip"), 2, "incident 99")
    assert_one_line_error(run(kept, "evidence", "--verify", "nowhere.zip"), 2, "nowhere.zip")
    assert_one_line_error(run(kept, "answer", "1", "cause", "boredom", "--by", "Ann"), 2, "cause")
    assert_one_line_error(run(kept, "answer", "1", "press", "perhaps", "--by", "Ann"), 2, "press")
    (kept / "there.zip").write_bytes(b"mine")
    assert_one_line_error(run(kept, "evidence", "1", "--out", "there.zip"), 2, "never overwritten")
    assert (kept / "there.zip").read_bytes() == b"mine"
