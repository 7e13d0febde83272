"""The course of the last hours as a picture: what is drawn, and the sentence for whoever cannot see it.

Used by channels that show pictures (mail). Pure: figures in, a Vega-Lite specification out; who turns it into pixels is
not known here. Its colours are told apart without seeing colour, on a light ground of its own, so that a mail reader's
dark mode changes nothing.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from alerts.cleaning import quote
from stormcone.models.courses import Course

WIDTH_PER_BIN: Final = 8  # pixels; whole ones, so that neighbours touch without a seam
HEIGHT: Final = 190
TITLE_CHARS: Final = 80

_GROUND, _TEXT, _FAINT = "#F4F5F7", "#1F2933", "#C9CED6"
MENTIONS, ABOVE, USUAL, MISSING = "mentions", "mentions above what is usual", "what is usual", "not collected"
# Okabe and Ito's palette, as on the screens: people with colour blindness can tell these apart, also by brightness.
_COLOURS: Final = {MENTIONS: "#5B6470", ABOVE: "#D55E00", USUAL: "#9CCFEA", MISSING: "#C9CED6"}
_DAY = timedelta(days=1)


def chart_spec(course: Course, *, brand: str) -> dict[str, Any]:
    """Return the Vega-Lite specification of the picture; it loads nothing and holds no text of a stranger."""
    spans = [_span(course, number) for number in range(len(course.mentions))]
    missing = [spans[number] for number in course.not_collected]
    band = [
        span | {"low": low, "high": high}
        for span, low, high in zip(spans, course.low, course.high, strict=True)
        if low is not None and high is not None
    ]
    bars = [span | {"mentions": count} for span, count in zip(spans, course.mentions, strict=True) if count]
    is_above = [high is not None and count > high for count, high in zip(course.mentions, course.high, strict=True)]
    above = [each for each in bars if is_above[each["number"]]]
    usual = [each for each in bars if not is_above[each["number"]]]
    edges = [course.starts_at, max(course.at, course.ends_at)]
    highest = max([1.0, *course.mentions, *(high for high in course.high if high is not None)])
    boxes = {MENTIONS: usual, ABOVE: above, USUAL: band, MISSING: missing}
    layers = [
        *_layer(MISSING, boxes, y={"value": 0}, y2={"value": HEIGHT}),
        *_layer(USUAL, boxes, y={"field": "low"}, y2={"field": "high"}),
        *_layer(MENTIONS, boxes, y={"field": "mentions"}, y2={"datum": 0}, inset=1),
        *_layer(ABOVE, boxes, y={"field": "mentions"}, y2={"datum": 0}, inset=1),
        *_mark(course.post_at, "own post", row=1, course=course),
        *_mark(course.at, "now", row=0, course=course),
    ]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "background": _GROUND,
        "padding": 12,
        "width": WIDTH_PER_BIN * len(course.mentions),
        "height": HEIGHT,
        "title": _title(course, brand, has_band=bool(band)),
        "layer": [_axes(course, edges, highest), *layers],
        "resolve": {"scale": {"y": "shared", "x": "shared"}},
        "config": {
            "view": {"stroke": None},
            "font": "sans-serif",
            "title": {"color": _TEXT, "fontSize": 15},
            "axis": {"labelColor": _TEXT, "titleColor": _TEXT, "labelFontSize": 12, "titleFontSize": 12}
            | {"gridColor": _FAINT, "domainColor": _TEXT, "tickColor": _TEXT, "titleFontWeight": "normal"},
            "legend": {"labelColor": _TEXT, "labelFontSize": 12, "orient": "bottom", "labelLimit": 260},
        },
    }


def chart_sentence(course: Course, *, brand: str) -> str:
    """Return what the picture shows as one line, for its alternative text. Empty courses are said to be."""
    when = f"from {_clock(course.starts_at, course)} to {_clock(course.ends_at, course)} UTC"
    line = f"{brand}: {_bins(course)} {when}"
    most = max(course.mentions, default=0)
    if not most:
        return quote(f"{line}: none.", max_chars=2 * TITLE_CHARS)
    peak_at = course.starts_at + course.mentions.index(most) * course.bin_width
    usual = ""
    if course.low and course.low[-1] is not None and course.high[-1] is not None:
        usual = f", where {course.low[-1]:,.0f} to {course.high[-1]:,.0f} is usual"
    parts = [
        f"{line}: {course.mentions[-1]:,} in the last{usual}; most, {most:,}, at {_clock(peak_at, course)}.",
        f"Own post at {_clock(course.post_at, course)}." if course.post_at else "",
        "Part of the time was not collected." if course.not_collected else "",
    ]
    return quote(" ".join(part for part in parts if part), max_chars=4 * TITLE_CHARS)


def _bins(course: Course) -> str:
    return "mentions every minute" if course.bin_minutes == 1 else f"mentions every {course.bin_minutes} minutes"


def _title(course: Course, brand: str, *, has_band: bool) -> dict[str, Any]:
    text = quote(f"{brand}: {_bins(course)}", max_chars=TITLE_CHARS)
    doubt = {} if has_band else {"subtitle": "what is usual is not known yet", "subtitleColor": _TEXT}
    return {"text": text, "anchor": "start", "frame": "group", "offset": 8, **doubt}


def _span(course: Course, number: int) -> dict[str, Any]:
    start = course.starts_at + number * course.bin_width
    return {"number": number, "from": _ms(start), "to": _ms(start + course.bin_width)}


def _axes(course: Course, edges: list[datetime], highest: float) -> dict[str, Any]:
    """Return an invisible layer that gives both axes their scale, unit and time zone."""
    is_long = course.ends_at - course.starts_at > _DAY
    time_axis = {"title": "time of day (UTC)", "format": "%a %H:%M" if is_long else "%H:%M", "grid": False}
    per = "minute" if course.bin_minutes == 1 else f"{course.bin_minutes} minutes"
    return {
        "data": {"values": [{"at": _ms(edge), "most": highest} for edge in edges]},
        "mark": {"type": "point", "opacity": 0},
        "encoding": {
            "x": {
                "field": "at",
                "type": "temporal",
                "scale": {"type": "utc", "domain": [_ms(edge) for edge in edges], "nice": False},
                "axis": time_axis | {"tickCount": 8, "labelOverlap": True},
            },
            "y": {
                "field": "most",
                "type": "quantitative",
                "scale": {"zero": True, "nice": True},
                "axis": {"title": f"mentions per {per}", "tickMinStep": 1, "tickCount": 5, "format": ",.0f"},
            },
        },
    }


def _layer(
    name: str, boxes: Mapping[str, list[dict[str, Any]]], *, y: dict[str, Any], y2: dict[str, Any], inset: int = 0
) -> list[dict[str, Any]]:
    """Return boxes of one meaning, none where there is nothing to draw, so that its name needs no place either.

    Args: boxes: of every meaning. inset: pixels that are left free on both sides.
    """
    if not boxes[name]:
        return []
    shown = [each for each in _COLOURS if boxes[each]]
    colours = {"domain": shown, "range": [_COLOURS[each] for each in shown]}
    return [
        {
            "data": {"values": boxes[name]},
            "mark": {"type": "rect", "xOffset": inset, "x2Offset": -inset, "clip": True},
            "encoding": {
                "x": {"field": "from", "type": "temporal"},
                "x2": {"field": "to"},
                "y": y | {"type": "quantitative"} if "field" in y else y,
                "y2": y2,
                "color": {"datum": name, "scale": colours, "legend": {"title": None}},
            },
        }
    ]


def _mark(at: datetime | None, label: str, *, row: int, course: Course) -> list[dict[str, Any]]:
    """Return a line at an instant with its name above the plot, each name in a row of its own."""
    if at is None:
        return []
    is_left = at - course.starts_at < (course.ends_at - course.starts_at) / 2
    text = {"type": "text", "align": "left" if is_left else "right", "baseline": "bottom", "color": _TEXT}
    shared = {"data": {"values": [{"at": _ms(at), "label": f"{label} {_clock(at, course)}"}]}}
    place = {"x": {"field": "at", "type": "temporal"}}
    dash = {"strokeDash": [4, 3]} if row else {}
    return [
        shared | {"mark": {"type": "rule", "color": _TEXT, "strokeWidth": 1.5} | dash, "encoding": place},
        shared
        | {
            "mark": text | {"fontSize": 12},
            "encoding": place | {"y": {"value": -3 - 14 * row}, "text": {"field": "label", "type": "nominal"}},
        },
    ]


def _clock(instant: datetime, course: Course) -> str:
    is_long = course.ends_at - course.starts_at > _DAY
    return f"{instant:%d %b %H:%M}" if is_long else f"{instant:%H:%M}"


def _ms(instant: datetime) -> int:
    return round(instant.timestamp() * 1000)
