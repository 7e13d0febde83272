"""`stormcone recovery`: what was left of storms that ended, one line each.

Reads the records that the watcher keeps; measures nothing.
"""

import json
from typing import Annotated

import typer

from alerts.cleaning import clean_for_sink
from stormcone.cli.options import ConfigOption, JsonOption, open_configured_store, read_config
from stormcone.errors import UsageError
from stormcone.journal import iso
from stormcone.models import Fading, Incident, LastingShift, RecoveryRecord, State
from stormcone.store import Store

_LISTED = 200  # incidents; far more than a year of one brand
_Row = tuple[Incident, RecoveryRecord | None]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("recovery")(recovery)


def recovery(
    incident: Annotated[
        int | None, typer.Option(help="Only this one; default: the latest 200.", min=1, max=2**63 - 1)
    ] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 - typer's way
) -> None:
    """Say how fast storms faded and whether the tone stayed worse: incidents that warned or paged, oldest first."""
    store = open_configured_store(read_config(config))
    try:
        found = store.recoveries.ended(limit=_LISTED) if incident is None else (_named(store, incident),)
    finally:
        store.close()
    for of, record in found:
        typer.echo(json.dumps(_told(of, record), ensure_ascii=False) if as_json else _line(of, record))


def _named(store: Store, identifier: int) -> _Row:
    of = store.incidents.get(identifier)
    if of.state is not State.RESOLVED:
        raise UsageError(f"incident {identifier}: it is {of.state.value}; its recovery is measured after its end")
    return of, store.recoveries.get(identifier)


def _told(of: Incident, record: RecoveryRecord | None) -> dict[str, object]:
    """Return the line for machines; `measured_at` is null where nothing was measured yet, or never will be."""
    told: dict[str, object] = {
        "incident": of.id,
        "brand": of.brand,
        "level": of.level.word,
        "kind": of.kind.value,
        "is_false_alarm": of.is_false_alarm,
        "opened_at": iso(of.opened_at),
        "ended_at": iso(of.resolved_at) if of.resolved_at else None,
        "measured_at": iso(record.measured_at) if record else None,
    }
    if record is None:
        return told
    found = record.recovery
    return told | {
        "peak_at": iso(found.peak_at) if found.peak_at else None,
        "peak_per_minute": found.peak_per_minute,
        "usual_per_minute": found.usual_per_minute,
        "to_half": {"minutes": found.to_half.minutes, "standing": found.to_half.standing.value},
        "to_baseline": {"minutes": found.to_baseline.minutes, "standing": found.to_baseline.standing.value},
        "net_sentiment": [_told_shift(shift) for shift in found.shifts],
    }


def _told_shift(shift: LastingShift) -> dict[str, object]:
    told: dict[str, object] = {"days": shift.days, "standing": shift.standing.value}
    change = shift.change
    if change is None:
        return told
    return told | {
        "before": change.before,
        "after": change.after,
        "change": change.change,
        "low": change.low,
        "high": change.high,
        "is_lasting": change.is_lasting,
    }


def _line(of: Incident, record: RecoveryRecord | None) -> str:
    ended = iso(of.resolved_at) if of.resolved_at else "unknown"
    head = f"incident {of.id}  {clean_for_sink(of.brand, max_chars=60)}  {of.level.word}  ended {ended}"
    if record is None:
        return f"{head}  not measured"
    found = record.recovery
    parts = [f"half {_fading(found.to_half)}", f"usual {_fading(found.to_baseline)}", *map(_shift, found.shifts)]
    return "  ".join([head, *parts])


def _fading(fading: Fading) -> str:
    if fading.minutes is None:
        return fading.standing.value
    return f"after {fading.minutes:.0f} min"


def _shift(shift: LastingShift) -> str:
    change = shift.change
    if change is None:
        return f"{shift.days} d {shift.standing.value}"
    verdict = "lasting" if change.is_lasting else "no lasting shift"
    return f"{shift.days} d {change.change:+.2f} ({change.low:+.2f} to {change.high:+.2f}, {verdict})"
