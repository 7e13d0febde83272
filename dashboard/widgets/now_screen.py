"""The Now page as a whole: which cards it has, and in which order a person reads them."""

import streamlit as st

from dashboard import wording
from dashboard.context import shared_context
from dashboard.key_figures import certainty_line, key_figures
from dashboard.looking import brands, look_now
from dashboard.now_view import NowView
from dashboard.state import Unknown
from dashboard.widgets.budget_line import draw_budget
from dashboard.widgets.figure_cards import draw_cards
from dashboard.widgets.header_row import choose_brand, choose_window, draw_drill, draw_sources
from dashboard.widgets.hostile_mentions import draw_hostile
from dashboard.widgets.own_posts import draw_own_posts
from dashboard.widgets.snooze_buttons import draw_quiet
from dashboard.widgets.status_card import draw_status, draw_unknown
from dashboard.widgets.timeline import draw_timeline
from dashboard.widgets.volume_chart import draw_volume
from stormcone.errors import StoreError

_WIDE = (1.75, 1)


def draw_now(config_path: str) -> None:
    """Draw the page; a database that cannot be read is the state UNKNOWN, not an error."""
    choices, chips = st.columns((1, 1.3), vertical_alignment="center")
    found = brands(config_path)
    if not found:
        draw_unknown(Unknown.NO_VERDICT)
        st.caption("No brand is named in config.toml, and nothing was collected yet.")
        return
    with choices, st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        brand = choose_brand(found)
        window = choose_window()
    try:
        view = look_now(config_path, brand, window)
    except StoreError:
        draw_unknown(Unknown.DATABASE)
        return
    zone = shared_context(config_path).config.brand_named(brand).zone
    with chips, st.container(key="now_sources"):
        draw_sources(view, zone)
    draw_drill(view.drill, wording.clock_time(view.now, zone))
    draw_status(view, zone)
    draw_quiet(config_path, view.incidents[0] if view.incidents else None, brand, now=view.now, place="now")
    draw_cards(key_figures(view), certainty_line(view.recent.now, "these texts"))
    draw_budget(view)
    _draw_rest(view, config_path)


def _draw_rest(view: NowView, config_path: str) -> None:
    zone = shared_context(config_path).config.brand_named(view.brand).zone
    left, right = st.columns(_WIDE)
    with left:
        draw_volume(view.frame, zone, is_known=not view.status.unknown)
    with right:
        draw_own_posts(view.own_posts, view.now)
    left, right = st.columns(_WIDE)
    with left:
        draw_hostile(view.hostile, view.now)
    with right, st.container(border=True, key="now_timeline", height="stretch"):
        st.subheader("Timeline", anchor=False, help="What happened in the leading incident, newest first.")
        if view.incidents:
            with st.container(height=395, border=False):
                draw_timeline(view.events, zone, view.now, newest_first=True)
        else:
            st.caption("There is no live incident. Earlier ones are on the page Incidents.")
