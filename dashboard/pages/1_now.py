"""Now: how does the brand stand this minute, and what should be done?"""

import streamlit as st

from dashboard.context import current_path, shared_context
from dashboard.guarding import calm
from dashboard.widgets.asking import draw_asked_dialog
from dashboard.widgets.now_screen import draw_now


def _live() -> None:
    with calm("now"):
        draw_now(current_path())


refresh_seconds = shared_context(current_path()).config.dashboard.refresh_seconds
st.fragment(_live, run_every=refresh_seconds)()
with calm("decision"):
    draw_asked_dialog(current_path())
