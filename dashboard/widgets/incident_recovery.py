"""What was left of a storm, in plain words: how fast it faded, whether the tone stayed worse, and what nobody knows."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import wording
from dashboard.incident_view import DetailView
from stormcone.models import Fading, Incident, LastingShift, Recovery, Standing
from stormcone.store import ShiftCount
from stormcone.store.recovery import LEAST_LEVEL


def draw_recovery(view: DetailView, zone: ZoneInfo) -> None:
    """Draw the section of an incident that ended."""
    st.subheader("Recovery", anchor=False, help=wording.RECOVERY_HELP)
    if view.recovery is None:
        st.caption(_why_missing(view.incident))
        return
    found = view.recovery.recovery
    facts = {
        "Peak": _peak(found, view, zone),
        "Down to half": fading_words(found.to_half),
        "Back to usual": fading_words(found.to_baseline),
        **{f"Tone after {shift.days} days": shift_words(shift) for shift in found.shifts},
    }
    st.html(f'<dl class="sc-facts">{"".join(f"<div><dt>{k}</dt><dd>{v}</dd></div>" for k, v in facts.items())}</dl>')
    if view.shifts.known:
        st.caption(count_words(view.shifts))


def fading_words(fading: Fading) -> str:
    """Return how long a storm took to fade, or why nobody can say.

    >>> fading_words(Fading(minutes=138.0, standing=Standing.KNOWN))
    '2 h 18 min after the peak'
    >>> fading_words(Fading(minutes=None, standing=Standing.GAP))
    'unknown: gap in collection'
    """
    if fading.minutes is not None:
        return f"{wording.duration(timedelta(minutes=fading.minutes))} after the peak"
    if fading.standing is Standing.NOT_YET:
        return wording.NOT_ENDED_YET
    return wording.STANDING_WORDS[fading.standing]


def shift_words(shift: LastingShift) -> str:
    """Return whether net sentiment stayed another, with its interval, or why nobody can say.

    >>> shift_words(LastingShift(days=7, change=None, standing=Standing.NOT_YET))
    'not known yet: 7 days have not passed'
    """
    if shift.standing is Standing.NOT_YET:
        return f"not known yet: {shift.days} days have not passed"
    change = shift.change
    if change is None:
        return wording.STANDING_WORDS[shift.standing]
    verdict = "no lasting shift"
    if change.is_lasting:
        verdict = "lasting shift for the worse" if change.change < 0 else "lasting shift for the better"
    return (
        f"{verdict}: net sentiment {change.after:+.2f}, before it {change.before:+.2f} "
        f"(change {change.change:+.2f}, 95 % interval {change.low:+.2f} to {change.high:+.2f})"
    )


def count_words(count: ShiftCount) -> str:
    """Return how many of a brand's storms left a shift.

    >>> count_words(ShiftCount(days=30, known=4, lasting=1))
    "Of this brand's 4 storms measured after 30 days, 3 left no lasting shift."
    >>> count_words(ShiftCount(days=30, known=1, lasting=0))
    "Of this brand's 1 storm measured after 30 days, 1 left no lasting shift."
    """
    storms = "storm" if count.known == 1 else "storms"
    left_none = count.known - count.lasting
    return (
        f"Of this brand's {count.known} {storms} measured after {count.days} days, {left_none} left no lasting shift."
    )


def _peak(found: Recovery, view: DetailView, zone: ZoneInfo) -> str:
    if found.peak_at is None or found.peak_per_minute is None:
        return wording.STANDING_WORDS[Standing.GAP]
    at = wording.clock_time(found.peak_at, zone, now=view.now)
    usual = found.usual_per_minute
    beside = "" if usual is None else f" where {wording.number(usual)} are usual"
    return f"{wording.number(found.peak_per_minute)} mentions a minute at {at}{beside}"


def _why_missing(incident: Incident) -> str:
    if incident.is_false_alarm:
        return wording.NO_STORM
    return wording.NOT_MEASURED if incident.level >= LEAST_LEVEL else wording.ONLY_A_WATCH
