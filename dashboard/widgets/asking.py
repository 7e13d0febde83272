"""How a button asks for a dialog, what dialogs share, and how what was typed is recorded.

A button only asks for its dialog; the page opens it, outside of its live part: what is sent in a child of the live part
is dropped by Streamlit whenever the two coincide, and a decision would be lost. So a dialog stays open, with what was
typed, while the page around it refreshes.
"""

from collections.abc import Callable
from typing import Protocol

import streamlit as st

from dashboard import wording
from dashboard.acting import MAX_NAME_CHARS
from dashboard.escaping import for_markdown
from dashboard.looking import forget_looks
from stormcone.errors import StaleIncident, StoreError, UsageError

_NAME_KEY = "person_name"
_ASKED_KEY = "asked_dialog"


class Dialog(Protocol):
    """A dialog that a button asks for."""

    def open(self, config_path: str) -> None:
        """Draw it."""
        ...


def ask(dialog: Dialog) -> None:
    """Have the page open a dialog."""
    st.session_state[_ASKED_KEY] = dialog
    st.rerun(scope="app")


def draw_asked_dialog(config_path: str) -> None:
    """Open the dialog a button has asked for, if one has. To be called by a page outside of its live part."""
    asked: Dialog | None = st.session_state.pop(_ASKED_KEY, None)
    if asked is not None:
        asked.open(config_path)


def name_field() -> str:
    """Draw the field for the person's name, with what was typed before."""
    typed = st.text_input(
        wording.NAME_LABEL,
        value=st.session_state.get(_NAME_KEY, ""),
        max_chars=MAX_NAME_CHARS,
        placeholder=wording.NAME_PLACEHOLDER,
    )
    return (typed or "").strip()


def remember(name: str) -> str:
    """Keep the name for this session. Returns: what is recorded."""
    st.session_state[_NAME_KEY] = name
    return name or wording.UNNAMED


def remembered() -> str:
    """Return the name that was typed last, as it is recorded."""
    return st.session_state.get(_NAME_KEY, "") or wording.UNNAMED


def record(change: Callable[[], object]) -> None:
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
