"""Buttons for what people decide, and the dialog in which they say why.

Writes through `acting` only. How a dialog is opened and what it shares with others, `asking` knows.
"""

from dataclasses import dataclass

import streamlit as st

from analysis.page_ledger import DECISION_FOR_ACTION
from dashboard import wording
from dashboard.acting import MAX_WHY_CHARS, record_acknowledgement, record_decision
from dashboard.context import shared_context
from dashboard.escaping import for_markdown
from dashboard.widgets.asking import ask, name_field, record, remember
from stormcone.models import Action, Decision, Incident


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """The dialog a button asked for. `decision` is None for an acknowledgement."""

    incident: Incident
    decision: Decision | None = None

    def open(self, config_path: str) -> None:
        if self.decision is None:
            _open_acknowledge(config_path, self.incident)
        else:
            _open_decision(config_path, self.incident, self.decision)


def draw_decisions(incident: Incident, *, advised: Action | None, place: str) -> None:
    """Draw the buttons of a live incident. Args: advised: its button stands out. place: prefix of the widgets' keys."""
    recommended = DECISION_FOR_ACTION.get(advised) if advised else None
    with st.container(horizontal=True, gap="small"):
        if incident.acknowledged_by is None and st.button(
            wording.ACKNOWLEDGE, key=f"{place}_acknowledge", icon=":material/check:", help="I have it."
        ):
            ask(_Asked(incident=incident))
        for decision, word in wording.DECISION_WORDS.items():
            if st.button(
                word,
                key=f"{place}_{decision.value}",
                icon=wording.DECISION_ICONS[decision],
                help=wording.DECISION_HELP[decision],
                type="primary" if decision is recommended else "secondary",
            ):
                ask(_Asked(incident=incident, decision=decision))


def _open_decision(config_path: str, incident: Incident, decision: Decision) -> None:
    def body() -> None:
        st.caption(f"{for_markdown(incident.headline)}  \n{wording.DECISION_HELP[decision]} {wording.RECORDED_ONLY}")
        with st.form(f"decide_{decision.value}", border=False):
            name = name_field()
            why = st.text_area(wording.WHY_LABEL, max_chars=MAX_WHY_CHARS, height=100)
            is_sent = st.form_submit_button(wording.RECORD, type="primary")
        if is_sent and not (why or "").strip():
            st.warning(wording.WHY_MISSING)
        elif is_sent:
            opened = shared_context(config_path)
            record(
                lambda: record_decision(
                    opened.open(), opened.config, incident.id or 0, decision, by=remember(name), why=why or ""
                )
            )

    title = f"{wording.DECISION_WORDS[decision]}: incident #{incident.id}"
    st.dialog(title, icon=wording.DECISION_ICONS[decision])(body)()


def _open_acknowledge(config_path: str, incident: Incident) -> None:
    def body() -> None:
        st.caption(for_markdown(incident.headline))
        with st.form("acknowledge", border=False):
            name = name_field()
            is_sent = st.form_submit_button(wording.RECORD, type="primary")
        if is_sent:
            opened = shared_context(config_path)
            record(lambda: record_acknowledgement(opened.open(), opened.config, incident.id or 0, by=remember(name)))

    st.dialog(f"{wording.ACKNOWLEDGE}: incident #{incident.id}", icon=":material/check:")(body)()
