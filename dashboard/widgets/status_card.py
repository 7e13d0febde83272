"""The card that answers in one look: which level, what is happening, what to do until when, and the buttons for it."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import wording
from dashboard.escaping import for_markdown
from dashboard.now_view import NowView
from dashboard.state import Status, Unknown
from dashboard.widgets.decision_buttons import draw_decisions
from dashboard.widgets.level_badge import draw_badge
from stormcone.journal import StoredVerdict
from stormcone.models import Incident

_COLUMNS = (1.15, 6)


def draw_status(view: NowView, zone: ZoneInfo) -> None:
    """Draw the card of a view."""
    lead = view.incidents[0] if view.incidents else None
    with st.container(border=True, key="now_status"):
        badge, words = st.columns(_COLUMNS, gap="medium")
        with badge, st.container(key="now_level"):
            draw_badge(view.status.shown)
        with words:
            with st.container(key="now_sentence", gap="small"):
                _draw_sentence(view, lead, zone)
            with st.container(key="now_decisions", gap="small"):
                _draw_buttons(view, lead)


def draw_unknown(reason: Unknown) -> None:
    """Draw the card where nothing can be read at all."""
    with st.container(border=True, key="now_status"):
        badge, words = st.columns(_COLUMNS, gap="medium")
        with badge, st.container(key="now_level"):
            draw_badge(None)
        with words, st.container(key="now_sentence"):
            st.header("Nobody can say how things stand", anchor=False)
            st.markdown(f"{wording.UNKNOWN_REASONS[reason]} {wording.UNKNOWN_REMEDIES[reason]}")


def _draw_sentence(view: NowView, lead: Incident | None, zone: ZoneInfo) -> None:
    status, verdict = view.status, view.verdict
    if status.unknown:
        _draw_doubt(view, zone)
    elif lead is None:
        _title(f"{for_markdown(view.brand)}: nothing unusual")
    else:
        _title(for_markdown(lead.headline))
    _draw_marks(status)
    if verdict is not None and not status.unknown:
        _draw_measure(view, verdict, lead)
    if verdict is not None and lead is not None:
        _draw_advice(view, verdict, zone)


def _draw_doubt(view: NowView, zone: ZoneInfo) -> None:
    reason = view.status.unknown[0]
    _title(f"{for_markdown(view.brand)}: nobody can say how things stand")
    last = ""
    if view.verdict is not None and view.status.level is not None:
        word = wording.LEVEL_WORDS[view.status.level]
        last = f" Last known: {word.lower()} at {wording.clock_time(view.verdict.at, zone, now=view.now)}."
    st.markdown(f"{wording.UNKNOWN_REASONS[reason]}{last} {wording.UNKNOWN_REMEDIES[reason]}")
    for incident in view.incidents[:1]:
        st.markdown(f"Open when it was last seen: {for_markdown(incident.headline)}")


def _draw_marks(status: Status) -> None:
    if not status.is_warming_up and not status.is_lower_bound:
        return
    with st.container(horizontal=True, gap="small"):
        if status.is_warming_up:
            st.badge(wording.WARMING_UP, icon=":material/hourglass_top:", color="gray", help=wording.WARMING_UP_HELP)
        if status.is_lower_bound:
            st.badge(wording.LOWER_BOUND, icon=":material/trending_up:", color="gray", help=wording.LOWER_BOUND_HELP)


def _draw_measure(view: NowView, verdict: StoredVerdict, lead: Incident | None) -> None:
    """Say how far above normal, and where it goes."""
    if verdict.voices_usual <= 0:
        compared = f"{verdict.voices_now:,.0f} distinct voices in 30 min, nothing to compare with yet"
    elif verdict.voices_now >= 2 * verdict.voices_usual:
        times = wording.number(verdict.voices_now / verdict.voices_usual)
        compared = f"**{times} times** the usual number of voices"
    else:
        usual = wording.number(verdict.voices_usual)
        compared = f"{verdict.voices_now:,.0f} distinct voices in 30 min, where {usual} are usual"
    is_settling = verdict.is_settling or (lead is not None and lead.settling_since is not None)
    pace = wording.SETTLING if is_settling else wording.PACE_WORDS[view.recent.pace]
    severity = f" · severity {lead.severity} of 5 · {wording.KIND_WORDS[lead.kind]}" if lead else ""
    state = f" · {wording.STATE_WORDS[lead.state]}{_by(lead)}" if lead else ""
    st.markdown(f"{compared}, **{pace}**{severity}{state}.")


def _by(lead: Incident) -> str:
    return f" by {for_markdown(lead.acknowledged_by, max_chars=60)}" if lead.acknowledged_by else ""


def _draw_advice(view: NowView, verdict: StoredVerdict, zone: ZoneInfo) -> None:
    advice = view.advised.advice
    what = wording.ADVICE_WORDS[advice.action]
    until = ""
    if advice.within_minutes > 0:
        due_at = view.advised_at + timedelta(minutes=advice.within_minutes)
        left = wording.duration(due_at - view.now) + " left" if due_at > view.now else "now due"
        by = wording.clock_time(due_at, zone, now=view.now)
        until = f" within **{advice.within_minutes} min**, by {by} ({left})"
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(f"Advice: **{what}**{until}.", width="content")
        if advice.because:
            with st.popover("Because", icon=":material/help:", type="tertiary"):
                for each in advice.because:
                    st.markdown(for_markdown(each.text))
                    st.caption(f"{for_markdown(each.rule)} · {for_markdown(each.source)}")
                if advice.also:
                    st.markdown("Also: " + ", ".join(wording.ADVICE_WORDS[each] for each in advice.also) + ".")
                if advice.avoid:
                    st.markdown("Avoid: " + ", ".join(for_markdown(each.replace("_", " ")) for each in advice.avoid))
                for reading in verdict.reasons:
                    st.markdown(f"- {for_markdown(reading.text)}")


def _draw_buttons(view: NowView, lead: Incident | None) -> None:
    if lead is None:
        if not view.status.unknown:
            st.caption("There is no live incident, so there is nothing to decide.")
        return
    draw_decisions(lead, advised=view.advised.advice.action, place="now")
    with st.container(horizontal=True, gap="medium"):
        for incident in view.incidents[:3]:
            st.page_link(
                "pages/2_incidents.py",
                label=f"Open incident #{incident.id}",
                icon=":material/open_in_full:",
                query_params={"incident": str(incident.id), "brand": view.brand},
            )
        if len(view.incidents) > 3:  # noqa: PLR2004 - links that fit beside each other
            st.caption(f"and {len(view.incidents) - 3} more live incidents")


def _title(text: str) -> None:
    st.title(text, anchor=False)
