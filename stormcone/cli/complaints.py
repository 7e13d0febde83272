"""`stormcone complaints`: which customers complained in a week, and who of them was answered.

Shows what `stormcone.looking_back` measures; changes nothing.
"""

import json
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from alerts.cleaning import clean_for_sink, quote
from analysis.complaint_sentences import complaint_sentences, duration, platform_line
from stormcone.cli.options import ConfigOption, JsonOption, open_configured_store, read_config
from stormcone.config import BrandSettings, Config
from stormcone.errors import UsageError
from stormcone.journal import iso
from stormcone.looking_back import look_at_complaints
from stormcone.models.complaints import AnswerFigures, Complaint, ComplaintWeek
from stormcone.models.shares import Share
from stormcone.models.weeks import IsoWeek
from stormcone.store import Store, read_clock

_SHOWN = 20  # unanswered complaints; --json has all
_TEXT_CHARS = 120
_FIRST_YEAR = 1970  # instants are counted from there


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("complaints")(complaints)


def complaints(
    brand: Annotated[str | None, typer.Option(help="Only this one; default: every brand.")] = None,
    week: Annotated[str | None, typer.Option(help="ISO week such as 2026-W46; default: the running one.")] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 - typer's way
) -> None:
    """Say how many customers complained in a week, who got no answer in public, and how fast the others had theirs."""
    settings = read_config(config)
    store = open_configured_store(settings)
    try:
        now = read_clock(store.database).now()
        weeks = [
            look_at_complaints(store, each, chosen_week(week, now, each.zone), now=now, kinds=settings.kinds)
            for each in _brands(settings, store, brand)
        ]
    finally:
        store.close()
    for each in weeks:
        typer.echo(json.dumps(_told(each), ensure_ascii=False) if as_json else _sheet(each))


def chosen_week(text: str | None, now: datetime, zone: ZoneInfo) -> IsoWeek:
    """Return the week that an option names, the running one where it names none.

    Raises: UsageError: it is no week, or one that has not begun.
    """
    current = IsoWeek.of(now, zone)
    if text is None:
        return current
    try:
        week = IsoWeek.parse(text)
    except ValueError:
        raise UsageError(f"--week {text!r}: give an ISO week such as {current.name}") from None
    if week > current:
        raise UsageError(f"--week {text}: it has not begun; this is {current.name}")
    if week.year < _FIRST_YEAR:
        raise UsageError(f"--week {text}: nobody wrote online then; give an ISO week such as {current.name}")
    return week


def _brands(settings: Config, store: Store, name: str | None) -> list[BrandSettings]:
    known = sorted({each.name for each in settings.brands} | set(store.reads.brands()))
    if name is not None and name not in known:
        raise UsageError(f"--brand {name!r}: there is none of that name; known: {', '.join(known) or 'none'}")
    return [settings.brand_named(each) for each in ([name] if name is not None else known)]


def _told(week: ComplaintWeek) -> dict[str, object]:
    return {
        "brand": week.brand,
        "week": week.week.name,
        "measured_at": iso(week.measured_at),
        **_figures(week.figures),
        "by_platform": [
            {"platform": each.platform, "is_collected": each.is_collected, "gap_hours": each.gap_hours}
            | _figures(each.figures)
            for each in week.platforms
        ],
        "by_hour": [{"hour": each.hour} | _figures(each.figures) for each in week.hours],
        "unanswered": [_complaint(each) for each in week.unanswered],
        "unread": week.unread,
        "is_cut": week.is_cut,
        "told": complaint_sentences(week),
    }


def _figures(figures: AnswerFigures) -> dict[str, object]:
    """Return figures for machines; "unknown" is no nought, and null is nobody to ask it of."""
    state = "none" if not figures.complaints else "known" if figures.is_known else "unknown"
    return {
        "complaints": figures.complaints,
        "state": state,
        "answered": figures.answered if figures.is_known else None,
        "unanswered_complaints": figures.open if figures.is_known else None,
        "unknown": figures.unknown,
        "response_rate": _share(figures.rate),
        "median_response_time": figures.median_minutes,
        "median_open_minutes": figures.median_open_minutes,
        "longest_open_minutes": figures.longest_open_minutes,
    }


def _share(share: Share | None) -> dict[str, float] | None:
    return {"value": share.value, "low": share.low, "high": share.high, "n": share.n} if share else None


def _complaint(each: Complaint) -> dict[str, object]:
    return {
        "platform": each.platform,
        "id": each.mention_id,
        "author": each.author,
        "posted_at": iso(each.posted_at),
        "text": each.text,
        "url": each.url,
        "sign": each.sign.value,
        "waited_minutes": each.waited_minutes,
    }


def _sheet(week: ComplaintWeek) -> str:
    lines = [f"{_clean(week.brand)}  {week.week.name}"]
    lines += [f"  {clean_for_sink(each, max_chars=400)}" for each in complaint_sentences(week)]
    lines += [
        f"  {platform_line(_clean(each.platform), each.figures, is_known=each.is_collected)}" for each in week.platforms
    ]
    lines += [f"  {platform_line(f'{each.hour:02}:00', each.figures)}" for each in week.hours]
    if week.unanswered:
        lines.append("  unanswered, oldest first:")
    lines += [f"    {_line(each)}" for each in week.unanswered[:_SHOWN]]
    if len(week.unanswered) > _SHOWN:
        lines.append(f"    and {len(week.unanswered) - _SHOWN} more; --json has all")
    return "\n".join(lines)


def _line(each: Complaint) -> str:
    link = clean_for_sink(each.url, max_chars=200) if each.url else f"no link, id {_clean(each.mention_id)}"
    said = quote(each.text, max_chars=_TEXT_CHARS) or "(words are gone)"
    waited = duration(each.waited_minutes)
    return f"{iso(each.posted_at)}  {_clean(each.platform)}  waits {waited}  {link}  {said}"


def _clean(text: str) -> str:
    return clean_for_sink(text, max_chars=60)
