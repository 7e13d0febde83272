"""The playbook on an incident's page: statements as far as they are filled, steps, people, and the queue's buttons.

Telephone numbers reach the browser only once a viewer asks for them. How a dialog is opened `asking` knows; what became
of the request is shown in it, and stands in the timeline.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from alerts.pausing import QueueEvent, Reception
from dashboard import playbook_words, wording
from dashboard.acting import MAX_WHY_CHARS, ask_scheduler_now
from dashboard.context import shared_context
from dashboard.escaping import NAME_CHARS, for_html, for_markdown, plain
from dashboard.incident_view import DetailView
from dashboard.looking import forget_looks
from dashboard.widgets.asking import ask, name_field, remember
from stormcone.advising import advised_since
from stormcone.checklists import DueStep, StandingAdvice, checklist, verdicts_of
from stormcone.config import Config, PlaybookRole, PlaybookSettings
from stormcone.errors import ConfigError, StoreError, UsageError
from stormcone.models import Cause, Incident
from stormcone.queue_asking import EVENT_WORDS
from stormcone.statements import Statement, languages, statements_for

_STEP_CHARS = 300
_LIST = "<ul class='sc-steps' style='margin:0; padding-left:1.1rem'>{}</ul>"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueDialog:
    """The dialog in which a person confirms what a button asks of the scheduler."""

    incident: Incident
    event: QueueEvent

    def open(self, config_path: str) -> None:
        """Draw it."""
        _open_dialog(config_path, self.incident, self.event)


def draw_playbook(view: DetailView, config: Config, zone: ZoneInfo) -> None:
    """Draw the section of one incident."""
    playbook = config.playbook
    st.subheader(playbook_words.TITLE, anchor=False, help=playbook_words.TITLE_HELP)
    left, right = st.columns((1.3, 1), gap="medium")
    with left:
        _draw_statements(view, playbook, zone)
    with right:
        since = advised_since(view.events, view.advised, view.incident.opened_at)
        steps = checklist(StandingAdvice(advice=view.advised.advice, since=since), playbook)
        _draw_steps(steps, zone, view.now)
        _draw_roles(playbook.roles)
        _draw_queue(view.incident, playbook)


def _draw_statements(view: DetailView, playbook: PlaybookSettings, zone: ZoneInfo) -> None:
    incident, verdicts = view.incident, verdicts_of(view.events)
    known = languages(playbook)
    causes = [None, *Cause]
    named = view.advised.facts.cause
    first, second = st.columns(2)
    language = first.selectbox(
        playbook_words.LANGUAGE,
        known,
        format_func=lambda each: wording.LANGUAGE_WORDS.get(each, each),
        key="playbook_language",
    )
    cause = second.selectbox(
        playbook_words.CAUSE,
        causes,
        index=causes.index(named),
        format_func=lambda each: each.value.replace("_", " ") if each else playbook_words.NO_CAUSE,
        key=f"playbook_cause_{incident.id}_{named}",  # what was chosen gives way to an answer that comes later
    )
    explanation = next((each.explanation for each in verdicts if each.explanation), None)
    statements = statements_for(incident, playbook, zone=zone, language=language, cause=cause, explanation=explanation)
    if not statements:
        st.caption(playbook_words.NO_STATEMENT)
    for each in statements:
        _draw_statement(each)


def _draw_statement(statement: Statement) -> None:
    meant = ", ".join(word.value.replace("_", " ") for word in (statement.cause, statement.kind) if word)
    own = f" ({playbook_words.OWN})" if statement.is_own else ""
    st.markdown(f"**{for_markdown((meant or 'any incident').capitalize())}**{own}")
    st.code(statement.text, language=None, wrap_lines=True)
    for note in statement.notes:
        st.caption(for_markdown(note))


def _draw_steps(steps: Sequence[DueStep], zone: ZoneInfo, now: datetime) -> None:
    st.markdown(f"**{playbook_words.STEPS}**")
    if not steps:
        st.caption(playbook_words.NO_STEPS)
        return
    st.html(_LIST.format("".join(_step(each, zone, now) for each in steps)))


def _step(step: DueStep, zone: ZoneInfo, now: datetime) -> str:
    due = wording.clock_time(step.due_at, zone, now=now)
    late = f", {playbook_words.LATE}" if step.is_late(now) else ""
    who = for_html(step.who, max_chars=NAME_CHARS)
    return f"<li><b>{who}</b>, by {due}{late}: {for_html(step.text, max_chars=_STEP_CHARS)}</li>"


def _draw_roles(roles: Sequence[PlaybookRole]) -> None:
    st.markdown(f"**{playbook_words.ROLES}**")
    if not roles:
        st.caption(playbook_words.NO_ROLES)
        return
    has_numbers = any(each.phone for each in roles)
    shows = has_numbers and st.toggle(playbook_words.SHOW_PHONES, key="playbook_phones")
    st.text("\n".join(_role(number, each, shows=shows) for number, each in enumerate(roles, start=1)))


def _role(number: int, role: PlaybookRole, *, shows: bool) -> str:
    phone = role.phone.get_secret_value() if role.phone else playbook_words.NO_PHONE
    parts = [f"{role.role}: {role.who}", *([phone] if shows else ()), *([role.note] if role.note else ())]
    return f"{number}. " + ", ".join(plain(each, max_chars=_STEP_CHARS) for each in parts)


def _draw_queue(incident: Incident, playbook: PlaybookSettings) -> None:
    if playbook.pause.url_env is None:
        st.caption(playbook_words.NO_SCHEDULER)
        return
    with st.container(horizontal=True, gap="small"):
        for event, word in playbook_words.BUTTONS.items():
            if st.button(word, key=f"playbook_{event.value}", icon=playbook_words.ICONS[event]):
                ask(QueueDialog(incident=incident, event=event))


def _open_dialog(config_path: str, incident: Incident, event: QueueEvent) -> None:
    def body() -> None:
        st.caption(f"{for_markdown(incident.headline)}  \n{playbook_words.CONFIRM[event]} {playbook_words.KEPT}")
        with st.form(f"queue_{event.value}", border=False):
            name = name_field()
            why = st.text_area(wording.WHY_LABEL, max_chars=MAX_WHY_CHARS, height=100)
            is_sent = st.form_submit_button(playbook_words.SEND[event], type="primary")
        if is_sent and not (why or "").strip():
            st.warning(wording.WHY_MISSING)
        elif is_sent:
            _ask(config_path, incident.id or 0, event, by=remember(name), why=why or "")

    title = f"{playbook_words.BUTTONS[event]}: incident #{incident.id}"
    st.dialog(title, icon=playbook_words.ICONS[event])(body)()


def _ask(config_path: str, incident_id: int, event: QueueEvent, *, by: str, why: str) -> None:
    """Ask, and say in the dialog what became of it; it stays open for that."""
    context = shared_context(config_path)
    try:
        with st.spinner(playbook_words.ASKING):
            answer = ask_scheduler_now(context.open(), context.config, incident_id, event, by=by, why=why)
    except (ConfigError, UsageError) as error:
        st.warning(for_markdown(str(error)))
    except StoreError as error:
        st.error(for_markdown(str(error)))
    else:
        forget_looks()
        said = f"{playbook_words.RECEPTIONS[answer.reception]}: {EVENT_WORDS[event]}, {for_markdown(answer.sentence)}."
        (st.success if answer.reception is Reception.ACCEPTED else st.error)(said)
