"""The tables of one incident: readings, evidence, notices with every try to deliver them."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import wording
from dashboard.escaping import NAME_CHARS, lang_tag, plain, safe_address
from dashboard.incident_view import speaks_of_severity
from dashboard.widgets.tables import columns, marks
from stormcone.journal import StoredVerdict
from stormcone.models import Delivery, Evidence, Notice


def draw_readings(verdict: StoredVerdict | None) -> None:
    """Draw what was measured, beside what was expected; why it is so severe stands with the severity."""
    reasons = [each for each in verdict.reasons if not speaks_of_severity(each)] if verdict else []
    if verdict is None or not reasons:
        st.caption("No reading was kept with this incident.")
        return
    st.dataframe(
        columns(
            {
                "Reading": [wording.SIGNAL_WORDS.get(each.signal, each.signal) for each in reasons],
                "Value": [each.value for each in reasons],
                "Usual": [each.expected for each in reasons],
                "In words": [plain(each.text) for each in reasons],
            }
        ),
        column_config={
            "Reading": st.column_config.TextColumn(width=150),
            "Value": st.column_config.NumberColumn(format="localized", width=85),
            "Usual": st.column_config.NumberColumn(format="localized", width=75),
            "In words": st.column_config.TextColumn(width="large"),
        },
        hide_index=True,
        key="readings_table",
        placeholder="none",
        alt="Readings beside what is usual.",
    )
    st.caption(wording.TRUST_WORDS[verdict.trust].capitalize() + ".")


def draw_evidence(pieces: Sequence[Evidence], zone: ZoneInfo, now: datetime) -> None:
    """Draw the mentions kept because they explain the incident."""
    st.subheader("Evidence", anchor=False, help="As it read when it was captured; it stays when a post is deleted.")
    if not pieces:
        st.caption("No mention was kept as evidence.")
        return
    st.dataframe(
        columns(
            {
                "Against": [each.p_against for each in pieces],
                **marks("Certainty", [wording.certainty(each.confidence, lang_tag(each.lang)) for each in pieces]),
                "Author": [plain(each.author or "unknown", max_chars=NAME_CHARS) for each in pieces],
                "Followers": [each.author_followers for each in pieces],
                "Text": [plain(each.text) for each in pieces],
                "Phrases": [plain(", ".join(each.cues)) for each in pieces],
                "Platform": [plain(each.platform, max_chars=NAME_CHARS) for each in pieces],
                "Captured": [wording.clock_time(each.captured_at, zone, now=now) for each in pieces],
                "Link": [safe_address(each.url) for each in pieces],
            }
        ),
        column_config={
            "Against": st.column_config.NumberColumn(format="%.2f", width=70, help="0 to 1"),
            "Certainty": st.column_config.TextColumn(width=110, help=wording.CERTAINTY_HELP),
            "Author": st.column_config.TextColumn(width=120),
            "Followers": st.column_config.NumberColumn(format="localized", width=90),
            "Text": st.column_config.TextColumn(width="large"),
            "Link": st.column_config.LinkColumn(display_text="open", width=60),
        },
        hide_index=True,
        key="evidence_table",
        placeholder="unknown",
        alt="Mentions kept as evidence, strongest first.",
    )


def draw_notices(notices: Sequence[Notice], deliveries: Sequence[Delivery], zone: ZoneInfo, now: datetime) -> None:
    """Draw who was told, and how each delivery went."""
    st.subheader("Notices", anchor=False, help="Who was told of what, and whether it arrived.")
    if not notices:
        st.caption("Nobody was told: at this level it stays on the screen, or no channel is set up.")
        return
    last_try = {each.key: each for each in deliveries}
    st.dataframe(
        columns(
            {
                "Written": [wording.clock_time(each.created_at, zone, now=now) for each in notices],
                "About": [wording.MOMENT_WORDS[each.moment] for each in notices],
                "To": [plain(each.to or "shared channel", max_chars=NAME_CHARS) for each in notices],
                "Channel": [plain(each.channel, max_chars=NAME_CHARS) for each in notices],
                "State": [wording.NOTICE_WORDS[each.state] for each in notices],
                "Tries": [each.attempts for each in notices],
                "Last try": [_tried(last_try.get(each.key), zone, now) for each in notices],
            }
        ),
        hide_index=True,
        key="notices_table",
        alt="Notices of this incident and their deliveries.",
    )


def _tried(delivery: Delivery | None, zone: ZoneInfo, now: datetime) -> str:
    if delivery is None:
        return "not tried yet"
    at = wording.clock_time(delivery.started_at, zone, now=now)
    detail = f": {plain(delivery.detail, max_chars=120)}" if delivery.detail else ""
    return f"{at} {wording.OUTCOME_WORDS[delivery.outcome]}{detail}"
