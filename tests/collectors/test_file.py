"""The file drop: growing, half-written, replaced and hostile files."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from collectors.file import MAX_LINES_PER_POLL, FileCollector, FileSettings
from stormcone.clock import ManualClock
from stormcone.errors import CollectError
from stormcone.models import Batch, Mention
from stormcone.plugins import discover
from stormcone.ports import Allowance, Collector, CollectorContext, SourceSettings

NOW = datetime(2026, 11, 3, 15, 0, tzinfo=UTC)
DEADLINE = NOW + timedelta(minutes=1)


def line(number: int, **given: object) -> str:
    plain = {
        "id": str(number),
        "platform": "x",
        "brand": "acme",
        "created_at": "2026-11-03T14:05:00Z",
        "text": f"text {number}",
    }
    return json.dumps(plain | given) + "\n"


def collector(folder: Path, path: str = "drop") -> FileCollector:
    context = CollectorContext(brands=(), clock=ManualClock(NOW), base_folder=str(folder), secrets={})
    return FileCollector(FileSettings(path=path), context)


def poll(source: FileCollector, cursor: str | None = None, deadline: datetime = DEADLINE) -> Batch:
    return source.poll(cursor, Allowance(), deadline)


def ids(batch: Batch) -> list[str]:
    return [mention.id for mention in batch.mentions]


def append(path: Path, content: str | bytes) -> None:
    with path.open("ab") as stream:
        stream.write(content.encode() if isinstance(content, str) else content)


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    folder = tmp_path / "drop"
    folder.mkdir()
    return folder


def test_plug_in_is_found_by_scanning() -> None:
    found = discover("collectors", Collector, key="platform")  # type: ignore[type-abstract]  # a role, never built
    assert found["file"] is FileCollector


def test_settings_have_a_short_interval_and_need_a_path() -> None:
    assert FileSettings(path="drop").poll_seconds == 5
    with pytest.raises(ValidationError):
        FileSettings(path="")
    with pytest.raises(ValidationError):
        FileSettings()  # type: ignore[call-arg]  # that it is refused is the point


def test_settings_of_another_source_are_refused(tmp_path: Path) -> None:
    context = CollectorContext(brands=(), clock=ManualClock(NOW), base_folder=str(tmp_path), secrets={})
    with pytest.raises(TypeError, match="SourceSettings"):
        FileCollector(SourceSettings(), context)


def test_folder_is_read_from_the_start_in_order_of_names(tmp_path: Path, drop: Path) -> None:
    append(drop / "b.jsonl", line(3))
    append(drop / "a.jsonl", line(1) + line(2))
    append(drop / "notes.txt", line(4))
    (drop / "folder.jsonl").mkdir()
    batch = poll(collector(tmp_path))
    assert ids(batch) == ["1", "2", "3"]
    assert not batch.has_more
    assert batch.mentions[0] == Mention(
        platform="x",
        id="1",
        brand="acme",
        posted_at=datetime(2026, 11, 3, 14, 5, tzinfo=UTC),
        seen_at=datetime(2026, 11, 3, 14, 5, tzinfo=UTC),
        text="text 1",
    )


def test_only_new_lines_come_with_the_next_poll(tmp_path: Path, drop: Path) -> None:
    source = collector(tmp_path)
    append(drop / "a.jsonl", line(1))
    first = poll(source)
    again = poll(source, first.cursor)
    assert again.is_empty
    append(drop / "a.jsonl", line(2))
    append(drop / "b.jsonl", line(3))
    assert ids(poll(source, again.cursor)) == ["2", "3"]


def test_last_line_without_line_feed_waits_for_its_rest(tmp_path: Path, drop: Path) -> None:
    source = collector(tmp_path)
    whole = line(2, text="caf\u00e9").replace("\\u00e9", "\u00e9").encode()
    cut = whole.index("\u00e9".encode()) + 1
    append(drop / "a.jsonl", line(1).encode() + whole[:cut])
    first = poll(source)
    assert (ids(first), first.skipped) == (["1"], ())
    append(drop / "a.jsonl", whole[cut:-1])
    second = poll(source, first.cursor)
    assert second.is_empty
    append(drop / "a.jsonl", b"\n")
    third = poll(source, second.cursor)
    assert [mention.text for mention in third.mentions] == ["caf\u00e9"]


def test_shrunken_file_is_read_from_its_start(tmp_path: Path, drop: Path) -> None:
    source = collector(tmp_path)
    append(drop / "a.jsonl", line(1) + line(2))
    first = poll(source)
    (drop / "a.jsonl").write_text(line(3))
    assert ids(poll(source, first.cursor)) == ["3"]


def test_replaced_file_of_the_same_length_or_longer_is_read_from_its_start(tmp_path: Path, drop: Path) -> None:
    source = collector(tmp_path)
    append(drop / "a.jsonl", line(1) + line(2))
    first = poll(source)
    (drop / "a.jsonl").write_text(line(3) + line(4))
    second = poll(source, first.cursor)
    assert ids(second) == ["3", "4"]
    (drop / "a.jsonl").write_text(line(5) + line(6) + line(7))
    assert ids(poll(source, second.cursor)) == ["5", "6", "7"]


def test_emptied_file_starts_again(tmp_path: Path, drop: Path) -> None:
    source = collector(tmp_path)
    append(drop / "a.jsonl", line(1))
    first = poll(source)
    (drop / "a.jsonl").write_text("")
    second = poll(source, first.cursor)
    assert second.is_empty
    append(drop / "a.jsonl", line(1))
    assert ids(poll(source, second.cursor)) == ["1"]


def test_nothing_is_lost_when_a_file_is_rotated(tmp_path: Path, drop: Path) -> None:
    source = collector(tmp_path)
    append(drop / "a.jsonl", line(1))
    first = poll(source)
    append(drop / "a.jsonl", line(2))
    (drop / "a.jsonl").rename(drop / "a-old.jsonl")
    append(drop / "a.jsonl", line(3))
    # The new name is a new file to us: row 1 comes twice, which the store knows how to take.
    assert ids(poll(source, first.cursor)) == ["1", "2", "3"]


def test_single_file_may_have_any_name(tmp_path: Path) -> None:
    append(tmp_path / "mentions.log", line(1))
    assert ids(poll(collector(tmp_path, "mentions.log"))) == ["1"]


def test_every_kind_of_row_finds_its_place_in_the_batch(tmp_path: Path, drop: Path) -> None:
    rows = [
        line(1, is_brand=1),
        line(1, kind="metrics", likes=3),
        line(2, kind="deleted"),
        line(3, kind="liked"),
        line(4, kind="gap", seen_at="2026-11-03T14:10:00Z"),
        "not a row\n",
        "\n",
    ]
    append(drop / "a.jsonl", "".join(rows))
    batch = poll(collector(tmp_path))
    counted = [batch.mentions, batch.engagements, batch.deletions, batch.likes, batch.gaps, batch.skipped]
    assert [len(each) for each in counted] == [1, 1, 1, 1, 1, 1]
    assert batch.skipped[0].place == "a.jsonl line 6"


def test_bad_lines_are_named_by_their_number_also_in_later_polls(tmp_path: Path, drop: Path) -> None:
    source = collector(tmp_path)
    append(drop / "a.jsonl", line(1) + line(2))
    first = poll(source)
    append(drop / "a.jsonl", line(3) + line(4, created_at="soon") + line(5))
    second = poll(source, first.cursor)
    assert ids(second) == ["3", "5"]
    assert [(skip.place, "created_at = 'soon'" in skip.reason) for skip in second.skipped] == [("a.jsonl line 4", True)]


def test_hostile_lines_do_not_stop_the_others(tmp_path: Path, drop: Path) -> None:
    rows = [
        line(1, text="a\x00b").encode(),
        line(2).replace("text 2", r"\ud800").encode(),
        line(3, text="x" * 1_000_000).encode(),
        b"\xff\xfe\x00\n",
        b"[" * 100_000 + b"\n",
        line(4).replace("text 4", "caf?").encode().replace(b"?", b"\xe9"),
        b"\xef\xbb\xbf" + line(5).replace("\n", "\r\n").encode(),
    ]
    append(drop / "a.jsonl", b"".join(rows))
    batch = poll(collector(tmp_path))
    assert ids(batch) == ["1", "2", "3", "4", "5"]
    assert [mention.text for mention in batch.mentions[:2]] == ["ab", "\ufffd"]
    assert len(batch.mentions[2].text) == 1_000_000
    assert batch.mentions[3].text == "caf\ufffd"
    assert [skip.place for skip in batch.skipped] == ["a.jsonl line 4", "a.jsonl line 5"]


def test_one_poll_is_bounded_and_asks_to_be_repeated(tmp_path: Path, drop: Path) -> None:
    source = collector(tmp_path)
    append(drop / "a.jsonl", "".join(line(n) for n in range(MAX_LINES_PER_POLL + 10)))
    append(drop / "b.jsonl", line(1_000_000))
    first = poll(source)
    assert len(first.mentions) == MAX_LINES_PER_POLL
    assert first.has_more
    second = poll(source, first.cursor)
    assert len(second.mentions) == 11
    assert not second.has_more


def test_poll_past_its_deadline_still_gets_on(tmp_path: Path, drop: Path) -> None:
    append(drop / "a.jsonl", line(1) + line(2))
    batch = poll(collector(tmp_path), deadline=NOW)
    assert ids(batch) == ["1"]
    assert batch.has_more


def test_late_row_keeps_the_time_it_says_and_none_is_seen_in_the_future(tmp_path: Path, drop: Path) -> None:
    late = line(1, seen_at="2026-11-03T14:30:00Z")
    early = line(2, created_at="2026-11-03T15:00:07Z")
    append(drop / "a.jsonl", late + early)
    batch = poll(collector(tmp_path))
    assert [mention.seen_at for mention in batch.mentions] == [NOW - timedelta(minutes=30), NOW]
    assert batch.mentions[1].posted_at == NOW + timedelta(seconds=7)


def test_missing_folder_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    source = collector(tmp_path)
    with pytest.raises(CollectError, match=r"file: .*drop: No such file.*make the folder"):
        poll(source)
    assert "make the folder" in str(source.check())


def test_unreadable_file_does_not_hold_the_others_up_and_is_then_reported(tmp_path: Path, drop: Path) -> None:
    source = collector(tmp_path)
    (drop / "a.jsonl").symlink_to(tmp_path / "nowhere")
    append(drop / "b.jsonl", line(1))
    first = poll(source)
    assert ids(first) == ["1"]
    with pytest.raises(CollectError, match=r"a\.jsonl cannot be read: No such file"):
        poll(source, first.cursor)
    assert "a.jsonl cannot be read" in str(source.check())
    append(tmp_path / "nowhere", line(2))
    assert ids(poll(source, first.cursor)) == ["2"]


@pytest.mark.parametrize(
    "cursor", ["", "nonsense", "[]", '{"files": 1}', '{"files": {"a.jsonl": 7}}', '{"files": {"a": {}}}']
)
def test_foreign_cursor_is_named_and_everything_is_read_again(tmp_path: Path, drop: Path, cursor: str) -> None:
    append(drop / "a.jsonl", line(1))
    batch = poll(collector(tmp_path), cursor)
    assert ids(batch) == ["1"]
    assert [skip.place for skip in batch.skipped] == ["cursor of collectors.file"]


def test_check_says_when_nothing_in_the_folder_will_be_read(tmp_path: Path, drop: Path) -> None:
    source = collector(tmp_path)
    assert source.check() is None
    append(drop / "a.csv", "id\n")
    assert "none named *.jsonl" in str(source.check())
    append(drop / "a.jsonl", line(1))
    assert source.check() is None


def pieces(content: bytes, cuts: list[int]) -> Iterator[bytes]:
    edges = [0, *sorted(cut % (len(content) + 1) for cut in cuts), len(content)]
    for start, end in pairwise(edges):
        yield content[start:end]


@settings(max_examples=60, deadline=None)
@given(
    texts=st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30), max_size=12),
    cuts=st.lists(st.integers(0, 10_000), max_size=8),
)
def test_any_chunking_of_a_growing_file_yields_the_same_rows(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], cuts: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("grow")
    (folder / "drop").mkdir()
    content = "".join(
        json.dumps(json.loads(line(n, text=text)), ensure_ascii=False) + "\n" for n, text in enumerate(texts)
    ).encode()
    source = collector(folder)
    cursor: str | None = None
    found: list[tuple[str, str]] = []
    for piece in pieces(content, cuts):
        append(folder / "drop" / "a.jsonl", piece)
        batch = poll(source, cursor)
        assert batch.skipped == ()
        cursor = batch.cursor
        found += [(mention.id, mention.text) for mention in batch.mentions]
    assert found == [(str(n), text) for n, text in enumerate(texts)]
