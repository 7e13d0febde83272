"""Incidents: all of them, newest first; `?incident=` shows one with everything that belongs to it."""

import streamlit as st

from dashboard.context import current_path, shared_context
from dashboard.guarding import calm
from dashboard.widgets.asking import draw_asked_dialog
from dashboard.widgets.incident_detail import draw_detail
from dashboard.widgets.incident_list import draw_list


def _live() -> None:
    with calm("incidents"):
        asked_for = st.query_params.get("incident")
        if asked_for is None:
            draw_list(current_path())
        else:
            draw_detail(current_path(), asked_for)


refresh_seconds = shared_context(current_path()).config.dashboard.refresh_seconds
st.fragment(_live, run_every=refresh_seconds)()
with calm("decision"):
    draw_asked_dialog(current_path())
