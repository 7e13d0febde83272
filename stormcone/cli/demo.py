"""`stormcone demo`: a seeded drill of a fictional brand through the whole live stack, on a fast clock.

Nothing is simulated but the mentions and the time: the same collector port, store, detectors, notices and dashboard as
in production. Everything lives in one folder, thrown away at the end unless `--keep` names one.
"""

import os
import socket
import sys
import tempfile
import time
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from collectors.drills.generation import Drill, generate
from collectors.drills.scenario import Scenario, drill_names, load_scenario
from stormcone.cli.logs import log_to_file
from stormcone.cli.serving import showing_dashboard, until_told
from stormcone.clock import DrillClock, SystemClock
from stormcone.config import Config, load_config
from stormcone.errors import StormconeError
from stormcone.journal import iso
from stormcone.models import Batch, Moment, Transition
from stormcone.pipeline import build_pipeline
from stormcone.pipeline.building import build_channels, build_collectors
from stormcone.pipeline.watcher import Watcher
from stormcone.store import Store, open_store, write_drill_clock

_SPEED = 60.0
_HISTORY_DAYS = 14.0
_AT_ONCE = 2_000
_LEAST_PLAYED = 0.8  # of the time given, however long the preparation took: a drill told in a second tells nothing
_LEAD_SECONDS = 3.0  # real time in which everything starts, before simulated time begins
_SLACK = 0.9  # of the time left, the drill takes so much: the rest is for the last notices
_SILENT = {Moment.ESCALATED, Moment.REMINDER, Moment.DECIDED, Moment.SNOOZED, Moment.EXPLAINED}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(demo)


def demo(
    drill: Annotated[str, typer.Option(help=f"One of {', '.join(drill_names())}.")] = "arms-photo-day",
    speed: Annotated[float | None, typer.Option(min=0.1, help="Simulated seconds per second; default 60.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port of the dashboard.")] = None,
    headless: Annotated[bool, typer.Option("--headless", help="Open no browser.")] = False,  # noqa: FBT002 - typer's way
    no_dashboard: Annotated[bool, typer.Option("--no-dashboard", help="Console only.")] = False,  # noqa: FBT002
    seconds: Annotated[
        float | None, typer.Option("--for", min=1, help="End after so many seconds; sets the speed.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed, another crowd.")] = 1,
    keep: Annotated[Path | None, typer.Option(help="Folder that keeps config.toml, database and logs.")] = None,
) -> None:
    """Play a drill and show what Stormcone makes of it."""
    began = time.monotonic()
    scenario = load_scenario(drill)
    with _folder(keep) as folder:
        stage = _prepare(scenario, folder, port=port or _free_port(8501), seed=seed)
        left = None if seconds is None else max(seconds - (time.monotonic() - began), seconds * _LEAST_PLAYED)
        lead = _LEAD_SECONDS if left is None else min(_LEAD_SECONDS, left / 4)
        pace = speed or (_SPEED if left is None else _fitting_speed(stage.played, left - lead))
        clock = stage.start_clock(pace, lead)
        _introduce(scenario, clock, pace)
        if seconds is None and no_dashboard:
            left = lead + (clock.simulated_end - clock.simulated_start).total_seconds() / pace / _SLACK
        _play(stage, clock, pace, left, shows=not no_dashboard, opens=not headless)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stage:
    """A prepared folder: settings, a database with a past, and the drill that will be played on it."""

    path: Path
    config: Config
    store: Store
    played: Drill

    def start_clock(self, pace: float, lead_seconds: float) -> DrillClock:
        """Let simulated time begin in so many seconds of real time."""
        clock = DrillClock(
            real_start=time.time() + lead_seconds,
            simulated_start=self.played.starts_at,
            simulated_end=self.played.ends_at,
            speed=pace,
        )
        write_drill_clock(self.store.database, clock)
        return clock


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="stormcone-demo-") as name:
            yield Path(name)
        return
    try:
        keep.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StormconeError(f"--keep {keep}: cannot be made ({error.strerror}); name another folder") from error
    if (keep / "stormcone.db").exists():
        raise StormconeError(f"--keep {keep}: holds an earlier demo; name an empty folder")
    log_to_file(keep / "stormcone.log")
    yield keep


