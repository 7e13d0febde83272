"""One calm line under the figures: how many false pages were promised, and how many there were."""

import streamlit as st

from dashboard.now_view import NowView
from dashboard.promise_words import PROMISE_HELP, promise_line


def draw_budget(view: NowView) -> None:
    """Draw the promise beside what was kept, and what people's judgements made of the threshold."""
    with st.container(key="now_budget"):
        st.caption(promise_line(view.promised_per_month, view.budget), help=PROMISE_HELP)
