"""The language benchmark as a command: what it prints for invented files, and one clear line where there are none."""

import csv
import gzip
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

RIGHT = [
    ("I have been waiting for my parcel since last week", "en"),
    ("Egy hete várok a csomagomra, és senki sem válaszol", "hu"),
    ("Olen odottanut pakettiani viikon eikä kukaan vastaa", "fi"),
]


def write(path: Path, rows: Sequence[tuple[str, str]]) -> None:
    with gzip.open(path, "wt", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["text", "lang", "label"])
        writer.writerows((text, lang, "negative") for text, lang in rows)


def test_figures_are_those_of_the_files(run_benchmark: Callable[..., Any], tmp_path: Path) -> None:
    write(tmp_path / "xed_val.csv.gz", RIGHT)
    write(tmp_path / "umsab_val.csv.gz", [*RIGHT[:1], (RIGHT[1][0], "en"), ("هذا عار عليكم جميعا", "ar"), ("x", "hi")])
    ran = run_benchmark("languages", "--data", tmp_path, "--rounds", 1, "--json")
    assert ran.status == 0
    first = {told["texts"]: told for told in ran.figures["results"] if told["package"] == _best(ran.figures)}
    assert first["subtitles"]["right"] == 1.0
    assert first["subtitles"]["by_language"] == {"en": 1.0, "fi": 1.0, "hu": 1.0}
    assert first["posts, configured"]["right"] == 0.5
    assert first["posts, not configured"]["count"] == 1


def test_wrong_names_end_with_one(run_benchmark: Callable[..., Any], tmp_path: Path) -> None:
    write(tmp_path / "xed_val.csv.gz", [(text, "pl") for text, _ in RIGHT])
    write(tmp_path / "umsab_val.csv.gz", RIGHT)
    assert run_benchmark("languages", "--data", tmp_path, "--rounds", 1).status == 1


def test_missing_files_are_named_in_one_line(run_benchmark: Callable[..., Any], tmp_path: Path) -> None:
    ran = run_benchmark("languages", "--data", tmp_path)
    assert ran.status == 1
    assert len(ran.out.splitlines()) == 1
    assert "xed_val.csv.gz is not there" in ran.out
    assert ran.err == ""


def _best(figures: Any) -> str:
    return str(figures["results"][0]["package"])
