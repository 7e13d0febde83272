"""Mentions against the brand, most reach first: what is being said, and by whom it is heard."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from dashboard import wording
from dashboard.now_view import HostileRow
from dashboard.widgets.tables import columns, marks

_ROWS_SHOWN = 10  # more scroll inside the card
_HEIGHT = 395


def draw_hostile(rows: Sequence[HostileRow], now: datetime) -> None:
    """Draw the table."""
    with st.container(border=True, key="now_hostile", height="stretch"):
        st.subheader(
            "Hostile mentions, most reach first",
            anchor=False,
            help="Of the last 2 hours; each text once, copies left out.",
        )
        if not rows:
            st.caption("Nobody spoke against the brand in the last 2 hours, as far as it was collected.")
            return
        st.dataframe(
            columns(
                {
                    "Followers": [row.followers for row in rows],
                    "Text": [row.text for row in rows],
                    "Author": [row.author or "unknown" for row in rows],
                    "Against": [row.p_against for row in rows],
                    **marks("Certainty", [row.certainty for row in rows]),
                    "Ago": [wording.duration(now - row.posted_at) for row in rows],
                    "Platform": [row.platform for row in rows],
                    "Link": [row.address for row in rows],
                }
            ),
            column_config={
                "Followers": st.column_config.NumberColumn(format="localized", width=85),
                "Text": st.column_config.TextColumn(width=290),
                "Author": st.column_config.TextColumn(width=105),
                "Against": st.column_config.NumberColumn(format="%.2f", width=65, help="0 to 1"),
                "Certainty": st.column_config.TextColumn(width=110, help=wording.CERTAINTY_HELP),
                "Platform": st.column_config.TextColumn(width=75),
                "Ago": st.column_config.TextColumn(width=80),
                "Link": st.column_config.LinkColumn(display_text="open", width=50),
            },
            hide_index=True,
            height="content" if len(rows) <= _ROWS_SHOWN else _HEIGHT,
            key="hostile_table",
            placeholder="unknown",
            alt="Hostile mentions of the last two hours, most followed authors first.",
        )
