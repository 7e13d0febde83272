"""`stormcone rescore`: stored history through the scorer of today, so that old and new figures mean the same.

May be killed and run again at any time, also beside a running watcher, which is told to read its history anew.
"""

import json
from typing import Annotated

import typer

from stormcone.cli.options import ConfigOption, JsonOption, open_configured_store, read_config, read_instant
from stormcone.errors import UsageError
from stormcone.pipeline import build_pipeline
from stormcone.pipeline.rescoring import Rescored, Rescoring
from stormcone.store import Store, read_clock

_NAMED = 10  # brands named to somebody who mistyped one


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("rescore")(rescore)


def rescore(
    config: ConfigOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 - typer's way
    brand: Annotated[str | None, typer.Option(help="Only this brand.")] = None,
    since: Annotated[
        str | None, typer.Option(help="Only what was posted at or after this ISO date or instant.")
    ] = None,
    is_dry_run: Annotated[bool, typer.Option("--dry-run", help="Count, and change nothing.")] = False,  # noqa: FBT002
) -> None:
    """Score stored mentions again with the current scorer; verdicts and incidents stay as they were."""
    settings = read_config(config)
    earliest = read_instant("--since", since)
    store = open_configured_store(settings)
    _refuse_unknown(store, brand)
    scorer = build_pipeline(settings, store, read_clock(store.database)).scorer
    run = Rescoring(store, scorer, is_dry_run=is_dry_run)
    try:
        run.run(brand=brand, since=earliest)
    finally:
        if run.done.read and not is_dry_run:  # also where nothing changed: a run killed before may have left it to us
            store.mentions.note_rewritten_history()
        store.close()
    told = _told(run.done, scorer.name, is_dry_run=is_dry_run)
    typer.echo(
        json.dumps(told, ensure_ascii=False) if as_json else _sentence(run.done, scorer.name, is_dry_run=is_dry_run)
    )


def _refuse_unknown(store: Store, brand: str | None) -> None:
    stored = store.reads.brands()
    if brand is not None and brand not in stored:
        known = ", ".join(stored[:_NAMED]) or "nothing at all"
        raise UsageError(f"--brand {brand!r}: nothing is stored of it; there is {known}")


def _told(done: Rescored, scorer: str, *, is_dry_run: bool) -> dict[str, object]:
    return {
        "read": done.read,
        "rescored": done.rescored.total(),
        "changed_side": done.changed_side,
        "changed": done.changed,
        "from": dict(sorted(done.rescored.items())),
        "to": scorer,
        "dry_run": is_dry_run,
    }


def _sentence(done: Rescored, scorer: str, *, is_dry_run: bool) -> str:
    began = "would rescore" if is_dry_run else "rescored"
    old = ", ".join(f"{name} {count}" for name, count in sorted(done.rescored.items())) or "nothing"
    return (
        f"{began} {done.rescored.total()} of {done.read} mentions and own posts ({old} -> {scorer}); "
        f"{done.changed_side} changed side, {done.changed} rows differ"
    )
