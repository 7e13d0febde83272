"""`stormcone doctor`: what is ready, and what keeps the rest from working, with the remedy; never guesses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import typer

from stormcone.cli.options import ConfigOption, open_configured_store, read_config
from stormcone.clock import SystemClock
from stormcone.config import Config
from stormcone.errors import ConfigError, StoreError
from stormcone.models import Outcome
from stormcone.pipeline.building import build_channels, missing_secret
from stormcone.pipeline.probing import Readiness, probe_sources
from stormcone.pipeline.sending_tests import send_tests
from stormcone.pipeline.watcher import LEASE
from stormcone.store import read_clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at; `trouble` is None where it is ready. state: the first word of a line of trouble.

    is_off: it was switched off, which is no trouble.
    """

    subject: str
    ready: str
    trouble: str | None = None
    state: str = "not ready"
    is_off: bool = False

    def __str__(self) -> str:
        word = self.state if self.trouble else "off" if self.is_off else "ready"
        return f"{word:<11}  {self.subject}: {self.trouble or self.ready}"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor")(doctor)


_SendTestOption = Annotated[bool, typer.Option("--send-test", help="Send a marked test over every channel.")]


def doctor(config: ConfigOption = None, send_test: _SendTestOption = False) -> None:  # noqa: FBT002 - typer's way
    """Look at settings, database, secrets, sources and channels; exit 1 where something is not ready."""
    settings = read_config(config)
    findings = [*_store(settings), *_brands(settings), *_sources(settings), *_channels(settings), *_people(settings)]
    if send_test:
        findings += _tests(settings)
    for finding in findings:
        typer.echo(str(finding))
    if any(finding.trouble for finding in findings):
        raise typer.Exit(1)


def _store(settings: Config) -> Iterable[Finding]:
    try:
        store = open_configured_store(settings)
    except (ConfigError, StoreError) as error:
        yield Finding(subject="database", ready="", trouble=str(error))
        return
    yield Finding(subject="database", ready=store.database.place)
    holder = store.leases.holder(LEASE, now=SystemClock().now())
    yield Finding(subject="watcher", ready=f"{holder} is watching" if holder else "none is running")
    store.close()


def _brands(settings: Config) -> Iterable[Finding]:
    trouble = None if settings.brands else "no [[brand]] is named; add one, or nothing is watched by keyword"
    yield Finding(subject="brands", ready=", ".join(brand.name for brand in settings.brands), trouble=trouble)


def _sources(settings: Config) -> Iterable[Finding]:
    if not settings.enabled_sources:
        yield Finding(subject="sources", ready="", trouble="no [collectors.NAME] section is on; add one")
    for each in probe_sources(settings, SystemClock()):
        is_ready = each.readiness is Readiness.READY
        yield Finding(
            subject=f"source {each.name}",
            ready=each.line,
            trouble=None if is_ready else each.line,
            state=each.readiness.value,
        )
    yield from _switched_off(settings)


def _switched_off(settings: Config) -> Iterable[Finding]:
    for name, source in settings.sources.items():
        if not source.enabled:
            lacks = missing_secret(source)
            first = "" if lacks is None else f"needs key: {lacks}, then "
            told = f"{first}enabled = true in [collectors.{name}] switches it on (docs/sources/{name}.md)"
            yield Finding(subject=f"source {name}", ready=told, is_off=True)


def _channels(settings: Config) -> Iterable[Finding]:
    if not settings.channels:
        yield Finding(subject="channels", ready="", trouble="no [[channels]] entry; nobody would be told")
    for name, channel in build_channels(settings).items():
        missing = missing_secret(channel.settings)
        yield Finding(subject=f"channel {name}", ready=channel.settings.type, trouble=missing or channel.check())


def _tests(settings: Config) -> Iterable[Finding]:
    """Send a test over each channel. The age is that of the last delivery before the test."""
    try:
        store = open_configured_store(settings)
    except (ConfigError, StoreError) as error:
        yield Finding(subject="tests of channels", ready="", trouble=str(error))
        return
    clock = read_clock(store.database)
    before, now = store.channels.last_successes(), clock.now()
    for tested in send_tests(settings, build_channels(settings), store, clock):
        age = _age(before, tested.channel, now)
        yield Finding(
            subject=f"test over {tested.channel}",
            ready=f"arrived; {age}",
            trouble=None if tested.reason is None else f"{tested.reason}; {age}",
            state="refused" if tested.outcome is Outcome.REFUSED else "failed",
        )
    store.close()


def _age(successes: Mapping[str, datetime], channel: str, now: datetime) -> str:
    at = successes.get(channel)
    if at is None:
        return "nothing was ever delivered over it before"
    return f"its last success was {max(0.0, (now - at).total_seconds()):.0f} s ago"


def _people(settings: Config) -> Iterable[Finding]:
    if not settings.people:
        yield Finding(subject="people", ready="none named; pages go to shared channels only")
        return
    has_duty = settings.rota.people or settings.rota.catch_all
    trouble = None if has_duty else "nobody is on call; name people or a catch_all in [rota]"
    yield Finding(subject="people", ready=", ".join(person.id for person in settings.people), trouble=trouble)
