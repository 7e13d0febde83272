"""`stormcone ack`, `decide`, `snooze` and `silence`: a person's acts from the command line.

The same pure life cycle as everywhere; the act, its notices and its record are one transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from stormcone.acting import Acting
from stormcone.cli.options import ConfigOption, open_configured_store, read_config
from stormcone.errors import UsageError
from stormcone.journal import iso
from stormcone.mention_file import storable
from stormcone.models import Decision, Kind, Silence
from stormcone.store import read_clock

_Incident = Annotated[int, typer.Argument(help="Id of the incident.", min=1, max=2**63 - 1)]
_Minutes = Annotated[float, typer.Option(help="For how many minutes.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("ack")(acknowledge)
    app.command("decide")(decide)
    app.command("snooze")(snooze)
    app.command("silence")(silence)


def acknowledge(
    incident: _Incident,
    by: Annotated[str, typer.Option(help="Who takes it over.")],
    config: ConfigOption = None,
) -> None:
    """Take an incident over: escalation stops."""
    who = _named(by)
    with _acting(config) as acting:
        acting.acknowledge(incident, by=who)
    typer.echo(f"incident {incident}: acknowledged by {who}")


def decide(
    incident: _Incident,
    decision: Annotated[
        str, typer.Argument(help="hold, respond, correct, apologise, delete, stand_by or false_alarm.")
    ],
    by: Annotated[str, typer.Option(help="Who decides.")],
    why: Annotated[str, typer.Option(help="Why, in a sentence.")] = "",
    config: ConfigOption = None,
) -> None:
    """Record a decision; Stormcone never acts on a platform. A false alarm closes the incident."""
    try:
        chosen = Decision(decision.replace("-", "_").lower())
    except ValueError:
        known = ", ".join(each.value for each in Decision)
        raise UsageError(f"decision {decision!r}: give one of {known}") from None
    who = _named(by)
    with _acting(config) as acting:
        acting.decide(incident, chosen, by=who, why=storable(why))
    typer.echo(f"incident {incident}: {chosen.value} recorded")


def snooze(
    incident: _Incident,
    by: Annotated[str, typer.Option(help="Who wants quiet.")],
    minutes: Annotated[float | None, typer.Option(help="For how many minutes.")] = None,
    why: Annotated[str, typer.Option(help="Why, in a sentence.")] = "",
    end: Annotated[bool, typer.Option("--end", help="End the quiet now.")] = False,  # noqa: FBT002 - typer's way
    config: ConfigOption = None,
) -> None:
    """Be quiet about one incident for 1 to 240 minutes; a higher level ends that early, then its steps go on."""
    who = _named(by)
    if end == (minutes is not None):
        raise UsageError("snooze: give either --minutes or --end")
    with _acting(config) as acting:
        if minutes is None:
            acting.end_snooze(incident, by=who)
            typer.echo(f"incident {incident}: snooze ended by {who}")
            return
        until = acting.snooze(incident, minutes=minutes, by=who, why=storable(why)).incident.snoozed_until
    typer.echo(f"incident {incident}: snoozed by {who} until {iso(until) if until else ''}")


def silence(
    brand: Annotated[str | None, typer.Option(help="Name of a [[brand]].")] = None,
    kind: Annotated[
        str | None, typer.Option(help="backlash, service, brigade, praise, campaign, news or unclear.")
    ] = None,
    minutes: _Minutes = 60,
    by: Annotated[str, typer.Option(help="Who wants it.")] = "",
    why: Annotated[str, typer.Option(help="Why, in a sentence.")] = "",
    lift: Annotated[int | None, typer.Option(help="End the silence of this number now.", min=1, max=2**63 - 1)] = None,
    show: Annotated[bool, typer.Option("--list", help="List the silences that last, and do nothing else.")] = False,  # noqa: FBT002 - typer's way
    config: ConfigOption = None,
) -> None:
    """Tell nobody of the incidents of a brand or kind for a while; its end tells what is left of them."""
    with _acting(config) as acting:
        if show:
            lines = [_shown(each) for each in acting.store.holding.silences(acting.clock.now())]
            typer.echo("\n".join(lines) or "no silence lasts")
        elif lift is not None:
            typer.echo(f"lifted: {_shown(acting.lift_silence(lift))}")
        else:
            meant = _kind(kind) if kind else None
            kept = acting.silence(brand=brand, kind=meant, minutes=minutes, by=_named(by), why=storable(why))
            typer.echo(_shown(kept))


def _kind(word: str) -> Kind:
    try:
        return Kind(word.lower())
    except ValueError:
        raise UsageError(f"--kind {word!r}: give one of {', '.join(each.value for each in Kind)}") from None


def _shown(each: Silence) -> str:
    what = " ".join(part for part in (each.brand, each.kind.value if each.kind else None) if part)
    why = f": {each.why}" if each.why else ""
    return f"silence {each.id}: {what} until {iso(each.until)}, by {each.by}{why}"


def _named(by: str) -> str:
    who = storable(by).strip()
    if not who:
        raise UsageError("--by '': say who; the team reads it")
    return who


@contextmanager
def _acting(path: Path | None) -> Iterator[Acting]:
    settings = read_config(path)
    store = open_configured_store(settings)
    try:
        yield Acting(config=settings, store=store, clock=read_clock(store.database))
    finally:
        store.close()
