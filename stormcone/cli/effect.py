"""`stormcone effect`: the clock of an incident, and what changed after the brand's answer and each decision.

Shows what `stormcone.looking_back` measures; changes nothing.
"""

import json
from typing import Annotated

import typer

from alerts.cleaning import clean_for_sink
from analysis.effect_sentences import clock_line, effect_sentences
from stormcone.cli.options import ConfigOption, JsonOption, open_configured_store, read_config
from stormcone.journal import iso
from stormcone.looking_back import look_at_incident
from stormcone.models.effects import Echo, IncidentEffect, Pace, Slope, Tone
from stormcone.models.shares import Share, Span
from stormcone.store import read_clock


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("effect")(effect)


def effect(
    incident: Annotated[int, typer.Argument(help="Id of the incident.", min=1, max=2**63 - 1)],
    answer: Annotated[
        str | None, typer.Option(help="Id of the own post that is the statement; default: the first own answer.")
    ] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 - typer's way
) -> None:
    """Say how long everything took, and what changed after the brand's answer, each decision and a deletion."""
    settings = read_config(config)
    store = open_configured_store(settings)
    try:
        now = read_clock(store.database).now()
        found = look_at_incident(store, store.incidents.get(incident), now=now, answer_id=answer)
    finally:
        store.close()
    typer.echo(json.dumps(_told(found), ensure_ascii=False) if as_json else _sheet(found))


def _told(found: IncidentEffect) -> dict[str, object]:
    answer = found.answer
    return {
        "incident": found.incident.id,
        "brand": found.incident.brand,
        "state": found.incident.state.value,
        "measured_at": iso(found.measured_at),
        "clock": {
            each.hand.value: {
                "at": iso(each.at) if each.at else None,
                "standing": each.standing.value,
                "minutes": each.minutes,
                "by": each.by,
            }
            for each in found.clock.times
        },
        "answer": {
            "platform": answer.platform,
            "id": answer.id,
            "account": answer.account or answer.author,
            "posted_at": iso(answer.posted_at),
            "url": answer.url,
            "is_assumed": found.is_answer_assumed,
        }
        if answer
        else None,
        "is_brand_wide": found.is_brand_wide,
        "slope": _slope(found.slope) if found.slope else None,
        "tone": _tone(found.tone) if found.tone else None,
        "decisions": [
            {"decision": each.record.decision.value, "at": iso(each.record.at), "by": each.record.by}
            | {"slope": _slope(each.slope)}
            for each in found.decisions
        ],
        "deletion": _echo(found.echo, is_seen=found.is_gone_seen) if found.echo else None,
        "told": effect_sentences(found),
    }


def _slope(slope: Slope) -> dict[str, object]:
    return {
        "standing": slope.standing.value,
        "window_minutes": slope.window_minutes,
        "before": _pace(slope.before),
        "after": _pace(slope.after),
        "ratio": _span(slope.ratio),
        "turn": slope.turn.value,
        "bend": _span(slope.bend),
        "bend_turn": slope.bend_turn.value,
    }


def _tone(tone: Tone) -> dict[str, object]:
    return {
        "standing": tone.standing.value,
        "below": _share(tone.below),
        "before": _share(tone.before),
        "change": _span(tone.change),
        "turn": tone.turn.value,
    }


def _echo(echo: Echo, *, is_seen: bool) -> dict[str, object]:
    return {
        "gone_at": iso(echo.gone_at),
        "is_seen": is_seen,
        "told": _slope(echo.told),
        "told_by_hour": echo.told_by_hour,
        "quoted": _slope(echo.quoted) if echo.quoted else None,
        "quoted_by_hour": echo.quoted_by_hour,
        "unread": echo.unread,
    }


def _pace(pace: Pace | None) -> dict[str, object] | None:
    return {"count": pace.count, "per_hour": pace.per_hour, "growth": pace.growth} if pace else None


def _span(span: Span | None) -> dict[str, float] | None:
    return {"value": span.value, "low": span.low, "high": span.high} if span else None


def _share(share: Share | None) -> dict[str, float] | None:
    return {"value": share.value, "low": share.low, "high": share.high, "n": share.n} if share else None


def _sheet(found: IncidentEffect) -> str:
    of = found.incident
    lines = [f"incident {of.id}  {clean_for_sink(of.brand, max_chars=60)}  {of.state.value}"]
    for each in found.clock.times:
        who = f"  by {clean_for_sink(each.by, max_chars=60)}" if each.by else ""
        lines.append(f"  {clock_line(each)}{f'  {iso(each.at)}' if each.at else ''}{who}")
    answer = found.answer
    if answer is not None:
        link = clean_for_sink(answer.url or f"{answer.platform} {answer.id}", max_chars=200)
        lines.append(f"  measured as the answer: {link}")
    lines += [f"  {each}" for each in effect_sentences(found)]
    return "\n".join(lines)
