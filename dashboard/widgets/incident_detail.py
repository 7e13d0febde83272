"""One incident: what it is, what was done, why it was believed, what was said, who was told."""

import re
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import wording
from dashboard.context import shared_context
from dashboard.escaping import for_html, for_markdown, plain
from dashboard.incident_view import DetailView
from dashboard.key_figures import certainty_line
from dashboard.looking import look_incident
from dashboard.widgets.advice_panel import draw_advice
from dashboard.widgets.decision_buttons import draw_decisions
from dashboard.widgets.header_row import draw_drill
from dashboard.widgets.incident_recovery import draw_recovery
from dashboard.widgets.incident_tables import draw_evidence, draw_notices, draw_readings
from dashboard.widgets.incident_why import draw_why
from dashboard.widgets.level_badge import draw_badge
from dashboard.widgets.playbook_panel import draw_playbook
from dashboard.widgets.snooze_buttons import draw_quiet
from dashboard.widgets.timeline import draw_timeline

_COLUMNS = (1.15, 6)
_NUMBER = re.compile("[0-9]{1,18}")  # what a database can count to


def draw_detail(config_path: str, asked_for: str) -> None:
    """Draw the page with `?incident=`. Args: asked_for: its value, whatever somebody typed."""
    st.page_link("pages/2_incidents.py", label="All incidents", icon=":material/arrow_back:", query_params={})
    view = look_incident(config_path, int(asked_for)) if _NUMBER.fullmatch(asked_for) else None
    if view is None:
        st.title("No such incident", anchor=False)
        st.caption(f"There is no incident {for_markdown(asked_for, max_chars=40)}; the list has those there are.")
        return
    config = shared_context(config_path).config
    zone = config.brand_named(view.incident.brand).zone
    draw_drill(view.drill, wording.clock_time(view.now, zone))
    _draw_head(view, zone)
    if view.incident.state.is_live:
        draw_quiet(config_path, view.incident, view.incident.brand, now=view.now, place="incident")
    with st.container(border=True, key="incident_advising"):
        draw_advice(config_path, view, zone)
    with st.container(border=True, key="incident_why"):
        draw_why(view.why, zone, view.now, is_live=view.incident.state.is_live)
    with st.container(border=True, key="incident_playbook"):
        draw_playbook(view, config, zone)
    left, right = st.columns((1.3, 1))
    with left, st.container(border=True, height="stretch"):
        st.subheader("Timeline", anchor=False)
        with st.container(key="incident_timeline"):
            draw_timeline(view.events, zone, view.now)
    with right, st.container(border=True, height="stretch"):
        st.subheader("Readings", anchor=False, help="What was measured when it was last told, beside what is usual.")
        draw_readings(view.verdict)
    if not view.incident.state.is_live:
        with st.container(border=True, key="incident_recovery"):
            draw_recovery(view, zone)
    with st.container(border=True, key="incident_evidence"):
        draw_evidence(view.evidence, zone, view.now)
    left, right = st.columns((1.75, 1))
    with left, st.container(border=True, key="incident_notices", height="stretch"):
        draw_notices(view.notices, view.deliveries, zone, view.now)
    with right, st.container(border=True, key="incident_share", height="stretch"):
        st.subheader("Share", anchor=False)
        st.code(f"{config.dashboard.public_url.rstrip('/')}/incidents?incident={view.incident.id}", language=None)


def _draw_head(view: DetailView, zone: ZoneInfo) -> None:
    incident = view.incident
    with st.container(border=True, key="incident_head"):
        badge, words = st.columns(_COLUMNS, gap="medium")
        with badge, st.container(key="incident_level"):
            draw_badge(incident.level)
        with words:
            st.title(for_markdown(incident.headline), anchor=False)
            st.html(_facts(view, zone))
            if view.severity_reasons:
                with st.container(key="incident_severity"):
                    st.html(_severity(view))
            warning = certainty_line(view.said, "the texts while this went on")
            if warning is not None:
                st.caption(f":material/info: {warning}")
            with st.container(key="incident_decisions", gap="small"):
                _draw_decisions(view, zone)


def _facts(view: DetailView, zone: ZoneInfo) -> str:
    incident = view.incident
    facts = {
        "Brand": for_html(incident.brand, max_chars=60),
        "State": wording.STATE_WORDS[incident.state],
        "Kind": wording.KIND_WORDS[incident.kind],
        "Severity": f"{incident.severity} of 5",
        "Opened": wording.clock_time(incident.opened_at, zone, now=view.now),
        "Peak": f"{wording.number(incident.peak_velocity_per_minute)} mentions a minute",
    }
    if incident.level_now is not incident.level:
        facts["Level now"] = wording.LEVEL_WORDS[incident.level_now].lower()
    if incident.acknowledged_by:
        facts["Taken by"] = for_html(incident.acknowledged_by, max_chars=60)
    if incident.resolved_at:
        facts["Resolved"] = wording.clock_time(incident.resolved_at, zone, now=view.now)
    if incident.post:
        facts["Own post"] = f"{for_html(incident.post[0], max_chars=30)} {for_html(incident.post[1], max_chars=40)}"
    return f'<dl class="sc-facts">{"".join(f"<div><dt>{k}</dt><dd>{v}</dd></div>" for k, v in facts.items())}</dl>'


def _severity(view: DetailView) -> str:
    lines = "".join(
        f"<li>{wording.SEVERITY_WORDS.get(each.signal, 'Severity')}: {for_html(each.text)}</li>"
        for each in view.severity_reasons
    )
    return f"<p>Severity {view.incident.severity} of 5, because:</p><ul style='list-style:disc'>{lines}</ul>"


def _draw_decisions(view: DetailView, zone: ZoneInfo) -> None:
    if view.incident.state.is_live:
        draw_decisions(view.incident, advised=view.advised.advice.action, place="incident")
    elif not view.decisions:
        st.caption("It is resolved; nothing was decided.")
    for record in view.decisions:
        at = wording.clock_time(record.at, zone, now=view.now)
        st.text(
            f"{at}  {wording.DECISION_WORDS[record.decision]}, {plain(record.by, max_chars=60)}: "
            f"{plain(record.why, max_chars=500)}"
        )
