"""The level as word, number and icon, so that nobody depends on its colour."""

import streamlit as st

from dashboard.colours import LEVEL_BADGES, UNKNOWN_BADGE
from dashboard.wording import LEVEL_ICONS, LEVEL_WORDS, UNKNOWN_ICON, UNKNOWN_WORD
from stormcone.models import Level


def draw_badge(level: Level | None) -> None:
    """Draw the large badge; None is UNKNOWN."""
    colours = UNKNOWN_BADGE if level is None else LEVEL_BADGES[level]
    word = UNKNOWN_WORD if level is None else LEVEL_WORDS[level]
    icon = UNKNOWN_ICON if level is None else LEVEL_ICONS[level]
    number = "level not known" if level is None else f"level {int(level)} of {int(Level.PAGE)}"
    st.html(
        f'<div class="sc-badge" style="background:{colours.background};color:{colours.text}">'
        f'<span class="sc-badge-icon" aria-hidden="true">{icon}</span>'
        f'<span class="sc-badge-word">{word}</span><span class="sc-badge-number">{number}</span></div>'
    )


def chip(level: Level) -> str:
    """Return the HTML of a small badge."""
    colours = LEVEL_BADGES[level]
    return (
        f'<span class="sc-chip" style="background:{colours.background};color:{colours.text}">'
        f"{LEVEL_ICONS[level]} {LEVEL_WORDS[level]} {int(level)}</span>"
    )
