"""Quiet: what is in force, buttons to ask for it and to end it.

A snooze is of one incident, a silence of everything about a brand; both have an end and an author, and neither hides
anything from the screen. Writes through `acting` only.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import wording
from dashboard.acting import (
    MAX_WHY_CHARS,
    record_end_of_silence,
    record_end_of_snooze,
    record_silence,
    record_snooze,
)
from dashboard.context import shared_context
from dashboard.escaping import for_markdown
from dashboard.looking import look_silences
from dashboard.widgets.asking import ask, name_field, record, remember, remembered
from stormcone.models import Incident, Silence

_SNOOZE_MINUTES: Final = (15, 60)
_SILENCE_MINUTES: Final = {"1 hour": 60, "4 hours": 240, "1 day": 1440, "7 days": 10080}


@dataclass(frozen=True, slots=True, kw_only=True)
class _SnoozeAsked:
    incident: Incident
    minutes: int

    def open(self, config_path: str) -> None:
        _open_snooze(config_path, self.incident, self.minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class _SilenceAsked:
    brand: str

    def open(self, config_path: str) -> None:
        _open_silence(config_path, self.brand)


def draw_quiet(config_path: str, incident: Incident | None, brand: str, *, now: datetime, place: str) -> None:
    """Draw what is in force, with a button to end it, and the buttons to ask for quiet.

    Args: incident: the live one that is shown, None where there is none. place: prefix of the widgets' keys.
    """
    zone = shared_context(config_path).config.brand_named(brand).zone
    silences = look_silences(config_path, brand)
    if incident is None and not silences:
        return
    with st.container(key=f"{place}_quiet", gap="small"):
        # Each in a place of its own: what comes into force or ends moves nothing that somebody may be about to press.
        with st.container(gap="small"):
            if incident is not None and incident.is_snoozed(now):
                _draw_snooze(config_path, incident, zone, now, place)
        with st.container(gap="small"):
            for each in silences:
                _draw_silence(config_path, each, zone, now, place)
        if incident is not None:
            _draw_buttons(incident, brand, place, is_silent=bool(silences))


def _draw_snooze(config_path: str, incident: Incident, zone: ZoneInfo, now: datetime, place: str) -> None:
    until = wording.clock_time(incident.snoozed_until or now, zone, now=now)
    by = for_markdown(incident.snoozed_by or wording.UNNAMED, max_chars=60)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(f":material/notifications_paused: Quiet about #{incident.id} until {until}, by {by}.")
        if st.button(wording.END_SNOOZE, key=f"{place}_end_snooze", help=wording.END_QUIET_HELP):
            opened = shared_context(config_path)
            record(lambda: record_end_of_snooze(opened.open(), opened.config, incident.id or 0, by=remembered()))


def _draw_silence(config_path: str, silence: Silence, zone: ZoneInfo, now: datetime, place: str) -> None:
    until = wording.clock_time(silence.until, zone, now=now)
    what = " ".join(
        part for part in (silence.brand or "every brand", silence.kind.value if silence.kind else None) if part
    )
    why = f": {for_markdown(silence.why, max_chars=200)}" if silence.why else ""
    by = for_markdown(silence.by, max_chars=60)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(f":material/notifications_off: Nobody is told of {for_markdown(what)} until {until}, by {by}{why}.")
        if st.button(wording.END_SILENCE, key=f"{place}_end_silence_{silence.id}", help=wording.END_QUIET_HELP):
            opened = shared_context(config_path)
            record(lambda: record_end_of_silence(opened.open(), opened.config, silence.id or 0))


def _draw_buttons(incident: Incident, brand: str, place: str, *, is_silent: bool) -> None:
    with st.container(horizontal=True, gap="small"):
        for minutes in _SNOOZE_MINUTES:
            if st.button(
                wording.SNOOZE.format(minutes=minutes),
                key=f"{place}_snooze_{minutes}",
                icon=":material/snooze:",
                type="tertiary",
                help=wording.SNOOZE_HELP,
            ):
                ask(_SnoozeAsked(incident=incident, minutes=minutes))
        if not is_silent and st.button(
            wording.SILENCE_BRAND,
            key=f"{place}_silence",
            icon=":material/notifications_off:",
            type="tertiary",
            help=wording.SILENCE_HELP,
        ):
            ask(_SilenceAsked(brand=brand))


def _open_snooze(config_path: str, incident: Incident, minutes: int) -> None:
    def body() -> None:
        st.caption(f"{for_markdown(incident.headline)}  \n{wording.SNOOZE_HELP}")
        with st.form("snooze", border=False):
            name = name_field()
            why = st.text_input(wording.WHY_LABEL, max_chars=MAX_WHY_CHARS)
            is_sent = st.form_submit_button(wording.RECORD, type="primary")
        if is_sent:
            opened = shared_context(config_path)
            record(
                lambda: record_snooze(
                    opened.open(), opened.config, incident.id or 0, minutes=minutes, by=remember(name), why=why or ""
                )
            )

    title = f"{wording.SNOOZE.format(minutes=minutes)}: incident #{incident.id}"
    st.dialog(title, icon=":material/snooze:")(body)()


def _open_silence(config_path: str, brand: str) -> None:
    def body() -> None:
        st.caption(f"{for_markdown(brand)}  \n{wording.SILENCE_HELP}")
        with st.form("silence", border=False):
            length = st.selectbox(wording.HOW_LONG_LABEL, list(_SILENCE_MINUTES))
            name = name_field()
            why = st.text_input(wording.WHY_LABEL, max_chars=MAX_WHY_CHARS)
            is_sent = st.form_submit_button(wording.RECORD, type="primary")
        if is_sent and not (why or "").strip():
            st.warning(wording.WHY_MISSING)
        elif is_sent:
            opened = shared_context(config_path)
            minutes = _SILENCE_MINUTES[length]
            record(
                lambda: record_silence(
                    opened.open(), opened.config, brand, minutes=minutes, by=remember(name), why=why or ""
                )
            )

    st.dialog(wording.SILENCE_BRAND, icon=":material/notifications_off:")(body)()
