"""Why one incident: what people are angry about, who carried it, what they say, what moved, what would change it."""

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import wording
from dashboard.escaping import NAME_CHARS, for_html, for_markdown, plain, safe_address
from dashboard.why_view import CarrierRow, WhyView
from dashboard.widgets.tables import columns
from stormcone.models import Reading

_PHRASE_CHARS = 120
_LIST = "<ul style='margin:0; padding-left:1.1rem'>{}</ul>"


def draw_why(view: WhyView | None, zone: ZoneInfo, now: datetime, *, is_live: bool) -> None:
    """Draw the section. Args: is_live: a verdict on what is over is not going to change."""
    st.subheader(
        "What it is about", anchor=False, help="As it was explained when it was last told; the words are strangers'."
    )
    if view is None:
        st.caption("Nothing was explained of this incident.")
        return
    left, right = st.columns((1.3, 1), gap="medium")
    with left:
        _draw_phrases(view)
        _draw_exemplars(view)
        _draw_carriers(view, zone, now)
    with right:
        if view.moved:
            st.markdown("**Furthest from what is usual**")
            st.html(_LIST.format("".join(map(_moved, view.moved))))
        if view.would_change and is_live:
            st.markdown("**What would change the verdict**")
            st.html(_LIST.format("".join(f"<li>{for_html(each.text)}</li>" for each in view.would_change)))
            st.caption("Each line changes one thing and leaves the rest as measured.")
    at = wording.clock_time(view.at, zone, now=now)
    st.caption(f"Explained {at}, from the words of {wording.number(view.texts)} people.")


def _draw_phrases(view: WhyView) -> None:
    if not view.phrases:
        st.markdown("**No one matter stands out** among the texts against the brand.")
        return
    told = (f"**{for_markdown(each.phrase, max_chars=_PHRASE_CHARS)}** {each.count} people" for each in view.phrases)
    st.markdown(f"They are angry about {' · '.join(told)}")


def _draw_exemplars(view: WhyView) -> None:
    if not view.exemplars:
        return
    st.dataframe(
        columns(
            {
                "Typical replies": [plain(each.text) for each in view.exemplars],
                "Author": [plain(each.author or "unknown", max_chars=NAME_CHARS) for each in view.exemplars],
                "Followers": [each.author_followers for each in view.exemplars],
                "Link": [safe_address(each.url) for each in view.exemplars],
            }
        ),
        column_config={
            "Typical replies": st.column_config.TextColumn(width="large"),
            "Author": st.column_config.TextColumn(width=110),
            "Followers": st.column_config.NumberColumn(format="localized", width=85),
            "Link": st.column_config.LinkColumn(display_text="open", width=55),
        },
        hide_index=True,
        key="why_table",
        placeholder="unknown",
        alt="Replies that show what it is about.",
    )


def _draw_carriers(view: WhyView, zone: ZoneInfo, now: datetime) -> None:
    if view.carriers:
        st.markdown("**Who carried it**")
        st.html(_LIST.format("".join(_carrier(each, zone, now) for each in view.carriers)))
    elif view.rule is not None:
        st.markdown("**No large account joined**, as far as followers are known.")
    if view.rule is not None:
        rule = f" The first is {for_markdown(view.rule)}." if view.carriers else ""
        st.caption(f"Followers are known of {wording.percent(view.known_share)} of those against.{rule}")


def _carrier(row: CarrierRow, zone: ZoneInfo, now: datetime) -> str:
    name = for_html(row.author or "unknown", max_chars=NAME_CHARS)
    what = "passed it on" if row.is_copy else "spoke"
    first = "the first large account, " if row.is_first else ""
    at = wording.clock_time(row.joined_at, zone, now=now)
    platform = for_html(row.platform, max_chars=NAME_CHARS)
    return f"<li><b>{name}</b> on {platform}, {row.followers:,} followers, {first}{what} at {at}</li>"


def _moved(reading: Reading) -> str:
    surprise = reading.surprise or 0.0
    side = "above" if surprise >= 0 else "below"
    return f"<li>{for_html(reading.text)}: {abs(surprise):,.1f} times the usual spread {side}</li>"
