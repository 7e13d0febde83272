"""`stormcone status`: how sources, watcher and brands are, while a watcher runs or not."""

import json
from datetime import datetime

import typer

from alerts.rota import on_call
from stormcone.cli.options import ConfigOption, JsonOption, open_configured_store, read_config
from stormcone.clock import SystemClock
from stormcone.collecting.thrift import standing
from stormcone.config import Config
from stormcone.journal import iso, read_verdict
from stormcone.models import Level, SourceHealth
from stormcone.models.heartbeats import Part, Pulse
from stormcone.pipeline.watcher import LEASE
from stormcone.ports import SourceSettings
from stormcone.store import Spent, Store, read_clock

_OFF = "off"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("status")(status)


def status(config: ConfigOption = None, as_json: JsonOption = False) -> None:  # noqa: FBT002 - typer's way
    """Say how sources, watcher, brands and open incidents are."""
    settings = read_config(config)
    store = open_configured_store(settings)
    now = read_clock(store.database).now()
    duty = on_call(settings.rota, now)
    told: dict[str, object] = {
        "at": iso(now),
        "watcher": store.leases.holder(LEASE, now=SystemClock().now()),
        "on_call": duty.primary if duty else None,
        "sources": _sources(settings, store, now),
        "heartbeats": _heartbeats(store),
        "brands": _brands(settings, store, now),
        "incidents": [
            {"incident": each.id, "brand": each.brand, "state": each.state.value, "level": each.level.word}
            for each in store.incidents.live()
        ],
    }
    store.close()
    typer.echo(json.dumps(told, ensure_ascii=False) if as_json else _sheet(told))


def _sources(settings: Config, store: Store, now: datetime) -> list[dict[str, object]]:
    health = {each.name: each for each in store.sources.health()}
    spent = store.spending.by_source(at=now)
    return [
        _source(name, health.get(name), is_on=source.enabled, now=now)
        | (_burn(source, spent.get(name, Spent())) if source.enabled else {})
        for name, source in sorted(settings.sources.items())
    ]


def _burn(settings: SourceSettings, spent: Spent) -> dict[str, object]:
    """Return what a source has spent of the month's money, and what it leaves out for it."""
    left = standing(settings, requests_today=spent.requests_today, cost_usd_month=spent.cost_usd_month)
    return {
        "cost_this_month": round(spent.cost_usd_month, 6),
        "cost_limit": settings.cost_usd_per_month,
        "thrift": left.thrift.name.lower(),
    }


def _source(name: str, health: SourceHealth | None, *, is_on: bool, now: datetime) -> dict[str, object]:
    if not is_on or health is None:
        return {
            "name": name,
            "state": _OFF if not is_on else "stale",  # never polled yet: not known to be well
            "last_success_at": None,
            "lag_seconds": None,
            "gaps": 0,
            "requests": 0,
            "billed_cost": 0.0,
        }
    is_today = health.spent_on == now.date().isoformat()
    return {
        "name": name,
        "state": health.state(now).value,
        "last_success_at": iso(health.last_success_at) if health.last_success_at else None,
        "lag_seconds": round(health.lag_seconds(now), 3),
        "gaps": health.open_gaps,
        "requests": health.requests_today if is_today else 0,
        "billed_cost": round(health.cost_usd_today, 6) if is_today else 0.0,
        "last_error": health.last_error,
    }


def _heartbeats(store: Store) -> list[dict[str, object]]:
    """Return how each part of the watcher is, in real time; one that was never heard of is unknown, not well."""
    newest, now = store.heartbeats.newest(), SystemClock().now()
    return [
        {
            "part": part.value,
            "state": (sign.pulse(now) if (sign := newest.get(part)) else Pulse.UNKNOWN).value,
            "age_seconds": round(sign.age_seconds(now), 1) if sign else None,
            "detail": sign.detail if sign else None,
        }
        for part in Part
    ]


def _brands(settings: Config, store: Store, now: datetime) -> list[dict[str, object]]:
    """Return how the brands are; calm is not claimed while a source is silent."""
    brands: list[dict[str, object]] = []
    polled = settings.enabled_sources
    silent = [each.name for each in store.sources.health() if each.name in polled and each.is_silent(now)]
    for name in sorted({brand.name for brand in settings.brands} | set(store.reads.brands())):
        line = store.readings.newest(name)
        verdict = read_verdict(line) if line else None
        is_known = verdict is not None and not (silent and verdict.level == Level.CALM.word)
        brands.append(
            {
                "brand": name,
                "level": verdict.level if verdict and is_known else "unknown",
                "silent_sources": silent,
                "trust": verdict.trust.value if verdict else "unknown",
                "at": iso(verdict.at) if verdict else None,
                **_budget(settings, store, name),
            }
        )
    return brands


def _budget(settings: Config, store: Store, brand: str) -> dict[str, object]:
    """Return what was promised of false pages and what was kept; "unknown" is not zero."""
    standing = store.budget.newest(brand)
    realised = standing.realised_per_month if standing else None
    return {
        "false_pages_promised": settings.brand_named(brand).false_pages_per_month,
        "false_pages_realised": "unknown" if realised is None else round(realised, 2),
        "watched_days": round(standing.watched_days, 1) if standing else 0.0,
        "pages": standing.pages if standing else 0,
        "judged_false": standing.judged_false if standing else 0,
        "not_judged": standing.not_judged if standing else 0,
        "allowance": round(standing.factor, 3) if standing else 1.0,
    }


def _sheet(told: dict[str, object]) -> str:
    lines = [f"{told['at']}  watcher: {told['watcher'] or 'none'}  on call: {told['on_call'] or 'nobody'}"]
    for part in ("sources", "heartbeats", "brands", "incidents"):
        entries = told[part]
        assert isinstance(entries, list)
        lines.append(f"{part}: none" if not entries else f"{part}:")
        lines += ["  " + "  ".join(f"{key}={value}" for key, value in entry.items()) for entry in entries]
    return "\n".join(lines)
