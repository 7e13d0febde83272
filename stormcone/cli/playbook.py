"""`stormcone playbook` and `stormcone pause-queue`: what a team needs at hand in a storm, and the one hook it may pull.

The playbook is printed and never sent; telephone numbers stand on standard output only. The hook asks the scheduler in
use, because a person typed the command, and is kept in the incident's timeline.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from alerts.cleaning import clean_for_sink
from alerts.pausing import QueueEvent, Reception
from stormcone.advising import advised_on, advised_since
from stormcone.checklists import StandingAdvice, checklist, verdicts_of
from stormcone.cli.options import ConfigOption, open_configured_store, read_config
from stormcone.config import PlaybookSettings
from stormcone.errors import StormconeError, UsageError
from stormcone.models import Cause
from stormcone.queue_asking import ask_scheduler, told
from stormcone.statements import Statement, languages, statements_for
from stormcone.store import read_clock

_Incident = Annotated[int, typer.Argument(help="Id of the incident.", min=1, max=2**63 - 1)]
_LINE_CHARS = 4000


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("playbook")(playbook)
    app.command("pause-queue")(pause_queue)


def playbook(
    incident: _Incident,
    language: Annotated[str | None, typer.Option(help="Two-letter code of the statements' language.")] = None,
    cause: Annotated[
        str | None, typer.Option(help="Why people are angry, where you know it; else as answered.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Print holding statements, the steps of the advised action, and who to call. Nothing is sent."""
    settings = read_config(config)
    store = open_configured_store(settings)
    try:
        found = store.incidents.get(incident)
        events, answers = store.incidents.events(incident), store.answers.of(incident)
        now = read_clock(store.database).now()
    finally:
        store.close()
    zone = settings.brand_named(found.brand).zone
    verdicts = verdicts_of(events)
    advised = advised_on(verdicts[0] if verdicts else None, answers, settings.advice)
    standing = StandingAdvice(advice=advised.advice, since=advised_since(events, advised, found.opened_at))
    statements = statements_for(
        found,
        settings.playbook,
        zone=zone,
        language=language,
        cause=_cause(cause) if cause else advised.facts.cause,
        explanation=next((each.explanation for each in verdicts if each.explanation), None),
    )
    lines = [
        f"incident {incident}: {found.headline}",
        *_statement_lines(statements, languages(settings.playbook)),
        *_step_lines(standing, settings.playbook, zone, now),
        *_role_lines(settings.playbook),
    ]
    typer.echo("\n".join(clean_for_sink(line, max_chars=_LINE_CHARS) if line.strip() else "" for line in lines))


def pause_queue(
    incident: _Incident,
    by: Annotated[str, typer.Option(help="Who wants it.")],
    why: Annotated[str, typer.Option(help="Why, in a sentence.")],
    resume: Annotated[bool, typer.Option("--resume", help="Ask the scheduler to go on instead.")] = False,  # noqa: FBT002 - typer's way
    config: ConfigOption = None,
) -> None:
    """Ask the scheduler in use to pause its queue; kept in the incident's timeline. Exit 1 where it did not accept."""
    settings = read_config(config)
    store = open_configured_store(settings)
    event = QueueEvent.RESUME if resume else QueueEvent.PAUSE
    try:
        answer = ask_scheduler(settings, store, read_clock(store.database), incident, event, by=by, why=why)
    finally:
        store.close()
    if answer.reception is not Reception.ACCEPTED:
        raise StormconeError(f"incident {incident}: {told(answer)}")
    typer.echo(f"incident {incident}: {told(answer)}")


def _cause(word: str) -> Cause:
    try:
        return Cause(word.replace("-", "_").lower())
    except ValueError:
        raise UsageError(f"--cause {word!r}: give one of {', '.join(each.value for each in Cause)}") from None


def _statement_lines(statements: tuple[Statement, ...], known: tuple[str, ...]) -> Iterator[str]:
    yield ""
    yield f"STATEMENTS (drafts; Stormcone sends none of them; languages: {', '.join(known)})"
    if not statements:
        yield "none: there is none for this kind; add one as [[playbook.statements]]"
    for each in statements:
        meant = ", ".join(word for word in (each.cause, each.kind) if word) or "any incident"
        yield f"for {meant.replace('_', ' ')} ({each.language}{', your own' if each.is_own else ''}):"
        yield from each.text.split("\n")
        yield from each.notes
        yield ""


def _step_lines(standing: StandingAdvice, settings: PlaybookSettings, zone: ZoneInfo, now: datetime) -> Iterator[str]:
    yield f"STEPS for {standing.advice.action.value.replace('_', ' ')} (times of {zone.key})"
    steps = checklist(standing, settings)
    if not steps:
        yield "none: nothing is advised"
    for each in steps:
        late = ", late" if each.is_late(now) else ""
        due = each.due_at.astimezone(zone)
        yield f"[ ] by {due:%d %b %H:%M}{late}: {each.who}: {each.text}"
    yield ""


def _role_lines(settings: PlaybookSettings) -> Iterator[str]:
    yield "ROLES, in the order of calling"
    if not settings.roles:
        yield "none: name them as [[playbook.roles]]"
    for number, each in enumerate(settings.roles, start=1):
        phone = each.phone.get_secret_value() if each.phone else "no number"
        note = f" ({each.note})" if each.note else ""
        yield f"{number}. {each.role}: {each.who}, {phone}{note}"
