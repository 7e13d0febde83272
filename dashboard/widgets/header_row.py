"""First row of a page: brand and window to choose, how fresh the sources are, which time it is."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import wording
from dashboard.escaping import for_markdown
from dashboard.figures import Window
from dashboard.life_signs import LifeSign
from dashboard.now_view import NowView
from stormcone.clock import DrillClock
from stormcone.models import SourceHealth, SourceState
from stormcone.models.heartbeats import Pulse

_COLOURS = {
    SourceState.OK: "green",
    SourceState.WAITING: "orange",
    SourceState.STALE: "red",
    SourceState.STOPPED: "red",
    SourceState.OFF: "gray",
}
_ICONS = {
    SourceState.OK: ":material/check_circle:",
    SourceState.WAITING: ":material/hourglass_top:",
    SourceState.STALE: ":material/warning:",
    SourceState.STOPPED: ":material/block:",
    SourceState.OFF: ":material/toggle_off:",
}

_PULSE_COLOURS = {Pulse.OK: "green", Pulse.SILENT: "red", Pulse.UNKNOWN: "gray"}
_PULSE_ICONS = {
    Pulse.OK: ":material/check_circle:",
    Pulse.SILENT: ":material/warning:",
    Pulse.UNKNOWN: ":material/help:",
}


def choose_brand(brands: tuple[str, ...]) -> str:
    """Draw the choice of a brand (`?brand=`) and return it; a single brand is only named."""
    if len(brands) == 1:
        st.markdown(f"**{for_markdown(brands[0])}**", width="content")
        return brands[0]
    chosen = st.selectbox("Brand", brands, key="brand", bind="query-params", label_visibility="collapsed", width=220)
    return chosen if chosen in brands else brands[0]


def choose_window() -> Window:
    """Draw the choice of a window (`?window=`) and return it."""
    chosen = st.segmented_control(
        "Window",
        [window.value for window in Window],
        default=Window.HOURS_2.value,
        required=True,
        key="window",
        bind="query-params",
        label_visibility="collapsed",
    )
    return Window(chosen) if chosen else Window.HOURS_2


def draw_drill(drill: DrillClock | None, view_time: str) -> None:
    """Say loudly that this is a drill: nobody may take its storm for a real one."""
    if drill is not None:
        with st.container(key="now_drill"):
            st.warning(f"DRILL, simulated time {view_time}, {drill.speed:g}x", icon=":material/theater_comedy:")


def draw_sources(view: NowView, zone: ZoneInfo) -> None:
    """Draw one chip a source, and the instant everything on the page is as of."""
    with st.container(horizontal=True, gap="small", horizontal_alignment="right", vertical_alignment="center"):
        for source in view.sources:
            _draw_source(source, view)
        if not view.sources:
            st.badge("no source yet", icon=":material/help:", color="gray")
        for sign in view.life_signs:
            _draw_life_sign(sign)
        local = view.now.astimezone(zone)
        st.caption(f"updated {local:%H:%M:%S} {local:%Z}", help=wording.in_utc(view.now), width="content")


def _draw_life_sign(sign: LifeSign) -> None:
    age = "" if sign.age_seconds is None else f" {wording.duration(timedelta(seconds=sign.age_seconds))}"
    st.badge(
        f"{sign.part.value} {wording.PULSE_WORDS[sign.pulse]}{age}",
        icon=_PULSE_ICONS[sign.pulse],
        color=_PULSE_COLOURS[sign.pulse],  # type: ignore[arg-type]  # the values are Streamlit's colour names
        help=wording.PART_HELP[sign.part],
    )


def _draw_source(source: SourceHealth, view: NowView) -> None:
    state = source.state(view.now)
    lag = wording.duration(timedelta(seconds=source.lag_seconds(view.now)))
    details = [f"Asked every {source.poll_seconds:g} s; last answer {lag} ago."]
    if source.open_gaps:
        details.append(f"{source.open_gaps} stretches were not collected.")
    if source.last_error:
        details.append(for_markdown(source.last_error))
    burn = next((each for each in view.burns if each.source == source.name), None)
    if burn is not None:
        details.append(for_markdown(burn.sentence))
    sparing = " · sparing" if burn is not None and burn.is_sparing else ""
    st.badge(
        f"{for_markdown(source.name, max_chars=30)} {wording.SOURCE_WORDS[state]} {lag}{sparing}",
        icon=_ICONS[state],
        color=_COLOURS[state],  # type: ignore[arg-type]  # the values are Streamlit's colour names
        help=" ".join(details),
    )
