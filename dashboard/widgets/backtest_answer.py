"""The answer of a back-test: one sentence, the volume with a mark for each page, and the pages one by one."""

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import wording
from dashboard.backtest_view import Answer, AnswerRow
from dashboard.charts import USUAL, takeaway, volume_option
from dashboard.colours import palette
from dashboard.escaping import for_markdown, plain
from dashboard.widgets.tables import columns

_HEIGHT = 320


def draw_answer(answer: Answer, zone: ZoneInfo) -> None:
    """Draw everything."""
    with st.container(key="backtest_sentence"):
        st.subheader(for_markdown(answer.sentence), anchor=False)
    with st.container(key="backtest_volume", border=True):
        _draw_chart(answer, zone)
    with st.container(key="backtest_pages", border=True):
        _draw_rows(answer.rows, zone)
    if answer.silenced:
        with st.container(key="backtest_silenced", border=True):
            _draw_silenced(answer, zone)


def _draw_chart(answer: Answer, zone: ZoneInfo) -> None:
    frame = answer.frame
    option = volume_option(frame, zone=zone, palette=palette(st.context.theme.type))
    legend = option["legend"]
    # What is usual is not known for settings that nobody has watched with.
    option["legend"] = legend | {"data": [name for name in legend["data"] if name != USUAL]}
    st.echarts_chart(option, key="backtest_chart", height=_HEIGHT, alt=takeaway(frame))


def _draw_rows(rows: tuple[AnswerRow, ...], zone: ZoneInfo) -> None:
    st.subheader("Pages and warns", anchor=False, help="Each beside what really happened then, as far as it is stored.")
    if not rows:
        st.caption("Nobody would have been paged or warned.")
        return
    st.dataframe(
        columns(
            {
                "Mark": [row.letter for row in rows],
                "When": [_when(row.at, zone) for row in rows],
                "Level": [wording.LEVEL_WORDS[row.level] for row in rows],
                "Kind": [wording.KIND_WORDS[row.kind] for row in rows],
                "Severity": [row.severity for row in rows],
                "After opening": [wording.duration(row.after_opening) for row in rows],
                "In fact": [plain(row.in_fact) for row in rows],
                "What": [plain(row.headline) for row in rows],
            }
        ),
        column_config={
            "Mark": st.column_config.TextColumn(width=55, help="Its letter on the chart", pinned=True),
            "When": st.column_config.TextColumn(width=130),
            "Level": st.column_config.TextColumn(width=65),
            "Kind": st.column_config.TextColumn(width=85),
            "Severity": st.column_config.NumberColumn(format="%d of 5", width=75),
            "After opening": st.column_config.TextColumn(
                width=105, help="From the opening of the incident to this page or warn"
            ),
            "In fact": st.column_config.TextColumn(width=230),
            "What": st.column_config.TextColumn(width="large"),
        },
        hide_index=True,
        height="content",
        key="backtest_table",
        alt=f"{len(rows)} pages and warns, oldest first.",
    )


def _draw_silenced(answer: Answer, zone: ZoneInfo) -> None:
    st.subheader("Really paged, and silent with this budget", anchor=False)
    for each in answer.silenced:
        incident = each.incident
        st.page_link(
            "pages/2_incidents.py",
            label=f"#{incident.id} {_when(each.paged_at or incident.opened_at, zone)} "
            f"{for_markdown(incident.headline)}",
            query_params={"incident": str(incident.id), "brand": incident.brand},
        )


def _when(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%a %d %b %H:%M}"
