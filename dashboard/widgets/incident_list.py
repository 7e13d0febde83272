"""All incidents, newest first; each row opens its incident."""

from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import wording
from dashboard.context import shared_context
from dashboard.escaping import for_html, for_markdown
from dashboard.incident_view import ListView
from dashboard.looking import brands, look_incidents
from dashboard.widgets.header_row import draw_drill
from dashboard.widgets.ledger_line import draw_ledger_line
from dashboard.widgets.level_badge import chip
from stormcone.models import Incident

_PER_PAGE = 20
_ALL, _LIVE = "All", "Live"


def draw_list(config_path: str) -> None:
    """Draw the page without `?incident=`."""
    brand = _chosen_brand(config_path)
    view = look_incidents(config_path, brand)
    named = brand or next(iter(brands(config_path)), None)
    zone = shared_context(config_path).config.brand_named(named).zone if named else ZoneInfo("UTC")
    draw_drill(view.drill, wording.clock_time(view.now, zone))
    with st.container(key="incidents_head", horizontal=True, vertical_alignment="center"):
        st.title("Incidents" if brand is None else f"Incidents of {for_markdown(brand)}", anchor=False)
        scope = st.segmented_control("Which", [_ALL, _LIVE], default=_ALL, required=True, label_visibility="collapsed")
    draw_ledger_line(config_path, brand)
    shown = [each for each in view.incidents if scope != _LIVE or each.state.is_live]
    if not shown:
        _say_empty(view)
        return
    page = 1
    if len(shown) > _PER_PAGE:
        page = st.pagination(-(-len(shown) // _PER_PAGE), key="incidents_page")
    with st.container(key="incidents_list", gap="small"):
        for incident in shown[(page - 1) * _PER_PAGE : page * _PER_PAGE]:
            _draw_row(config_path, incident, view)


def _chosen_brand(config_path: str) -> str | None:
    """Return the brand of `?brand=`; without one all are listed."""
    asked_for = st.query_params.get("brand")
    return asked_for if asked_for in brands(config_path) else None


def _say_empty(view: ListView) -> None:
    if view.incidents:
        st.caption("No incident is live. Choose All to see earlier ones.")
    else:
        st.caption("There was no incident yet: nothing rose above the level calm since collecting began.")


def _draw_row(config_path: str, incident: Incident, view: ListView) -> None:
    zone = shared_context(config_path).config.brand_named(incident.brand).zone
    opened = wording.clock_time(incident.opened_at, zone, now=view.now)
    facts = (
        opened,
        for_html(incident.brand, max_chars=60),
        wording.KIND_WORDS[incident.kind],
        f"severity {incident.severity} of 5",
        wording.STATE_WORDS[incident.state],
        *([f"taken by {for_html(incident.acknowledged_by, max_chars=60)}"] if incident.acknowledged_by else []),
    )
    with st.container(border=True, gap="xsmall"):
        st.html(f"{chip(incident.level)} <span title='{wording.in_utc(incident.opened_at)}'>{' · '.join(facts)}</span>")
        st.page_link(
            "pages/2_incidents.py",
            label=f"#{incident.id} {for_markdown(incident.headline)}",
            query_params={"incident": str(incident.id), "brand": incident.brand},
        )
