"""`stormcone replay`: recorded mentions through the real pipeline on a clock that jumps.

Nothing is sent, nothing is stored for good, and nothing but the given files is read.
"""

import json
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from stormcone.cli.options import ConfigOption, JsonOption, read_instant
from stormcone.clock import ManualClock
from stormcone.config import BrandSettings, Config, load_config
from stormcone.journal import transition_line
from stormcone.mention_file import NO_MAP, ColumnMap, FileRow, parse_column_map, read_rows
from stormcone.models import Transition
from stormcone.pipeline import build_pipeline
from stormcone.pipeline.replaying import Played, play
from stormcone.store import MEMORY_URL, open_store


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("replay")(replay)


def replay(  # noqa: PLR0917 - one argument an option
    files: Annotated[list[Path], typer.Argument(help="Mention files: CSV, CSV.gz or JSONL.")],
    config: ConfigOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 - typer's way
    brand: Annotated[str | None, typer.Option(help="Only this brand.")] = None,
    column_map: Annotated[
        str | None, typer.Option("--map", help="created_at=tweet_created,... renames columns.")
    ] = None,
    poll_minutes: Annotated[float, typer.Option(min=0.1, max=1440, help="Minutes between two polls.")] = 1.0,
    budget: Annotated[
        float | None, typer.Option("--false-pages-per-month", min=0.01, max=100, help="Budget of every brand.")
    ] = None,
    since: Annotated[str | None, typer.Option(help="Leave out what was seen before this ISO instant.")] = None,
    until: Annotated[str | None, typer.Option(help="Leave out what was seen from this ISO instant on.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first row that cannot be read.")] = False,  # noqa: FBT002
) -> None:
    """Replay recorded mentions and print every transition of every incident."""
    began = time.perf_counter()
    settings = load_config(config) if config else Config()
    columns = parse_column_map(column_map) if column_map else NO_MAP
    chosen = _Chosen(brand=brand, since=read_instant("--since", since), until=read_instant("--until", until))
    rows, skipped = _read(files, columns, chosen, is_strict=strict)
    if budget is not None:
        settings = _with_budget(settings, rows, budget)
    clock, played = ManualClock(datetime(1970, 1, 1, tzinfo=UTC)), Played()
    store = open_store(MEMORY_URL)
    for transition in play(
        build_pipeline(settings, store, clock), clock, rows, poll_minutes=poll_minutes, played=played
    ):
        typer.echo(transition_line(transition) if as_json else _sentence(transition))
    store.close()
    seconds = round(time.perf_counter() - began, 3)
    summary = {
        "mentions": played.mentions,
        "skipped": skipped,
        "brands": len({row.brand for row in rows if row.brand is not None}),
        "days": round(played.days, 3),
        "incidents": played.incidents,
        "pages": played.pages,
        "seconds": seconds,
    }
    told = ", ".join(f"{value} {name}" for name, value in summary.items())
    typer.echo(json.dumps({"summary": summary}) if as_json else f"replayed: {told}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chosen:
    """Which rows are replayed."""

    brand: str | None
    since: datetime | None
    until: datetime | None

    def takes(self, row: FileRow) -> bool:
        return (
            (self.brand is None or row.brand in {None, self.brand})  # None: a gap of every brand
            and (self.since is None or row.seen_at >= self.since)
            and (self.until is None or row.seen_at < self.until)
        )


def _read(files: list[Path], columns: ColumnMap, chosen: _Chosen, *, is_strict: bool) -> tuple[list[FileRow], int]:
    rows, skipped = [], 0
    for file in files:
        for row in read_rows(file, column_map=columns, is_strict=is_strict):
            if not isinstance(row, FileRow):
                skipped += 1
                sys.stderr.write(f"skipped {row.place}: {row.reason}\n")
            elif chosen.takes(row):
                rows.append(row)
    return rows, skipped


def _with_budget(settings: Config, rows: list[FileRow], budget: float) -> Config:
    """Give every brand of the files this budget, whatever the settings say."""
    names = sorted({row.brand for row in rows if row.brand})
    brands: list[BrandSettings] = [
        settings.brand_named(name).model_copy(update={"false_pages_per_month": budget}) for name in names
    ]
    return settings.model_copy(update={"brands": tuple(brands)})


def _sentence(transition: Transition) -> str:
    incident = transition.incident
    return (
        f"{transition.at:%Y-%m-%d %H:%M} {incident.brand} state={incident.state.value} level={incident.level.word} "
        f"{incident.kind.value} {incident.headline}"
    )
