"""Whole files: formats, headers, broken rows, damaged packing, hostile bytes."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stormcone.errors import MentionFileError
from stormcone.mention_file import FileRow, parse_column_map, read_rows
from stormcone.models import Mention, Skip

HEADER = "id,platform,brand,created_at,author,is_brand,text,parent_id,root_id,likes,reposts\n"


def csv_row(number: int, text: str = "hello") -> str:
    return f"{number},x,acme,2026-11-03T14:05:00Z,u{number},0,{text},,,1,0\n"


def json_row(**given: object) -> str:
    plain = {"id": "1", "platform": "x", "brand": "acme", "created_at": "2026-11-03T14:05:00Z", "text": "hello"}
    return json.dumps(plain | given) + "\n"


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def ids(found: Sequence[FileRow | Skip]) -> list[str]:
    return [row.mention.id for row in found if isinstance(row, FileRow) and row.mention]


def skips(found: Sequence[FileRow | Skip]) -> list[Skip]:
    return [row for row in found if isinstance(row, Skip)]


def texts(found: Sequence[FileRow | Skip]) -> list[str]:
    return [row.mention.text for row in found if isinstance(row, FileRow) and row.mention]


@pytest.mark.parametrize("name", ["a.csv", "a.CSV", "a.txt", "a"])
def test_csv_is_read_row_by_row(tmp_path: Path, name: str) -> None:
    found = list(read_rows(written(tmp_path, name, HEADER + csv_row(1) + csv_row(2))))
    assert ids(found) == ["1", "2"]
    assert [row.place for row in found] == [f"{name} line 2", f"{name} line 3"]


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson", "a.txt"])
def test_jsonl_is_read_line_by_line(tmp_path: Path, name: str) -> None:
    found = list(read_rows(written(tmp_path, name, json_row() + "\n" + json_row(id=2, likes=3))))
    assert ids(found) == ["1", "2"]
    assert [row.place for row in found] == [f"{name} line 1", f"{name} line 3"]


@pytest.mark.parametrize(("name", "content"), [("a.csv.gz", HEADER + csv_row(1)), ("a.jsonl.gz", json_row())])
def test_packed_files_are_read_like_others(tmp_path: Path, name: str, content: str) -> None:
    assert ids(list(read_rows(written(tmp_path, name, gzip.compress(content.encode()))))) == ["1"]


def test_byte_order_mark_and_windows_line_ends_do_not_matter(tmp_path: Path) -> None:
    crlf = (HEADER + csv_row(1)).replace("\n", "\r\n").encode()
    assert ids(list(read_rows(written(tmp_path, "a.csv", b"\xef\xbb\xbf" + crlf)))) == ["1"]
    line = json_row().replace("\n", "\r\n").encode()
    assert ids(list(read_rows(written(tmp_path, "a.jsonl", b"\xef\xbb\xbf" + line)))) == ["1"]


def test_quoted_text_may_run_over_lines_and_later_places_still_count_right(tmp_path: Path) -> None:
    content = HEADER + csv_row(1, '"one\ntwo\r\n""three"", four"') + "\n" + csv_row(2)
    found = list(read_rows(written(tmp_path, "a.csv", content)))
    assert texts(found) == ['one\ntwo\r\n"three", four', "hello"]
    assert [row.place for row in found] == ["a.csv line 2", "a.csv line 6"]


def test_line_separators_within_a_json_text_do_not_cut_it(tmp_path: Path) -> None:
    content = json_row().replace("hello", "a\u2028b\u0085c")
    assert texts(list(read_rows(written(tmp_path, "a.jsonl", content)))) == ["a\u2028b\u0085c"]


def test_unknown_columns_are_ignored_and_absent_ones_are_unknown(tmp_path: Path) -> None:
    content = "text,mood,id,platform,brand,created_at\nhi,grim,1,x,acme,2026-11-03\n"
    (row,) = read_rows(written(tmp_path, "a.csv", content))
    assert isinstance(row, FileRow)
    assert isinstance(row.record, Mention)
    assert (row.record.author, row.record.likes, row.record.is_own_post) == (None, None, False)


def test_map_names_columns_that_are_called_otherwise(tmp_path: Path) -> None:
    content = "text,tweet_id,platform,brand,tweet_created\nhi,1,x,acme,2026-11-03\n"
    mapping = parse_column_map("created_at=tweet_created,id=tweet_id")
    assert ids(list(read_rows(written(tmp_path, "a.csv", content), column_map=mapping))) == ["1"]
    line = json_row(id=None, other="7")
    assert ids(list(read_rows(written(tmp_path, "a.jsonl", line), column_map=parse_column_map("id=other")))) == ["7"]


def test_missing_column_is_one_error_that_names_it(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "id,platform,created_at,text\n1,x,2026-11-03,hi\n")
    with pytest.raises(MentionFileError, match=r"a\.csv: needed column missing: brand; found are 'id'.*--map brand="):
        list(read_rows(path))


def test_mapped_column_that_the_file_lacks_is_an_error(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", HEADER + csv_row(1))
    with pytest.raises(MentionFileError, match=r"likes \(mapped to 'hearts'\)"):
        list(read_rows(path, column_map=parse_column_map("likes=hearts")))


def test_column_missing_in_all_json_rows_is_one_error(tmp_path: Path) -> None:
    line = json.dumps({"id": "1", "platform": "x", "created_at": "2026-11-03", "text": "hi"}) + "\n"
    with pytest.raises(MentionFileError, match="needed column missing: brand"):
        list(read_rows(written(tmp_path, "a.jsonl", line * 3)))


def test_column_missing_in_one_json_row_skips_that_row(tmp_path: Path) -> None:
    bad = json.dumps({"id": "1", "platform": "x", "created_at": "2026-11-03", "text": "hi"}) + "\n"
    found = list(read_rows(written(tmp_path, "a.jsonl", bad + json_row(id="2"))))
    assert ids(found) == ["2"]
    assert [(skip.place, "brand" in skip.reason) for skip in skips(found)] == [("a.jsonl line 1", True)]


def test_json_rows_need_only_what_their_kind_needs(tmp_path: Path) -> None:
    gap = {"kind": "gap", "platform": "x", "created_at": "2026-11-03", "seen_at": "2026-11-04"}
    (row,) = read_rows(written(tmp_path, "a.jsonl", json.dumps(gap) + "\n"))
    assert isinstance(row, FileRow)
    assert row.gap is not None


def test_header_that_names_a_column_twice_is_an_error(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "id,platform,brand,created_at,text,text\n")
    with pytest.raises(MentionFileError, match="'text' stands 2 times"):
        list(read_rows(path))


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"\n\n", "holds nothing"),
        ("a.csv", b'"id,platform', "header is no valid CSV"),
        ("a.csv", "id,platform".encode("utf-16"), "UTF-16"),
        ("a.csv.gz", b"", "no gzip file"),
        ("a.csv.gz", b"id,platform", "no gzip file"),
        ("a.csv.gz", gzip.compress(HEADER.encode(), mtime=0)[:8], "damaged gzip"),
        ("a.csv.gz", b"\x1f\x8b\x08\x00" + b"\xff" * 40, "damaged gzip"),
        ("a.json", b'[{"id": 1}]', "one JSON object a line"),
        ("a.csv", b"\x00\xff\x00\xfe", "needed columns missing"),
    ],
)
def test_file_that_cannot_be_read_at_all_is_one_line(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    with pytest.raises(MentionFileError, match=told) as raised:
        list(read_rows(written(tmp_path, name, content)))
    assert name in str(raised.value)
    assert str(raised.value).isprintable()


def test_folder_and_absent_file_are_errors(tmp_path: Path) -> None:
    with pytest.raises(MentionFileError, match="cannot be read: Is a directory"):
        list(read_rows(tmp_path))
    with pytest.raises(MentionFileError, match="cannot be read: No such file"):
        list(read_rows(tmp_path / "none.csv"))


def test_empty_jsonl_has_no_rows(tmp_path: Path) -> None:
    assert list(read_rows(written(tmp_path, "a.jsonl", ""))) == []


def test_cut_gzip_yields_every_whole_row_and_then_one_skip(tmp_path: Path) -> None:
    # The numbers differ, so that packing cannot fold the rows and the cut falls somewhere among them.
    content = HEADER + "".join(csv_row(n, f'"{n * 7919 % 10007},\n{n * 104729 % 99991}"') for n in range(3000))
    packed = gzip.compress(content.encode())
    found = list(read_rows(written(tmp_path, "a.csv.gz", packed[: len(packed) * 2 // 3])))
    assert len(ids(found)) > 1000
    assert ids(found) == [str(n) for n in range(len(ids(found)))]
    (skip,) = skips(found)
    assert found[-1] is skip
    # Every record has two lines behind one line of header.
    assert skip.place == f"a.csv.gz after line {1 + 2 * len(ids(found))}"
    assert "cut off" in skip.reason


def test_cut_packed_jsonl_yields_every_whole_row_and_then_one_skip(tmp_path: Path) -> None:
    content = "".join(json_row(id=str(n), text=str(n * 104729 % 99991)) for n in range(3000))
    packed = gzip.compress(content.encode())
    found = list(read_rows(written(tmp_path, "a.jsonl.gz", packed[: len(packed) * 2 // 3])))
    assert len(ids(found)) > 1000
    assert [skip.place for skip in skips(found)] == [f"a.jsonl.gz after line {len(ids(found))}"]


def test_gzip_with_a_wrong_checksum_keeps_its_rows_and_says_so(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress((HEADER + csv_row(1)).encode()))
    packed[-8] ^= 0xFF
    found = list(read_rows(written(tmp_path, "a.csv.gz", bytes(packed))))
    assert ids(found) == ["1"]
    assert len(skips(found)) == 1


def test_half_written_last_row_is_skipped_by_name(tmp_path: Path) -> None:
    found = list(read_rows(written(tmp_path, "a.csv", HEADER + csv_row(1) + "2,x,acme,2026-11")))
    assert ids(found) == ["1"]
    assert [skip.place for skip in skips(found)] == ["a.csv line 3"]
    found = list(read_rows(written(tmp_path, "a.jsonl", json_row() + json_row()[:40])))
    assert [skip.place for skip in skips(found)] == ["a.jsonl line 2"]


def test_last_row_without_line_feed_is_kept(tmp_path: Path) -> None:
    assert ids(list(read_rows(written(tmp_path, "a.csv", (HEADER + csv_row(1)).rstrip("\n"))))) == ["1"]
    assert ids(list(read_rows(written(tmp_path, "a.jsonl", json_row().rstrip("\n"))))) == ["1"]


def test_file_cut_within_a_quoted_text_is_one_skip(tmp_path: Path) -> None:
    content = HEADER + csv_row(1) + csv_row(2, '"one\ntwo\n\nthree')[:60]
    found = list(read_rows(written(tmp_path, "a.csv", content)))
    assert ids(found) == ["1"]
    (skip,) = skips(found)
    assert skip.place == "a.csv lines 3 to 6"
    assert "quote" in skip.reason


def test_quote_that_is_never_closed_costs_only_its_own_row(tmp_path: Path) -> None:
    rows = [csv_row(1), csv_row(2, '"never closed'), csv_row(3), csv_row(4, '"a, b"'), csv_row(5)]
    found = list(read_rows(written(tmp_path, "a.csv", HEADER + "".join(rows))))
    assert ids(found) == ["1", "3", "4", "5"]
    assert [skip.place for skip in skips(found)] == ["a.csv line 3"]
    assert [row.place for row in found if isinstance(row, FileRow)][-1] == "a.csv line 6"


@pytest.mark.parametrize("text", ["too, many", "too, many, more"])
def test_row_with_too_many_cells_is_skipped(tmp_path: Path, text: str) -> None:
    found = list(read_rows(written(tmp_path, "a.csv", HEADER + csv_row(1, text) + csv_row(2))))
    assert ids(found) == ["2"]
    assert "cells, the header 11" in skips(found)[0].reason


def test_commas_too_many_at_the_end_of_a_row_do_not_matter(tmp_path: Path) -> None:
    content = HEADER + csv_row(1).replace("\n", ",,\n") + "  \n,,\n" + csv_row(2)
    found = list(read_rows(written(tmp_path, "a.csv", content)))
    assert (ids(found), skips(found)) == (["1", "2"], [])


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_hostile_texts_are_kept_and_cleaned(tmp_path: Path, name: str) -> None:
    long = "x" * 1_000_000
    emoji = "\U0001f525" * 10_000
    given = ["a\x00b", "\u202eevil", "=HYPERLINK(1)", "<script>", long, emoji]
    if name == "a.csv":
        content = HEADER + "".join(csv_row(n, text) for n, text in enumerate(given))
    else:
        content = "".join(json_row(id=str(n), text=text) for n, text in enumerate(given))
    found = list(read_rows(written(tmp_path, name, content)))
    assert skips(found) == []
    assert texts(found) == ["ab", "\u202eevil", "=HYPERLINK(1)", "<script>", long, emoji]


def test_lone_surrogates_and_stray_bytes_become_replacement_characters(tmp_path: Path) -> None:
    line = json_row(text="a").replace('"a"', r'"a\ud800b\udfffc\ud83d\ude00"')
    assert texts(list(read_rows(written(tmp_path, "a.jsonl", line)))) == ["a\ufffdb\ufffdc\U0001f600"]
    content = (HEADER + csv_row(1, "caf?")).encode().replace(b"?", b"\xe9")
    assert texts(list(read_rows(written(tmp_path, "a.csv", content)))) == ["caf\ufffd"]


@pytest.mark.parametrize(
    "line",
    ["{", "null", "[1]", '"text"', "[" * 100_000, '{"id": ' + "9" * 5_000 + "}", "\x00", '{"id": NaN}', "\ufffd" * 9],
)
def test_line_that_is_no_row_is_skipped(tmp_path: Path, line: str) -> None:
    found = list(read_rows(written(tmp_path, "a.jsonl", json_row() + line + "\n" + json_row(id="2"))))
    assert ids(found) == ["1", "2"]
    assert [skip.place for skip in skips(found)] == ["a.jsonl line 2"]
    assert "\n" not in skips(found)[0].reason
    assert len(skips(found)[0].reason) < 200


@pytest.mark.parametrize("value", [["a"], {"a": 1}])
def test_json_cell_that_is_no_plain_value_is_skipped(tmp_path: Path, value: object) -> None:
    (skip,) = read_rows(written(tmp_path, "a.jsonl", json_row(text=value)))
    assert isinstance(skip, Skip)
    assert skip.reason.startswith("text = ")


def test_json_numbers_and_booleans_are_taken(tmp_path: Path) -> None:
    (row,) = read_rows(written(tmp_path, "a.jsonl", json_row(id=567588278875213824, is_brand=True, likes=3.0)))
    assert isinstance(row, FileRow)
    assert row.mention is not None
    assert (row.mention.id, row.mention.is_own_post, row.mention.likes) == ("567588278875213824", True, 3)


def test_same_id_twice_is_two_rows_for_the_store_to_judge(tmp_path: Path) -> None:
    assert ids(list(read_rows(written(tmp_path, "a.csv", HEADER + csv_row(1) * 2)))) == ["1", "1"]


def test_strict_reading_stops_at_the_first_bad_row(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", HEADER + csv_row(1) + "2,x,acme,soon,u,0,hi,,,,\n")
    rows = read_rows(path, is_strict=True)
    assert ids([next(rows)]) == ["1"]
    with pytest.raises(MentionFileError, match=r"a\.csv line 3: created_at = 'soon'"):
        next(rows)


def test_reading_streams(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", HEADER + csv_row(1) + "broken\n" * 100)
    rows = read_rows(path)
    assert isinstance(next(rows), FileRow)
    rows.close()  # type: ignore[attr-defined]  # a generator; closing it half-way must not fail


@settings(max_examples=150, deadline=None)
@given(junk=st.binary(max_size=200) | st.text('"\n\r,x\x00', max_size=80).map(str.encode), is_csv=st.booleans())
def test_any_bytes_within_a_file_are_skipped_and_whole_rows_before_them_kept(
    tmp_path_factory: pytest.TempPathFactory, junk: bytes, is_csv: bool
) -> None:
    start = HEADER + csv_row(1) if is_csv else json_row()
    name = "junk.csv" if is_csv else "junk.jsonl"
    found = list(read_rows(written(tmp_path_factory.getbasetemp(), name, start.encode() + junk)))
    assert ids(found) == ["1"]
    assert all(skip.reason.isprintable() for skip in skips(found))


@settings(max_examples=150, deadline=None)
@given(text=st.text('"\n,x', min_size=1, max_size=20))
def test_broken_text_costs_no_row_after_it(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    content = HEADER + csv_row(1, text) + "".join(csv_row(n) for n in range(2, 6))
    found = list(read_rows(written(tmp_path_factory.getbasetemp(), "broken.csv", content)))
    assert [each for each in ids(found) if each != "1"] == ["2", "3", "4", "5"]


def complaints(path: Path) -> list[str]:
    try:
        return [skip.reason for skip in skips(list(read_rows(path)))]
    except MentionFileError as error:
        return [str(error)]


@pytest.mark.parametrize("share", range(0, 100, 2))
def test_packed_file_cut_anywhere_is_told_in_one_line(tmp_path: Path, share: int) -> None:
    packed = gzip.compress((HEADER + "".join(csv_row(n, f'"{n * 7919}\n"') for n in range(60))).encode())
    (told,) = complaints(written(tmp_path, "a.csv.gz", packed[: len(packed) * share // 100]))
    assert told.isprintable()


def test_lines_of_a_text_that_the_cut_tears_are_not_taken_for_rows(tmp_path: Path) -> None:
    forged = "".join(csv_row(n * 104729 % 99991) for n in range(1, 3000))
    packed = gzip.compress((HEADER + csv_row(0) + csv_row(1, f'"{forged}"')).encode())
    found = list(read_rows(written(tmp_path, "a.csv.gz", packed[: len(packed) * 2 // 3])))
    assert ids(found) == ["0"]
    assert [skip.place for skip in skips(found)] == ["a.csv.gz after line 2"]


def test_carriage_return_between_json_tokens_does_not_end_the_line(tmp_path: Path) -> None:
    found = list(read_rows(written(tmp_path, "a.jsonl", json_row().replace(", ", ",\r"))))
    assert (ids(found), skips(found)) == (["1"], [])
