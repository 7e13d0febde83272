"""`stormcone check`: one draft or many, one line out for each line in, and bad lines by name."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from stormcone.cli.main import app

CONFIG = """
[[brand]]
name = "harbour"
[brand.profile]
industry = "arms"
controversies = ["civilian deaths"]
"""
CALL = "Do you have a great picture of one of our products? Tag us"


def run(*arguments: str | Path, stdin: str | None = None) -> Any:
    return CliRunner().invoke(app, ["check", *map(str, arguments)], input=stdin)


@pytest.fixture(autouse=True)
def _no_settings_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("STORMCONE_CONFIG", raising=False)


def test_one_draft_needs_no_settings() -> None:
    said = json.loads(run("Hi [FIRST NAME]", "--brand", "harbour", "--json").stdout)
    assert said["advice"] == "do_not_post"
    assert said["flags"][0]["category"] == "placeholder"
    assert said["flags"][0]["span"] == [3, 15]
    assert "id" not in said


def test_profile_of_the_brand_comes_from_the_settings(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    known = json.loads(run(CALL, "--brand", "harbour", "--json").stdout)
    other = json.loads(run(CALL, "--brand", "elsewhere", "--json").stdout)
    assert known["flags"][0]["category"] == "solicits_ugc_on_controversy"
    assert other["advice"] == "post"


def test_draft_overrides_the_profile_key_by_key(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    rows = [
        {"text": CALL, "brand": "harbour", "profile": {"industry": "food", "controversies": []}},
        {"text": CALL, "brand": "harbour", "profile": {"industry": "food"}},
    ]
    ran = run("--from", "-", "--json", stdin="".join(json.dumps(row) + "\n" for row in rows))
    assert [json.loads(line)["advice"] for line in ran.stdout.splitlines()] == ["post", "do_not_post"]


def test_options_reach_the_rules() -> None:
    dated = run("Our prices come crashing down", "--at", "2026-09-11T12:00:00Z", "--json")
    answered = run("Whatever. Learn to read.", "--reply-to", "My parcel is late", "--role", "support", "--json")
    newsy = run("Earth-shaking prices", "--news", "Sports results", "--news", "Earthquake kills 300", "--json")
    assert json.loads(dated.stdout)["flags"][0]["category"] == "sensitive_date"
    assert json.loads(answered.stdout)["flags"][0]["category"] == "offensive_reply"
    assert json.loads(newsy.stdout)["flags"][0]["category"] == "newsjacking_tragedy"


def test_lines_keep_order_and_id_and_bad_ones_are_named(tmp_path: Path) -> None:
    lines = [
        '{"text": "fine", "id": "a", "colour": "red"}',
        "{broken",
        '{"id": "c"}',
        '{"text": "x", "id": "d", "role": "boss"}',
        '{"text": "x", "profile": {"industry": "bnak"}}',
        '{"text": "x", "at": "soon"}',
        '{"text": "x", "news": [3]}',
        '{"text": "x", "automated": "yes"}',
        "[]",
        '{"text": "Lorem ipsum", "id": {"n": 1}, "lang": null}',
    ]
    (tmp_path / "drafts.jsonl").write_text("\n".join(lines), encoding="utf-8")
    ran = run("--from", tmp_path / "drafts.jsonl", "--json")
    said = [json.loads(line) for line in ran.stdout.splitlines()]
    assert ran.exit_code == 1
    assert len(said) == len(lines)
    assert [each["advice"] for each in said] == ["post", *[None] * 8, "do_not_post"]
    assert (said[0]["id"], said[2]["id"], said[-1]["id"]) == ("a", "c", {"n": 1})
    named = ran.stderr.splitlines()
    assert [line.split(":")[0] for line in named] == [f"drafts.jsonl line {number}" for number in range(2, 10)]
    assert "did you mean bank?" in named[3]


def test_person_reads_what_to_do_and_why() -> None:
    ran = run("Hi [FIRST NAME]")
    assert ran.stdout.startswith("Do not post this (risk 0.90)")
    assert "[FIRST NAME]" in ran.stdout
    assert run("Good morning").stdout == "Fine to post (risk 0.00)\n"


def test_hostile_lines_come_out_as_json() -> None:
    rows = [r'{"text": "\ud800 we know where you live \u0000", "id": "\ud800"}', json.dumps({"text": "#" * 1_000_000})]
    ran = run("--from", "-", "--json", stdin="\n".join(rows))
    assert ran.exit_code == 0
    first = json.loads(ran.stdout.splitlines()[0])
    assert first["id"] == "\ud800"
    assert first["flags"][0]["category"] == "threat_harassment_doxxing"


@pytest.mark.parametrize("arguments", [(), ("text", "--from", "-"), ("text", "--role", "boss")])
def test_wrong_use_is_refused(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code != 0
