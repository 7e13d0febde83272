"""A bundle says everything, is whole when it leaves, and every change to it is found."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stormcone.errors import UsageError
from stormcone.evidence import Bundle, make_bundle, verify_bundle
from stormcone.models import Answer, Decision, DecisionRecord
from stormcone.models.sealed import ItemSort, SealedItem, SealedRecord, SealedWhy
from stormcone.sealing import canonical, record_hash, sha256_of
from tests.fakes import at, make_incident

HOSTILE = '<script>alert(1)</script> =HYPERLINK("http://evil.test") \u202egnp.exe ![x](http://evil.test/p.png)'


def make_item(sort: ItemSort, **content: Any) -> SealedItem:
    text = canonical({"salt": "00", **content})
    return SealedItem(sort=sort, sha256=sha256_of(text), content=text, platform="x", id=content.get("id"))


def make_records(count: int = 2, reply: str = HOSTILE) -> list[SealedRecord]:
    records: list[SealedRecord] = []
    for number in range(1, count + 1):
        record = SealedRecord(
            incident_id=7,
            number=number,
            at=at(number),
            why=SealedWhy.OPENED,
            previous=records[-1].sha256 if records else None,
            sha256="",
            items=(
                make_item(ItemSort.OWN_POST, id="p", text="our new product", author="acme", posted_at="then"),
                make_item(ItemSort.COUNTS, replies=1, engagement=[], minutes=[]),
                make_item(ItemSort.REPLY, id="r", text=reply, author="<b>ann</b>", posted_at="then"),
            ),
        )
        records.append(replace(record, sha256=record_hash(record)))
    return records


def bundle_of(records: list[SealedRecord]) -> Bundle:
    return make_bundle(
        make_incident(id=7, headline=HOSTILE),
        records=records,
        events=(),
        decisions=(DecisionRecord(at=at(3), incident_id=7, decision=Decision.APOLOGISE, by="Ann", why=HOSTILE),),
        answers=(Answer(incident_id=7, at=at(2), fact="cause", value_json='"leak"', by="Bob"),),
        made_at=at(9),
    )


def files_of(bundle: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(bundle)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def written(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return path


def test_a_bundle_is_whole_and_the_same_twice(tmp_path: Path) -> None:
    bundle = bundle_of(make_records())
    assert bundle == bundle_of(make_records())
    path = tmp_path / "case.zip"
    path.write_bytes(bundle.content)
    finding = verify_bundle(path)
    assert (finding.flaws, finding.seal, finding.incident) == ((), bundle.seal, 7)
    assert (finding.records, finding.pieces, finding.erased) == (2, 6, 0)


def test_a_piece_that_was_erased_breaks_no_seal(tmp_path: Path) -> None:
    first, second = make_records()
    gone = replace(first, items=(*first.items[:2], replace(first.items[2], content=None, erased_at=at(4))))
    path = tmp_path / "case.zip"
    path.write_bytes(bundle_of([gone, second]).content)
    finding = verify_bundle(path)
    assert (finding.flaws, finding.erased) == ((), 1)


def with_text(files: dict[str, bytes]) -> None:
    files["records.json"] = files["records.json"].replace(b"our new product", b"our old product")


def with_new_hashes(files: dict[str, bytes]) -> None:
    """A forger who also mends the hash of the piece and the manifest."""
    records = json.loads(files["records.json"])
    item = records[0]["items"][0]
    item["content"] = item["content"].replace("our new product", "our old product")
    item["sha256"] = sha256_of(item["content"])
    files["records.json"] = (json.dumps(records, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
    manifest = json.loads(files["manifest.json"])
    manifest["files"]["records.json"] = sha256_of(files["records.json"].decode())
    files["manifest.json"] = json.dumps(manifest).encode()


def without_first(files: dict[str, bytes]) -> None:
    records = json.loads(files["records.json"])[1:]
    files["records.json"] = json.dumps(records).encode()


def with_decision(files: dict[str, bytes]) -> None:
    files["decisions.json"] = files["decisions.json"].replace(b"apologise", b"stand_by")


def with_file(files: dict[str, bytes]) -> None:
    files["extra.txt"] = b"read me"


def without_page(files: dict[str, bytes]) -> None:
    del files["report.html"]


def with_nonsense(files: dict[str, bytes]) -> None:
    files["records.json"] = b"{"


def with_other_manifest(files: dict[str, bytes]) -> None:
    files["manifest.json"] = b"[]"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (with_text, "records.json: was changed"),
        (with_new_hashes, "seal does not fit"),
        (without_first, "record 1 is missing"),
        (with_decision, "decisions.json: was changed"),
        (with_file, "extra.txt: was added"),
        (without_page, "report.html: missing"),
        (with_nonsense, "not JSON"),
        (with_other_manifest, "does not list files"),
    ],
)
def test_tampering_is_found_and_named(tmp_path: Path, change: Callable[[dict[str, bytes]], None], named: str) -> None:
    files = files_of(bundle_of(make_records()).content)
    change(files)
    finding = verify_bundle(written(tmp_path / "case.zip", files))
    assert any(named in flaw for flaw in finding.flaws), finding.flaws


@given(st.integers(0, 10**9), st.integers(1, 255))
def test_a_changed_byte_is_never_called_whole(place: int, by: int) -> None:
    files = files_of(bundle_of(make_records(1)).content)
    content = bytearray(files["records.json"])
    content[place % len(content)] ^= by
    files["records.json"] = bytes(content)
    with zipfile.ZipFile(buffer := io.BytesIO(), "w") as opened:
        for name, each in files.items():
            opened.writestr(name, each)
    assert verify_bundle(buffer).flaws  # type: ignore[arg-type]  # a zip is read from a file as from a path


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a zip", b"x" * 1000])
def test_what_is_no_bundle_is_one_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "case.zip").write_bytes(content)
    with pytest.raises(UsageError, match=r"case\.zip"):
        verify_bundle(tmp_path / "case.zip")
    with pytest.raises(UsageError, match=r"nowhere\.zip"):
        verify_bundle(tmp_path / "nowhere.zip")


def test_the_page_is_whole_on_its_own_and_runs_nothing() -> None:
    page = files_of(bundle_of(make_records()).content)["report.html"].decode()
    assert "<script" not in page
    assert "<b>ann" not in page
    assert "\u202e" not in page
    assert not re.search(r"(src|href)\s*=", page)
    assert "http://evil.test" not in page
    assert "our new product" in page
    assert "Ann" in page
