"""The volume and tone chart as an ECharts option: stacked tone, the normal band, gaps, lettered markers.

Pure: a frame in, a dict that Streamlit hands to the browser out. Never reads a store; colours come from `colours`.
Letters stand for what happened, and a list under the chart says what: labels on the chart would overlap in a storm.
"""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dashboard.colours import NOT_COLLECTED, Palette
from dashboard.figures import Frame

_DAY_MINUTES = 60  # from this bucket width on the axis names days
NEGATIVE, NEUTRAL, POSITIVE = "Negative", "Neutral", "Positive"
USUAL, GAP = "Usual range", "Not collected"
UNITS = {
    1: "mentions per minute",
    5: "mentions per 5 min",
    15: "mentions per 15 min",
    60: "mentions per hour",
    360: "mentions per 6 h",
    1440: "mentions per day",
}


def volume_option(frame: Frame, *, zone: ZoneInfo, palette: Palette) -> dict[str, Any]:
    """Return the option of the chart. Args: zone: the brand's, for the axis."""
    return {
        "animation": False,  # a picture that is redrawn every few seconds must not dance
        "aria": {"enabled": True, "decal": {"show": True, "decals": _decals(palette)}},
        "grid": {"left": 8, "right": 16, "top": 64, "bottom": 8, "containLabel": True},
        "legend": {
            "top": 0,
            "left": 0,
            "itemGap": 14,
            "type": "scroll",
            "textStyle": {"color": palette.text},
            "data": [NEGATIVE, NEUTRAL, POSITIVE, USUAL, GAP],
        },
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}, "valueFormatter": "%.0f"},
        "xAxis": {
            "type": "category",
            "data": [_label(start, frame.bucket_minutes, zone) for start in frame.starts],
            "axisLabel": {"color": palette.muted, "hideOverlap": True},
            "axisTick": {"alignWithLabel": True},
        },
        "yAxis": [
            {
                "type": "value",
                "min": 0,
                "minInterval": 1,
                "name": UNITS[frame.bucket_minutes],
                "nameTextStyle": {"color": palette.muted, "align": "left"},
                "nameLocation": "end",
                "axisLabel": {"color": palette.muted},
            },
            {"type": "value", "min": 0, "max": 1, "show": False},
        ],
        "series": [*_band(frame, palette), *_tones(frame, palette), _gaps(frame, palette), _markers(frame, palette)],
    }


def takeaway(frame: Frame) -> str:
    """Return what a person who cannot see the chart should know of it."""
    mentions = sum(frame.negative) + sum(frame.neutral) + sum(frame.positive)
    if not mentions:
        return "No mentions in this window."
    share = sum(frame.negative) / mentions
    missing = "" if all(frame.collected) else " Part of the window was not collected."
    return f"{mentions:,.0f} mentions in this window, {share:.0%} of them negative in tone.{missing}"


def _label(start: datetime, bucket_minutes: int, zone: ZoneInfo) -> str:
    local = start.astimezone(zone)
    if bucket_minutes >= _DAY_MINUTES:
        return f"{local:%a %d %b %H:%M}"
    ends_at = local + timedelta(minutes=bucket_minutes)
    return f"{local:%H:%M}" if bucket_minutes == 1 else f"{local:%H:%M}-{ends_at:%H:%M}"


def _tones(frame: Frame, palette: Palette) -> list[dict[str, Any]]:
    """Stack the tones; an empty stretch that nobody collected holds nothing, not zero."""
    tones = (
        (NEGATIVE, frame.negative, palette.negative),
        (NEUTRAL, frame.neutral, palette.neutral),
        (POSITIVE, frame.positive, palette.positive),
    )
    return [
        {
            "type": "bar",
            "name": name,
            "stack": "tone",
            "barCategoryGap": "18%",
            "itemStyle": {"color": color},
            "data": [
                round(value, 1) if value or collected else None
                for value, collected in zip(values, frame.collected, strict=True)
            ],
        }
        for name, values, color in tones
    ]


def _band(frame: Frame, palette: Palette) -> list[dict[str, Any]]:
    """Draw the band as an invisible line and the height above it."""
    heights = [
        None if low is None or high is None else round(high - low, 2)
        for low, high in zip(frame.low, frame.high, strict=True)
    ]
    shared: dict[str, Any] = {
        "type": "line",
        "stack": "usual",
        "z": 1,
        "symbol": "none",
        "silent": True,
        "lineStyle": {"opacity": 0},
        "tooltip": {"show": False},
    }
    return [
        shared | {"name": "usual from", "data": [None if low is None else round(low, 2) for low in frame.low]},
        shared
        | {
            "name": USUAL,
            "data": heights,
            "itemStyle": {"color": palette.band, "decal": {"symbol": "none"}},
            "areaStyle": {"color": palette.band, "opacity": 1},
        },
    ]


def _gaps(frame: Frame, palette: Palette) -> dict[str, Any]:
    hatch = {"symbol": "rect", "dashArrayX": [1, 0], "dashArrayY": [2, 5], "rotation": 0.785, "color": palette.muted}
    return {
        "type": "bar",
        "name": GAP,
        "yAxisIndex": 1,
        "barGap": "-100%",
        "barCategoryGap": "0%",
        "silent": True,
        "tooltip": {"show": False},
        "itemStyle": {"color": NOT_COLLECTED, "decal": hatch},
        "data": [None if collected else 1 for collected in frame.collected],
    }


def _markers(frame: Frame, palette: Palette) -> dict[str, Any]:
    return {
        "type": "line",
        "name": "Events",
        "yAxisIndex": 1,
        "data": [],
        "tooltip": {"show": False},
        "markLine": {
            "silent": True,
            "animation": False,
            "symbol": ["none", "none"],
            "lineStyle": {"color": palette.line, "type": "dashed", "width": 1},
            "label": {
                "show": True,
                "position": "end",
                "distance": 2,
                "color": palette.text,
                "fontWeight": "bold",
                "formatter": "{b}",
            },
            "data": [{"name": marker.letter, "xAxis": marker.bucket} for marker in frame.markers],
        },
    }


def _decals(palette: Palette) -> list[dict[str, Any]]:
    """Patterns for people who cannot tell the colours: by series, in the order they are drawn."""
    lines = {"symbol": "rect", "dashArrayX": [1, 0], "dashArrayY": [1, 5], "color": palette.decal}
    dots = {
        "symbol": "circle",
        "symbolSize": 0.6,
        "dashArrayX": [[4, 4], [0, 4, 4, 0]],
        "dashArrayY": [4, 0],
        "color": palette.decal,
    }
    plain = {"symbol": "none"}
    return [plain, plain, lines | {"rotation": -0.785}, dots, lines | {"rotation": 0.785}, plain, plain]
