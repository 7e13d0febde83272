"""The row of figures: even cards, two beside each other on a phone."""

from collections.abc import Sequence

import streamlit as st

from dashboard.key_figures import Card

_LEAST_WIDTH = 158  # pixels; five fit a desk, two a phone


def draw_cards(cards: Sequence[Card], warning: str | None) -> None:
    """Draw the cards in one even row, with what must be known of them all below."""
    st.caption("The last 30 minutes, beside the mean of the seven days before.")
    with st.grid(len(cards), min_column_width=_LEAST_WIDTH, gap="small", key="now_figures"):
        for card in cards:
            st.metric(
                card.label,
                card.value,
                card.change or card.beside,
                delta_color="inverse" if card.change else "off",
                delta_arrow="auto" if card.change else "off",
                delta_description=card.beside if card.change else None,
                help=card.help,
                border=True,
                height="stretch",
            )
    if warning is not None:
        st.caption(f":material/info: {warning}")
