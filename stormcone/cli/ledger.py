"""`stormcone ledger`: a week's pages, what they were worth and what they cost people.

Prints what stormcone.page_ledger counts; what each figure means stands in docs/page-ledger.md.
"""

import json
from datetime import timedelta
from typing import Annotated

import typer

from stormcone.cli.options import ConfigOption, JsonOption, open_configured_store, read_config
from stormcone.config import Config
from stormcone.errors import UsageError
from stormcone.journal import iso
from stormcone.models import BudgetStanding
from stormcone.models.page_ledger import LedgerPage, PageLedger, Waited
from stormcone.models.weeks import IsoWeek
from stormcone.page_ledger import read_ledger, read_week
from stormcone.store import read_clock

_COLUMN = 22


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("ledger")(ledger)


def ledger(
    week: Annotated[str | None, typer.Option(help="ISO week such as 2026-W46; default: the running one.")] = None,
    brand: Annotated[str | None, typer.Option(help="Name of a [[brand]]; default: all of them.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All brands together, as without --brand.")] = False,  # noqa: FBT002 - typer's way
    config: ConfigOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 - typer's way
) -> None:
    """Say how many pages a week had, how many were real, and how long people took."""
    settings = read_config(config)
    brands = _brands(settings, brand, everything=everything)
    store = open_configured_store(settings)
    try:
        now = read_clock(store.database).now()
        asked = read_week(week, now=now, zones=[settings.brand_named(name).zone for name in brands])
        counted = read_ledger(settings, store, brands, asked)
        standings = tuple(each for name in brands if (each := store.budget.newest(name)) is not None)
    finally:
        store.close()
    typer.echo(json.dumps(_told(asked, counted, standings)) if as_json else _sheet(asked, counted, standings))


def _brands(settings: Config, brand: str | None, *, everything: bool) -> tuple[str, ...]:
    known = tuple(each.name for each in settings.brands)
    if brand is None:
        return known
    if everything:
        raise UsageError("--brand and --all: give one of them")
    if brand not in known:
        raise UsageError(f"--brand {brand!r}: no such brand; known are {', '.join(known) or 'none'}")
    return (brand,)


def _told(week: IsoWeek, counted: PageLedger, standings: tuple[BudgetStanding, ...]) -> dict[str, object]:
    """Return the ledger for machines; seconds are null where so many pages wait that nobody knows."""
    precision = counted.precision
    return {
        "week": week.name,
        "brands": list(counted.brands),
        "pages": len(counted.pages),
        "real": counted.real,
        "noise": counted.noise,
        "unmarked": list(counted.unmarked),
        "precision": None
        if precision is None
        else {"value": precision.value, "low": precision.low, "high": precision.high},
        "to_acknowledge": _waited(counted.to_acknowledge),
        "to_decide": _waited(counted.to_decide),
        "escalated": counted.escalated,
        "people": [{"person": each.person, "pages": each.pages, "at_night": each.at_night} for each in counted.people],
        "advice": [
            {
                "action": each.action.value,
                "followed": each.followed,
                "otherwise": each.otherwise,
                "undecided": each.undecided,
            }
            for each in counted.advice
        ],
        "false_pages": {"promised": counted.promised_false, "realised": counted.noise},
        "budget": [
            {
                "brand": each.brand,
                "at": iso(each.at),
                "promised_per_month": each.promised_per_month,
                "realised_per_month": each.realised_per_month,
                "watched_days": each.watched_days,
            }
            for each in standings
        ],
        "list": [_page(each) for each in counted.pages],
    }


def _waited(each: Waited) -> dict[str, object]:
    return {"median_seconds": _seconds(each.median), "p90_seconds": _seconds(each.p90), "waiting": each.waiting}


def _page(each: LedgerPage) -> dict[str, object]:
    return {
        "incident": each.incident_id,
        "brand": each.brand,
        "at": iso(each.at),
        "judgement": each.judgement.value,
        "acknowledged_seconds": _seconds(each.acknowledged_after),
        "decided_seconds": _seconds(each.decided_after),
        "escalated": each.escalated,
        "advised": each.advised.value if each.advised else None,
        "decision": each.decision.value if each.decision else None,
    }


def _seconds(length: timedelta | None) -> float | None:
    return None if length is None else round(length.total_seconds(), 3)


def _sheet(week: IsoWeek, counted: PageLedger, standings: tuple[BudgetStanding, ...]) -> str:
    lines = [f"{week.name}, {', '.join(counted.brands) or 'no brand'}"]
    if counted.pages:
        lines += [f"{name:<{_COLUMN}}{value}" for name, value in _rows(counted)]
    else:
        lines.append("no pages: nobody was woken")
    lines += [f"{f'budget of {each.brand}':<{_COLUMN}}{_budget(each)}" for each in standings]
    return "\n".join(lines)


def _rows(counted: PageLedger) -> list[tuple[str, str]]:
    marked = counted.real + counted.noise
    unmarked = ", ".join(f"#{number}" for number in counted.unmarked)
    precision = counted.precision
    return [
        ("pages", str(len(counted.pages))),
        ("real, noise", f"{counted.real}, {counted.noise}"),
        ("not marked", f"{len(counted.pages) - marked}{f': incidents {unmarked}' if unmarked else ''}"),
        (
            "precision",
            "unknown: nobody has marked a page"
            if precision is None
            else f"{precision.value:.0%} ({precision.low:.0%} to {precision.high:.0%} at 80 %)",
        ),
        ("until acknowledged", _wait(counted.to_acknowledge)),
        ("until decided", _wait(counted.to_decide)),
        ("beyond first step", str(counted.escalated)),
        ("false pages", f"{counted.noise}, promised {counted.promised_false:.2f} a week"),
        *(
            (f"pages to {each.person}", f"{each.pages}, of them {each.at_night} between 22 and 7")
            for each in counted.people
        ),
        *(
            (
                f"advice {each.action.value}",
                f"followed {each.followed}, otherwise {each.otherwise}, undecided {each.undecided}",
            )
            for each in counted.advice
        ),
    ]


def _wait(each: Waited) -> str:
    def minutes(length: timedelta | None) -> str:
        return "unknown" if length is None else f"{length / timedelta(minutes=1):.1f} min"

    still = f", {each.waiting} of {each.of} never so far" if each.waiting else ""
    return f"median {minutes(each.median)}, 9 of 10 within {minutes(each.p90)}{still}"


def _budget(each: BudgetStanding) -> str:
    realised = "unknown" if each.realised_per_month is None else f"{each.realised_per_month:.2f}"
    return (
        f"promised {each.promised_per_month:g} a month, realised {realised} over {each.watched_days:.0f} watched days"
    )
