"""The brand's own posts by risk: the number first, the text last, so that a narrow column hides the text."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from dashboard import wording
from dashboard.now_view import PostRow
from dashboard.widgets.tables import columns


def draw_own_posts(rows: Sequence[PostRow], now: datetime) -> None:
    """Draw the table."""
    with st.container(border=True, key="now_own_posts", height="stretch"):
        st.subheader("Own posts by risk", anchor=False, help="Own posts of the last 7 days, most voices against first.")
        if not rows:
            st.caption("The brand published nothing in the last 7 days, as far as it was collected.")
            return
        st.dataframe(
            columns(
                {
                    "Against": [round(row.against, 1) for row in rows],
                    "Replies": [row.replies for row in rows],
                    "Ratio": [row.ratio for row in rows],
                    "Age": [wording.duration(now - row.posted_at) for row in rows],
                    "Post": [f"[deleted] {row.text}" if row.is_deleted else row.text for row in rows],
                }
            ),
            column_config={
                "Against": st.column_config.NumberColumn(
                    format="%.0f", width=70, help="Distinct voices against the brand in its thread", pinned=True
                ),
                "Replies": st.column_config.NumberColumn(format="%d", width=65),
                "Ratio": st.column_config.NumberColumn(format="%.1f", width=55, help="Replies and quotes per like"),
                "Age": st.column_config.TextColumn(width=75),
                "Post": st.column_config.TextColumn(width="medium"),
            },
            hide_index=True,
            height="content",
            key="own_posts_table",
            placeholder="unknown",
            alt=f"Own posts by risk; the riskiest has {rows[0].against:.0f} voices against.",
        )
