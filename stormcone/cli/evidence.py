"""`stormcone evidence` hands out what was sealed of an incident, and checks a bundle; `stormcone answer` takes facts.

A bundle is made of what the store holds; making one seals the present state as well. Never changes what was sealed.
"""

import json
from pathlib import Path
from typing import Annotated

import typer

from stormcone.acting import Acting
from stormcone.cli.options import ConfigOption, open_configured_store, read_config
from stormcone.config import default_path
from stormcone.errors import UsageError
from stormcone.evidence import Bundle, Finding, verify_bundle
from stormcone.mention_file import storable
from stormcone.store import read_clock

_MOST_ID = 2**63 - 1


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("evidence")(evidence)
    app.command("answer")(answer)


def evidence(
    incident: Annotated[int | None, typer.Argument(help="Id of the incident.", min=1, max=_MOST_ID)] = None,
    out: Annotated[Path | None, typer.Option(help="Write the sealed bundle (.zip) here.")] = None,
    verify: Annotated[Path | None, typer.Option(help="Check this bundle instead.")] = None,
    config: ConfigOption = None,
) -> None:
    """Write everything known of an incident as one sealed bundle, or check one."""
    if verify is not None:
        _verify(verify, config)
    elif incident is None or out is None:
        raise UsageError("give an incident and --out case.zip, or --verify case.zip")
    else:
        bundle = _bundle(incident, config)
        if out.exists():
            raise UsageError(f"--out {out}: exists already; evidence is never overwritten, choose another name")
        out.write_bytes(bundle.content)
        typer.echo(f"incident {incident}: {out}, {len(bundle.content):,} bytes; seal {bundle.seal}")


def answer(
    incident: Annotated[int, typer.Argument(help="Id of the incident.", min=1, max=_MOST_ID)],
    fact: Annotated[str, typer.Argument(help="Which fact, such as cause or harm_to_people.")],
    value: Annotated[str, typer.Argument(help="Its value, true, false, or unknown to take it back.")],
    by: Annotated[str, typer.Option(help="Who says so.")],
    config: ConfigOption = None,
) -> None:
    """Say what is known of an incident; the advice follows at once."""
    who = storable(by).strip()
    if not who:
        raise UsageError("--by: say who answers")
    settings = read_config(config)
    store = open_configured_store(settings)
    try:
        acting = Acting(config=settings, store=store, clock=read_clock(store.database))
        advised = acting.answer(incident, fact, _read(fact, value), by=who)
    finally:
        store.close()
    advice = advised.advice
    within = f" within {advice.within_minutes} minutes" if advice.within_minutes else ""
    typer.echo(f"incident {incident}: {fact} = {value}, by {who}; advice: {advice.action.value}{within}")
    typer.echo(f"  because {advice.because[0].text} [{advice.because[0].source}]")


def _read(fact: str, value: str) -> object:
    """Return a value as JSON would have it: a word, a number, true or false, a list for `said`."""
    if fact == "said" and not value.startswith("["):
        return value if value == "unknown" else [each.strip() for each in value.split(",")]
    try:
        return json.loads(value)
    except ValueError:
        return value


def _bundle(incident_id: int, path: Path | None) -> Bundle:
    settings = read_config(path)
    store = open_configured_store(settings)
    try:
        acting = Acting(config=settings, store=store, clock=read_clock(store.database))
        return acting.bundle(incident_id)
    finally:
        store.close()


def _verify(bundle: Path, path: Path | None) -> None:
    finding = verify_bundle(bundle)
    for flaw in finding.flaws:
        typer.echo(f"{bundle}: {flaw}", err=True)
    if finding.flaws:
        typer.echo(f"{bundle}: TAMPERED WITH, {len(finding.flaws)} flaws", err=True)
        raise typer.Exit(1)
    whole = f"{bundle}: whole, {finding.records} records with {finding.pieces} pieces, {finding.erased} of them erased"
    match _is_ours(finding, path):
        case None:
            typer.echo(f"{whole}; no database was asked whether it was made here: compare the seal {finding.seal}")
        case True:
            typer.echo(f"{whole}; made here, seal {finding.seal}")
        case False:
            typer.echo(f"{whole}, but this database never made it: seal {finding.seal}", err=True)
            raise typer.Exit(1)


def _is_ours(finding: Finding, path: Path | None) -> bool | None:
    """Tell whether the database of the settings made the bundle; None where there are no settings to ask."""
    if path is None and not default_path().exists():
        return None
    store = open_configured_store(read_config(path), is_read_only=True)
    try:
        return store.seals.knows_bundle(finding.seal)
    finally:
        store.close()
