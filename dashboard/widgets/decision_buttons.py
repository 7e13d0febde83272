"""Buttons for what people decide, and the dialog in which they say why.

Writes through `acting` only. A dialog stays open, with what was typed, while the page around it refreshes. A button
only asks for its dialog; the page opens it, outside of its live part: what is sent in a child of the live part is
dropped by Streamlit whenever the two coincide, and a decision would be lost.
"""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from dashboard import wording
from dashboard.acting import MAX_NAME_CHARS, MAX_WHY_CHARS, record_acknowledgement, record_decision
from dashboard.context import shared_context
from dashboard.escaping import for_markdown
from dashboard.looking import forget_looks
from stormcone.errors import StaleIncident, StoreError, UsageError
from stormcone.models import Action, Decision, Incident

_NAME_KEY = "person_name"
_ASKED_KEY = "asked_dialog"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """The dialog a button asked for. `decision` is None for an acknowledgement."""

    incident: Incident
    decision: Decision | None = None


def draw_decisions(incident: Incident, *, advised: Action | None, place: str) -> None:
    """Draw the buttons of a live incident. Args: advised: its button stands out. place: prefix of the widgets' keys."""
    recommended = wording.DECISION_FOR_ACTION.get(advised) if advised else None
    with st.container(horizontal=True, gap="small"):
        if incident.acknowledged_by is None and st.button(
            wording.ACKNOWLEDGE, key=f"{place}_acknowledge", icon=":material/check:", help="I have it."
        ):
            _ask(_Asked(incident=incident))
        for decision, word in wording.DECISION_WORDS.items():
            if st.button(
                word,
                key=f"{place}_{decision.value}",
                icon=wording.DECISION_ICONS[decision],
                help=wording.DECISION_HELP[decision],
                type="primary" if decision is recommended else "secondary",
            ):
                _ask(_Asked(incident=incident, decision=decision))


def draw_asked_dialog(config_path: str) -> None:
    """Open the dialog a button has asked for, if one has. To be called by a page outside of its live part."""
    asked = st.session_state.pop(_ASKED_KEY, None)
    if asked is None:
        return
    if asked.decision is None:
        _open_acknowledge(config_path, asked.incident)
    else:
        _open_decision(config_path, asked.incident, asked.decision)


def _ask(asked: _Asked) -> None:
    st.session_state[_ASKED_KEY] = asked
    st.rerun(scope="app")


def _open_decision(config_path: str, incident: Incident, decision: Decision) -> None:
    def body() -> None:
        st.caption(f"{for_markdown(incident.headline)}  \n{wording.DECISION_HELP[decision]} {wording.RECORDED_ONLY}")
        with st.form(f"decide_{decision.value}", border=False):
            name = _name_field()
            why = st.text_area(wording.WHY_LABEL, max_chars=MAX_WHY_CHARS, height=100)
            is_sent = st.form_submit_button(wording.RECORD, type="primary")
        if is_sent and not (why or "").strip():
            st.warning(wording.WHY_MISSING)
        elif is_sent:
            opened = shared_context(config_path)
            _act(
                lambda: record_decision(
                    opened.open(), opened.config, incident.id or 0, decision, by=_remember(name), why=why or ""
                )
            )

    title = f"{wording.DECISION_WORDS[decision]}: incident #{incident.id}"
    st.dialog(title, icon=wording.DECISION_ICONS[decision])(body)()


def _open_acknowledge(config_path: str, incident: Incident) -> None:
    def body() -> None:
        st.caption(for_markdown(incident.headline))
        with st.form("acknowledge", border=False):
            name = _name_field()
            is_sent = st.form_submit_button(wording.RECORD, type="primary")
        if is_sent:
            opened = shared_context(config_path)
            _act(lambda: record_acknowledgement(opened.open(), opened.config, incident.id or 0, by=_remember(name)))

    st.dialog(f"{wording.ACKNOWLEDGE}: incident #{incident.id}", icon=":material/check:")(body)()


def _name_field() -> str:
    typed = st.text_input(
        wording.NAME_LABEL,
        value=st.session_state.get(_NAME_KEY, ""),
        max_chars=MAX_NAME_CHARS,
        placeholder=wording.NAME_PLACEHOLDER,
    )
    return (typed or "").strip()


def _remember(name: str) -> str:
    st.session_state[_NAME_KEY] = name
    return name or wording.UNNAMED


def _act(change: Callable[[], object]) -> None:
    """Record; on success close the dialog and look again, else say calmly why not."""
    try:
        change()
    except StaleIncident:
        st.warning(wording.SOMEBODY_WAS_FASTER)
    except UsageError as error:
        st.warning(for_markdown(str(error)))
    except StoreError:
        st.error(wording.NOT_SAVED)
    else:
        forget_looks()
        st.rerun()
