"""What happened in an incident, in order, each with its reasons in numbers.

One block of HTML with every text escaped: a storm has hundreds of entries, and they are redrawn every few seconds.
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import wording
from dashboard.escaping import for_html
from dashboard.now_view import verdict_of
from dashboard.widgets.level_badge import chip
from stormcone.models import Decision, IncidentEvent, Moment


def draw_timeline(
    events: Sequence[IncidentEvent], zone: ZoneInfo, now: datetime, *, newest_first: bool = False
) -> None:
    """Draw the list. Args: events: oldest first; that more is known now is shown elsewhere, as what is known."""
    events = [event for event in events if event.moment is not Moment.EXPLAINED]
    if not events:
        st.caption("Nothing has happened yet.")
        return
    shown = list(reversed(events)) if newest_first else list(events)
    entries = "".join(_entry(event, zone, now) for event in shown)
    st.html(f'<ol class="sc-timeline">{entries}</ol>')


def _entry(event: IncidentEvent, zone: ZoneInfo, now: datetime) -> str:
    local = wording.clock_time(event.at, zone, now=now)
    by = f" by {for_html(event.by, max_chars=60)}" if event.by else ""
    facts = f"{wording.KIND_WORDS[event.kind]} · severity {event.severity} · {wording.STATE_WORDS[event.state]}"
    return (
        f'<li><time datetime="{event.at.isoformat()}" title="{wording.in_utc(event.at)}">{local}</time><div>'
        f"<strong>{wording.MOMENT_WORDS[event.moment]}{by}</strong> {chip(event.level)} {facts}"
        f"{_why(event)}{_reasons(event)}</div></li>"
    )


def _why(event: IncidentEvent) -> str:
    if event.why:
        headline = f"<p>{for_html(event.headline)}</p>" if event.moment is Moment.REOPENED else ""
        return f"<p>{for_html(_said(event.why), max_chars=500)}</p>{headline}"
    return f"<p>{for_html(event.headline)}</p>" if event.moment is not Moment.ACKNOWLEDGED else ""


def _said(why: str) -> str:
    """Put a recorded decision into the words of its button: `hold: no facts yet` -> `Hold: no facts yet`."""
    decision, separator, reason = why.partition(": ")
    if decision in set(Decision):
        return f"{wording.DECISION_WORDS[Decision(decision)]}{separator}{reason}"
    return why


def _reasons(event: IncidentEvent) -> str:
    verdict = verdict_of(event)
    if verdict is None or not verdict.reasons:
        return ""
    lines = "".join(f"<li>{for_html(reading.text)}</li>" for reading in verdict.reasons)
    trust = for_html(wording.TRUST_WORDS[verdict.trust])
    return (
        f"<details><summary>Why: {len(verdict.reasons)} readings, {trust}</summary>"
        f"<ul style='list-style:disc'>{lines}</ul></details>"
    )