def _prepare(scenario: Scenario, folder: Path, *, port: int, seed: int) -> _Stage:
    """Write the settings, and give the brand a past to compare with."""
    starts_at = scenario.start_on(SystemClock().now().date())
    path = folder / "config.toml"
    path.write_text(
        _SETTINGS.format(
            brand=scenario.brand,
            handle=scenario.handle,
            drill=scenario.name,
            seed=seed,
            starts_at=iso(starts_at),
            port=port,
        ),
        encoding="utf-8",
    )
    config = load_config(path)
    store = open_store(config.store.url, folder=config.folder)
    played = generate(scenario, start=starts_at, seed=seed, history_days=_HISTORY_DAYS)
    ingest = build_pipeline(config, store, SystemClock()).ingest
    for start in range(0, len(played.history), _AT_ONCE):
        ingest.take(Batch(mentions=played.history[start : start + _AT_ONCE]))
    past = tuple(seen for seen in played.engagements if seen.seen_at < played.starts_at)
    ingest.take(Batch(engagements=past))
    return _Stage(path=path, config=config, store=store, played=played)


def _play(stage: _Stage, clock: DrillClock, pace: float, left: float | None, *, shows: bool, opens: bool) -> None:
    config = stage.config
    watcher = Watcher(
        build_pipeline(config, stage.store, clock),
        build_collectors(config, clock, stage.store),
        build_channels(config, threads=stage.store.threads),
        owner=f"demo:{os.getpid()}",
        pace=pace,
        tell=_tell,
    )
    showing = showing_dashboard(stage.path, host=config.dashboard.host, port=config.dashboard.port)
    with until_told(left) as told, showing if shows else nullcontext():
        if shows and opens and sys.stdout.isatty():
            webbrowser.open(config.dashboard.public_url)
        watcher.start()
        told.wait()
        watcher.stop()
    stage.store.close()


def _introduce(scenario: Scenario, clock: DrillClock, pace: float) -> None:
    length = clock.simulated_end - clock.simulated_start
    typer.echo(f"drill {scenario.name}: {scenario.story}")
    typer.echo(
        f"{length / timedelta(hours=1):.0f} simulated hours from {iso(clock.simulated_start)} at {pace:.0f}x speed; "
        "every text and name is invented. Ctrl-C ends it."
    )
    sys.stdout.flush()


def _tell(transition: Transition) -> None:
    """Print one line a transition."""
    if transition.moment in _SILENT:
        return
    incident = transition.incident
    line = (
        f"{transition.at:%Y-%m-%d %H:%M} {incident.brand} state={incident.state.value} level={incident.level.word} "
        f"{incident.kind.value} severity={incident.severity} {incident.headline}"
    )
    if transition.verdict is not None and transition.moment in {Moment.OPENED, Moment.UPDATED, Moment.REOPENED}:
        advice = transition.verdict.advice
        line += " | because " + "; ".join(reading.text for reading in transition.verdict.reasons)
        line += f" | advice: {advice.action.value} within {advice.within_minutes} min"
    typer.echo(line)
    sys.stdout.flush()


def _fitting_speed(played: Drill, seconds: float) -> float:
    return (played.ends_at - played.starts_at).total_seconds() / (seconds * _SLACK)


def _free_port(wanted: int) -> int:
    """Return the wanted port, or a free one where somebody has it."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise StormconeError("no free port on 127.0.0.1; end another server and try again")


_SETTINGS = """\
# Settings of a drill: a fictional brand, invented texts, simulated time.
[store]
url = "sqlite:///stormcone.db"

[dashboard]
port = {port}
public_url = "http://127.0.0.1:{port}"
refresh_seconds = 2

[[brand]]
name = "{brand}"
accounts = [{{ platform = "drill", handle = "{handle}" }}]

[collectors]
lease_seconds = 10

[collectors.drill]
name = "{drill}"
seed = {seed}
starts_at = "{starts_at}"
poll_seconds = 60

[[channels]]
id = "team"
type = "console"

[[channels]]
id = "pager"
type = "console"

[[people]]
id = "on-call"
channels = ["pager"]

[[people]]
id = "second"
channels = ["pager"]

[rota]
people = ["on-call", "second"]
catch_all = "second"
"""
