"""Keeps one broken page from looking like a crash: a calm sentence with an id for the viewer, the rest for the log.

Wraps whole pages and each refresh of a live part. A lost database is told by name, because it comes back.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
import structlog

from dashboard.escaping import for_markdown
from stormcone.errors import StormconeError

_log = structlog.get_logger(__name__)


@contextmanager
def calm(page: str) -> Iterator[None]:
    """Run a page's body; whatever it raises becomes a message.

    Args: page: its name, for the log.
    """
    try:
        yield
    except StormconeError as error:
        st.warning(for_markdown(str(error)), icon=":material/cloud_off:", title="This cannot be shown right now")
    except Exception:  # noqa: BLE001 # border: a page or widget that breaks must not take the other screens with it
        mark = uuid.uuid4().hex[:8]
        _log.exception("dashboard_page_failed", page=page, mark=mark)
        st.error(
            f"This part of the page failed; the others go on working. The log has the details under **{mark}**.",
            icon=":material/error:",
        )
