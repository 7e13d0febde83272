"""`stormcone import` and `stormcone export`: mention files into the store, and everything out of it.

An import that was killed is finished by running it again: every chunk is one transaction, and what is known is not
stored twice.
"""

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Annotated, TextIO

import typer

from stormcone.cli.options import ConfigOption, JsonOption, open_configured_store, read_config
from stormcone.errors import StormconeError
from stormcone.journal import iso
from stormcone.mention_file import NO_MAP, FileRow, parse_column_map, read_rows, write_csv, write_jsonl
from stormcone.pipeline import build_pipeline
from stormcone.pipeline.replaying import batch_of
from stormcone.pipeline.restoring import restore_votes
from stormcone.store import Exported, Store, read_clock

_CHUNK = 2_000  # rows in one transaction: large enough to be quick, small enough to lose little


class What(StrEnum):
    """What `export` can write."""

    MENTIONS = "mentions"
    MINUTES = "minutes"
    INCIDENTS = "incidents"
    DECISIONS = "decisions"
    NOTICES = "notices"
    DELIVERIES = "deliveries"


class Format(StrEnum):
    """How `export` writes it."""

    CSV = "csv"
    JSONL = "jsonl"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("import")(import_files)
    app.command("export")(export)


def import_files(
    files: Annotated[list[Path], typer.Argument(help="Mention files: CSV, CSV.gz or JSONL.")],
    config: ConfigOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 - typer's way
    column_map: Annotated[
        str | None, typer.Option("--map", help="created_at=tweet_created,... renames columns.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first row that cannot be read.")] = False,  # noqa: FBT002
) -> None:
    """Store mention files; what is stored already is not stored twice."""
    settings = read_config(config)
    columns = parse_column_map(column_map) if column_map else NO_MAP
    store = open_configured_store(settings)
    pipeline = build_pipeline(settings, store, read_clock(store.database))
    restore_votes(store, pipeline.brands, pipeline.around, pipeline.clock.now())
    total = {"read": 0, "stored": 0, "known": 0, "skipped": 0}
    try:
        for file in files:
            rows = _counted_skips(read_rows(file, column_map=columns, is_strict=strict), total)
            while chunk := list(islice(rows, _CHUNK)):
                taken = pipeline.ingest.take(batch_of(chunk))
                total["stored"] += taken.stored
                total["known"] += taken.known
    finally:
        total["read"] = total["stored"] + total["known"] + total["skipped"]
        if total["read"] > total["skipped"]:  # also where all is known: an import killed before may have left it to us
            store.mentions.note_rewritten_history()
        store.close()
        told = ", ".join(f"{name} {count}" for name, count in total.items())
        typer.echo(json.dumps(total) if as_json else f"import: {told}")


def export(
    config: ConfigOption = None,
    what: Annotated[What, typer.Option(help="What to write.")] = What.MENTIONS,
    file_format: Annotated[Format, typer.Option("--format", help="How to write it.")] = Format.CSV,
    out: Annotated[Path | None, typer.Option(help="File to write; default: standard output.")] = None,
) -> None:
    """Write what the store holds; mentions come as a mention file that `import` reads back."""
    store = open_configured_store(read_config(config))
    with _stream(out) as stream:
        if what is What.MENTIONS:
            (write_csv if file_format is Format.CSV else write_jsonl)(store.exports.mention_file(), stream)
        else:
            _write_table(store, Exported(what.value), file_format, stream)
    store.close()


def _counted_skips(rows: Iterable[object], total: dict[str, int]) -> Iterator[FileRow]:
    for row in rows:
        if isinstance(row, FileRow):
            yield row
        else:
            total["skipped"] += 1
            sys.stderr.write(f"skipped {getattr(row, 'place', '?')}: {getattr(row, 'reason', '?')}\n")


@contextmanager
def _stream(out: Path | None) -> Iterator[TextIO]:
    if out is None:
        yield sys.stdout
        return
    try:
        with out.open("w", encoding="utf-8", newline="") as stream:
            yield stream
    except OSError as error:
        raise StormconeError(f"{out}: cannot be written ({error.strerror}); name another file with --out") from error


def _write_table(store: Store, what: Exported, file_format: Format, stream: TextIO) -> None:
    columns = store.exports.columns(what)
    lines = ({name: _plain(value) for name, value in row.items()} for row in store.exports.table(what))
    if file_format is Format.JSONL:
        stream.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        return
    writer = csv.DictWriter(stream, columns)
    writer.writeheader()
    writer.writerows(lines)


def _plain(value: object) -> object:
    return iso(value) if isinstance(value, datetime) else value
