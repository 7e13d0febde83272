"""`stormcone advise` to the letter: one line out for each object in, bad lines named, the good ones answered."""

import json
from pathlib import Path

from tests.stormcone.cli.processes import assert_one_line_error, json_lines, run

LEAK = {"brand": "Acme", "cause": "leak", "severity": 3}


def test_each_object_gets_a_line_in_its_order(tmp_path: Path) -> None:
    (tmp_path / "facts.jsonl").write_text("\n".join(map(json.dumps, [LEAK, {"kind": "praise"}])), encoding="utf-8")
    done = run(tmp_path, "advise", "facts.jsonl", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    leak, praise = json_lines(done.stdout)
    assert set(leak) == {"action", "also", "within_minutes", "because", "precedents", "avoid", "ask"}
    assert (leak["action"], leak["within_minutes"], leak["because"][0]["rule"]) == ("delete_with_notice", 15, "leak")
    assert "legal_hold" in leak["ask"]
    assert (praise["action"], praise["also"], praise["within_minutes"]) == ("none", [], 0)


def test_a_bad_line_is_named_and_the_others_are_answered(tmp_path: Path) -> None:
    lines = f'{json.dumps(LEAK)}\n{{"severity": 9}}\n\nnonsense\n{json.dumps(LEAK)}\n'
    (tmp_path / "facts.jsonl").write_text(lines, encoding="utf-8")
    done = run(tmp_path, "advise", "facts.jsonl", "--json")
    assert done.returncode == 1
    assert len(json_lines(done.stdout)) == 2
    first, second = done.stderr.splitlines()
    assert first.startswith("facts.jsonl line 2: severity = 9: ")
    assert second.startswith("facts.jsonl line 4: ")


def test_people_read_reasons_sources_and_what_would_change_it(tmp_path: Path) -> None:
    (tmp_path / "facts.json").write_text(json.dumps({"brand": "Acme", "severity": 4}), encoding="utf-8")
    told = run(tmp_path, "advise", "facts.json").stdout
    assert told.startswith("Acme: hold within 30 minutes, also prepare statement")
    assert "because   Severity 4" in told
    assert "ask       cause: " in told
    assert "hacked or inappropriate like would make it secure account" in told


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    assert_one_line_error(run(tmp_path, "advise", "nowhere.json"), 2, "nowhere.json")
