"""`stormcone ack` and `stormcone decide`: a person's acts from the command line.

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
from stormcone.mention_file import storable
from stormcone.models import Decision
from stormcone.store import read_clock

_Incident = Annotated[int, typer.Argument(help="Id of the incident.", min=1, max=2**63 - 1)]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("ack")(acknowledge)
    app.command("decide")(decide)


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
