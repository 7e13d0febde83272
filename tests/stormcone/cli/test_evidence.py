"""`stormcone answer` and `stormcone evidence`, as a team uses them on the incident of a drill."""

import json
import zipfile
from pathlib import Path

import pytest

from tests.stormcone.cli.processes import assert_one_line_error, run


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a drill that was played to its end."""
    folder = tmp_path_factory.mktemp("drill")
    done = run(folder, "demo", "--no-dashboard", "--for", "8", "--drill", "arms-photo-day", "--keep", "kept")
    assert done.returncode == 0, done.stderr
    return folder / "kept"


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


def test_where_no_settings_are_the_bundle_alone_is_checked(kept: Path, tmp_path: Path) -> None:
    run(kept, "evidence", "1", "--out", "alone.zip")
    (tmp_path / "alone.zip").write_bytes((kept / "alone.zip").read_bytes())
    alone = run(tmp_path, "evidence", "--verify", "alone.zip")
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
