"""What to do about an incident, why, what was done in earlier cases, and the questions only people can answer.

Reads the advice as it stands and records one answer a tap; the next look shows what it changed. Never decides.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import advice_words, wording
from dashboard.acting import make_evidence, record_answer
from dashboard.context import shared_context
from dashboard.escaping import for_markdown
from dashboard.incident_view import DetailView
from dashboard.looking import forget_looks
from dashboard.widgets.asking import remembered
from stormcone.advising import Advised, advised_since
from stormcone.errors import StoreError, UsageError
from stormcone.models import Action, Advice, Cause, Precedent, Responsibility, Said

_FIRST_QUESTIONS = 4
_FAILED_KEY = "answer_failed"


def draw_advice(config_path: str, view: DetailView, zone: ZoneInfo) -> None:
    """Draw the section of one incident."""
    advised = view.advised
    st.subheader(advice_words.TITLE, anchor=False, help=advice_words.TITLE_HELP)
    left, right = st.columns((1.3, 1), gap="medium")
    with left:
        with st.container(key="incident_advice"):
            since = advised_since(view.events, advised, view.incident.opened_at)
            _draw_action(advised.advice, since, view.now, zone)
        _draw_precedents(advised.advice.precedents)
    with right:
        _draw_questions(config_path, view, advised)
        identifier = view.incident.id or 0
        st.download_button(
            advice_words.EVIDENCE_BUTTON,
            data=lambda: make_evidence(
                shared_context(config_path).open(), shared_context(config_path).config, identifier
            ),
            file_name=f"incident-{identifier}.zip",
            mime="application/zip",
            icon=":material/folder_zip:",
            help=advice_words.EVIDENCE_HELP,
            key="incident_bundle",
        )


def _draw_action(advice: Advice, since: datetime, now: datetime, zone: ZoneInfo) -> None:
    until = ""
    if advice.within_minutes > 0:
        due_at = since + timedelta(minutes=advice.within_minutes)
        left = wording.duration(due_at - now) + " left" if due_at > now else "now due"
        word = "decide again" if advice.action is Action.HOLD else "by"
        until = f", {word} {wording.clock_time(due_at, zone, now=now)} ({left})"
    st.markdown(f"**{wording.ADVICE_WORDS[advice.action].capitalize()}**{until}.")
    for each in advice.because:
        st.markdown(f"- {for_markdown(each.text)}  \n:small[{for_markdown(each.source)}]")
    if advice.also:
        st.markdown("Also: " + ", ".join(wording.ADVICE_WORDS[each] for each in advice.also) + ".")
    if advice.avoid:
        st.markdown("Avoid: " + ", ".join(advice_words.AVOID_WORDS[each] for each in advice.avoid) + ".")


def _draw_precedents(precedents: Sequence[Precedent]) -> None:
    if not precedents:
        return
    with st.container(key="incident_precedents", gap="small"):
        st.markdown(f"**{advice_words.PRECEDENTS_TITLE}**")
        for each in precedents:
            with st.expander(f"{each.year} · {for_markdown(each.case)}"):
                lines = [
                    f"Done: {for_markdown(each.did)}",
                    f"What came of it: {for_markdown(each.outcome)}" if each.outcome else "",
                    f"Lesson: {for_markdown(each.lesson)}",
                    f":small[{for_markdown(each.why)}]" if each.why else "",
                ]
                st.markdown("  \n".join(line for line in lines if line))


def _draw_questions(config_path: str, view: DetailView, advised: Advised) -> None:
    with st.container(key="incident_questions", gap="small"):
        st.markdown(f"**{advice_words.QUESTIONS_TITLE}**", help=advice_words.QUESTIONS_HELP)
        if failed := st.session_state.pop(_FAILED_KEY, None):
            st.warning(for_markdown(failed))
        order = [*(each for each in advised.advice.ask if each in advice_words.QUESTIONS), *advice_words.QUESTIONS]
        answered = [each for each in advised.answers if each in advice_words.QUESTIONS]
        names = list(dict.fromkeys([*answered, *order]))
        first = max(_FIRST_QUESTIONS, len(answered) + 1)
        is_open = view.incident.state.is_live
        for name in names[:first]:
            _draw_question(config_path, view, advised, name, is_open=is_open)
        with st.expander(advice_words.MORE_QUESTIONS):
            for name in names[first:]:
                _draw_question(config_path, view, advised, name, is_open=is_open)


def _draw_question(config_path: str, view: DetailView, advised: Advised, name: str, *, is_open: bool) -> None:
    known = getattr(advised.facts, name)
    key = f"answer_{view.incident.id}_{name}"
    label, hint = advice_words.QUESTIONS[name], _would_change(advised.advice, name)
    send: dict[str, Any] = {
        "on_change": _send,
        "args": (config_path, view.incident.id or 0, name, key),
        "disabled": not is_open,
    }
    words = _words(name).__getitem__
    if name == "said":
        st.multiselect(label, list(Said), default=list(known), format_func=words, key=key, help=hint, **send)
    elif name in {"cause", "responsibility"}:
        options: list[Any] = list(Cause if name == "cause" else Responsibility)
        st.selectbox(
            label,
            options,
            index=options.index(known) if known is not None else None,
            format_func=words,
            placeholder=advice_words.UNKNOWN,
            key=key,
            help=hint,
            **send,
        )
    else:
        st.segmented_control(label, [True, False], default=known, format_func=words, key=key, help=hint, **send)


def _words(name: str) -> Mapping[Any, str]:
    return {
        "cause": advice_words.CAUSE_WORDS,
        "responsibility": advice_words.RESPONSIBILITY_WORDS,
        "said": advice_words.SAID_WORDS,
    }.get(name, advice_words.YES_NO)


def _would_change(advice: Advice, name: str) -> str | None:
    """Return which answers would lead elsewhere, None where none would."""
    words = {str(key).lower(): word for key, word in _words(name).items()}
    lines = [
        f"{words.get(each.answer, each.answer)}: {wording.ADVICE_WORDS[each.action]}"
        for each in advice.changes
        if each.fact == name
    ]
    return "  \n".join(lines) or None


def _send(config_path: str, incident_id: int, name: str, key: str) -> None:
    """Record what was tapped; taking the choice back makes it unknown."""
    value = st.session_state.get(key)
    given: object = advice_words.UNKNOWN if value in (None, []) else value
    opened = shared_context(config_path)
    try:
        record_answer(opened.open(), opened.config, incident_id, name, given, by=remembered())
    except UsageError as error:
        st.session_state[_FAILED_KEY] = str(error)
    except StoreError:
        st.session_state[_FAILED_KEY] = wording.NOT_SAVED
    else:
        forget_looks()
