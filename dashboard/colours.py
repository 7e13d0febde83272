"""Every colour of the screens: Okabe and Ito's palette, which people with colour blindness can tell apart.

Used by charts, badges and the themes. A level is never told by its colour alone: word, number and icon stand beside it.
"""

from dataclasses import dataclass
from typing import Any

from stormcone.models import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Colours of a chart on one background."""

    negative: str
    neutral: str
    positive: str
    band: str
    line: str
    text: str
    muted: str
    decal: str


LIGHT = Palette(
    negative="#D55E00",
    neutral="#8A8F98",
    positive="#0072B2",
    band="rgba(86, 180, 233, 0.35)",
    line="#111827",
    text="#1F2933",
    muted="#5B6470",
    decal="rgba(255, 255, 255, 0.45)",
)
DARK = Palette(
    negative="#E8743B",
    neutral="#8A8F98",
    positive="#56B4E9",
    band="rgba(86, 180, 233, 0.25)",
    line="#F3F4F6",
    text="#E8EAED",
    muted="#A9B1BC",
    decal="rgba(0, 0, 0, 0.35)",
)
NOT_COLLECTED = "rgba(153, 153, 153, 0.28)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """Background and text of a level badge; every pair has a contrast of at least 4.5 to 1."""

    background: str
    text: str


LEVEL_BADGES = {
    Level.CALM: Badge(background="#0072B2", text="#FFFFFF"),
    Level.WATCH: Badge(background="#E69F00", text="#111111"),
    Level.WARN: Badge(background="#D55E00", text="#111111"),
    Level.PAGE: Badge(background="#A93500", text="#FFFFFF"),
}
UNKNOWN_BADGE = Badge(background="repeating-linear-gradient(45deg, #B4B4B4 0 12px, #A3A3A3 12px 24px)", text="#111111")


def palette(theme: str | None) -> Palette:
    """Return the palette for Streamlit's theme type ("light", "dark" or not known yet)."""
    return DARK if theme == "dark" else LIGHT


def theme_options() -> dict[str, Any]:
    """Return Streamlit's options for both themes; people choose theirs in the menu."""
    shared = {
        "theme.baseRadius": "0.6rem",
        "theme.metricValueFontSize": "1.75rem",
        "theme.paddingTop": "1rem",
        "theme.headingFontSizes": ["1.6rem", "1.35rem", "1.1rem", "1rem", "0.9rem", "0.85rem"],
    }
    light = {
        "primaryColor": "#0072B2",
        "backgroundColor": "#FFFFFF",
        "secondaryBackgroundColor": "#F3F5F8",
        "textColor": LIGHT.text,
        "borderColor": "#D9DEE5",
        "redColor": LIGHT.negative,
        "redTextColor": "#A93500",
        "greenTextColor": "#005A8C",
        "grayTextColor": LIGHT.muted,
    }
    dark = {
        "primaryColor": "#1F77B4",
        "backgroundColor": "#12161C",
        "secondaryBackgroundColor": "#1B212A",
        "textColor": DARK.text,
        "borderColor": "#323B47",
        "redColor": DARK.negative,
        "redTextColor": "#FF9A66",
        "greenTextColor": "#7CC6F2",
        "grayTextColor": DARK.muted,
    }
    return (
        shared
        | {f"theme.light.{name}": value for name, value in light.items()}
        | {f"theme.dark.{name}": value for name, value in dark.items()}
    )
