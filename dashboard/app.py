"""The script Streamlit runs for every viewer: page frame, look, navigation.

Started by dashboard.serving. Draws no page itself and reads nothing.
"""

from pathlib import Path

import streamlit as st

from dashboard.navigating import run_pages
from dashboard.wording import PRODUCT

_HERE = Path(__file__).parent

st.set_page_config(page_title=PRODUCT, page_icon="🌀", layout="wide", initial_sidebar_state="collapsed")
st.html(_HERE / "look.css")
run_pages(_HERE / "pages")
