"""`stormcone score`: one line out for each row in, whatever the rows hold."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from stormcone.cli.main import app

KEYS = {"lang", "p_negative", "p_neutral", "p_positive", "compound", "hostility", "cues", "confidence", "scorer"}


def run(*arguments: str | Path, stdin: bytes | None = None) -> Any:
    return CliRunner().invoke(app, ["score", *map(str, arguments)], input=stdin)


def scored(*arguments: str | Path, stdin: bytes | None = None) -> list[dict[str, Any]]:
    ran = run(*arguments, "--json", stdin=stdin)
    assert ran.exit_code == 0, ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]


def test_json_lines_keep_their_order_and_their_tags(tmp_path: Path) -> None:
    rows = [
        {"text": "I love it"},
        {"text": ""},
        {"text": "awful", "lang": "en", "platform": "x"},
        {"text": "kamala", "lang": "fi"},
    ]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    found = scored(tmp_path / "in.jsonl")
    assert [each["lang"] for each in found][2:] == ["en", "fi"]
    assert all(set(each) == KEYS for each in found)
    assert [each["compound"] is None for each in found] == [False, True, False, True]
    assert found[0]["p_positive"] > 0.5 > found[2]["p_positive"]
    assert all(each["p_negative"] + each["p_neutral"] + each["p_positive"] == pytest.approx(1) for each in found)


def test_column_of_a_csv_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text('id,body,lang\n1,"Delete this, now",en\n2,"",en\n3,lovely,\n', encoding="utf-8")
    found = scored(tmp_path / "in.csv", "--text-column", "body")
    assert [each["cues"] for each in found] == [["delete this"], [], []]
    ran = run(tmp_path / "in.csv")
    assert ran.exit_code != 0
    assert "--text-column" in str(ran.exception)
    assert "id, body, lang" in str(ran.exception)


def test_post_that_is_answered_is_read_beside_the_text() -> None:
    row = {"text": '"powering tomorrow", they said', "lang": "en", "post": "Powering tomorrow, together"}
    found = scored("-", stdin=json.dumps(row).encode())
    assert "quotes the post" in found[0]["cues"]


def test_bare_lines_and_standard_input_are_texts() -> None:
    assert len(scored("-", stdin=b"delete this\n\nlovely\n")) == 3


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x" * 1_000_000,
        "\x00",
        "\ud800",
        "\u202eabc\u2066",
        "привет hello 你好",
        "https://example.com/1",
        "😂" * 10_000,
    ],
)
def test_hostile_text_is_a_valid_line(text: str) -> None:
    found = scored("-", stdin=(json.dumps({"text": text}) + "\n").encode())
    assert len(found) == 1
    assert 0 <= found[0]["hostility"] <= 1


def test_row_that_cannot_be_read_keeps_its_place_and_is_named() -> None:
    ran = run("-", "--json", stdin=b'{"text": "a fine day"}\nnonsense\n{"txt": 1}\n')
    assert [json.loads(line)["confidence"] for line in ran.stdout.splitlines()][1:] == ["none", "none"]
    assert "standard input line 2: is no JSON" in ran.stderr
    assert "standard input line 3: has no text" in ran.stderr


def test_a_reader_is_told_in_words_and_never_shown_the_text() -> None:
    ran = run("-", stdin=b"\x1b[31m delete this\n")
    assert "hostility" in ran.stdout
    assert "delete this)" in ran.stdout
    assert "\x1b" not in ran.stdout


def test_scores_do_not_depend_on_the_rows_around(tmp_path: Path) -> None:
    texts = ["ratio", "Ez nagyon gáz volt tőletek, szégyen", "lol", "wow"]
    together = scored("-", stdin="".join(json.dumps({"text": text}) + "\n" for text in texts).encode())
    for text, each in zip(texts, together, strict=True):
        alone = scored("-", stdin=io.BytesIO(json.dumps({"text": text}).encode()).read())[0]
        assert (alone["lang"], alone["cues"]) == (each["lang"], each["cues"])
        assert alone["hostility"] == pytest.approx(each["hostility"], abs=1e-5)
