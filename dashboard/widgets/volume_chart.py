"""The volume and tone chart with its list of what happened when."""

from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import wording
from dashboard.charts import takeaway, volume_option
from dashboard.colours import palette
from dashboard.figures import Frame, Marker, Occurrence
from stormcone.models import Decision

_HEIGHT = 350


def draw_volume(frame: Frame, zone: ZoneInfo, *, is_known: bool) -> None:
    """Draw the chart of a window. Args: is_known: False where silence may only mean that nobody listened."""
    with st.container(border=True, key="now_volume", height="stretch"):
        st.subheader(
            "Volume and tone",
            anchor=False,
            help="Bars: mentions by tone. Band: the distinct voices that are usual at this hour, give or take two "
            "standard deviations. The running bar is left out.",
        )
        if frame.is_empty and all(frame.collected):
            st.caption(wording.SILENCE if is_known else wording.NOTHING_CAME)
        option = volume_option(frame, zone=zone, palette=palette(st.context.theme.type))
        st.echarts_chart(option, key="volume_chart", height=_HEIGHT, alt=takeaway(frame))
        if frame.markers:
            st.caption(" · ".join(_legend(marker, zone) for marker in frame.markers))


def _legend(marker: Marker, zone: ZoneInfo) -> str:
    return f"**{marker.letter}** " + ", ".join(_said(each, zone) for each in marker.occurrences)


def _said(occurrence: Occurrence, zone: ZoneInfo) -> str:
    label = occurrence.label
    if label in set(Decision):
        label = wording.DECISION_WORDS[Decision(label)].lower()
    what = f"{wording.HAPPENING_WORDS[occurrence.what]} {label}".strip()
    return f"{wording.clock_time(occurrence.at, zone)} {what}"
