"""The Own posts page: a form for a draft, what the check says beside the news, and flagged posts of the last week."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import draft_words, wording
from dashboard.context import shared_context
from dashboard.draft_view import CheckedPost, DraftAsk, judge_draft, read_room, risky_posts
from dashboard.escaping import for_markdown
from dashboard.looking import brands
from dashboard.widgets.header_row import choose_brand
from stormcone.models.drafts import DraftAdvice, DraftRole, DraftVerdict

_MOST_CHARS = 12_000
_QUOTED_CHARS = 200
_SHOWN_HEADLINES = 8


def draw_drafts(config_path: str) -> None:
    """Draw the page."""
    context = shared_context(config_path)
    known = brands(config_path)
    if not known:
        st.caption("There is no brand yet: name one under [[brand]] in config.toml, or collect something first.")
        return
    brand = choose_brand(known)
    opened, zone = context.open(), context.config.brand_named(brand).zone
    room = read_room(opened, brand)
    left, right = st.columns((1.5, 1), gap="medium")
    with left, st.container(border=True, key="draft_check"):
        asked = _draw_form(zone, opened.clock.now())
        if asked is not None:
            _draw_verdict(judge_draft(context.config, brand, asked, room), asked.text)
    with right, st.container(border=True, key="draft_room"):
        _draw_room(room, brand)
    with st.container(border=True, key="draft_posts"):
        _draw_posts(risky_posts(opened, context.config, brand), zone, opened.clock.now())


def _draw_form(zone: ZoneInfo, now: datetime) -> DraftAsk | None:
    """Return what is to be checked, None while nothing is."""
    st.subheader(draft_words.TITLE, anchor=False, help=draft_words.TITLE_HELP)
    with st.form("draft", border=False):
        text = st.text_area(
            draft_words.TEXT,
            max_chars=_MOST_CHARS,
            placeholder=draft_words.TEXT_PLACEHOLDER,
            height=120,
            key="draft_text",
        )
        first, second, third = st.columns(3)
        role = first.selectbox(
            draft_words.ROLE, list(DraftRole), format_func=draft_words.ROLE_WORDS.__getitem__, key="draft_role"
        )
        today = now.astimezone(zone).date()
        day = second.date_input(draft_words.DAY, value=today, key="draft_day")
        automated = third.checkbox(draft_words.AUTOMATED, key="draft_automated")
        reply = st.text_input(draft_words.REPLY, max_chars=_MOST_CHARS, key="draft_reply")
        is_sent = st.form_submit_button(draft_words.CHECK, type="primary")
    if not is_sent:
        return None
    if not (text or "").strip():
        st.warning(draft_words.EMPTY)
        return None
    return DraftAsk(
        text=text,
        role=role or DraftRole.OFFICIAL,
        at=datetime.combine(day or today, time(12), zone),
        in_reply_to=reply or None,
        automated=automated,
    )


def _draw_verdict(verdict: DraftVerdict, text: str) -> None:
    with st.container(key="draft_verdict"):
        words = f"**{draft_words.ADVICE_WORDS[verdict.advice]}** (risk {verdict.risk:.2f})"
        icon = draft_words.ADVICE_ICONS[verdict.advice]
        draw = {DraftAdvice.POST: st.success, DraftAdvice.REVIEW: st.warning, DraftAdvice.DO_NOT_POST: st.error}
        draw[verdict.advice](words, icon=icon)
        if not verdict.flags:
            st.caption(draft_words.NOTHING_FOUND)
        for each in verdict.flags:
            quoted = text[slice(*each.span)] if each.span else ""
            where = f" “{for_markdown(quoted, max_chars=_QUOTED_CHARS)}”" if quoted else ""
            st.markdown(f"- **{draft_words.CATEGORY_WORDS[each.category]}**{where}: {for_markdown(each.why)}")


def _draw_room(room: tuple[str, ...], brand: str) -> None:
    st.markdown(f"**{for_markdown(draft_words.ROOM_TITLE.format(brand=brand))}**")
    if not room:
        st.caption(for_markdown(draft_words.ROOM_EMPTY.format(brand=brand)))
    for each in room[:_SHOWN_HEADLINES]:
        st.markdown(f"- {for_markdown(each, max_chars=_QUOTED_CHARS)}")


def _draw_posts(found: tuple[CheckedPost, ...], zone: ZoneInfo, now: datetime) -> None:
    st.subheader(draft_words.POSTS_TITLE, anchor=False)
    if not found:
        st.caption(draft_words.POSTS_EMPTY)
    for each in found:
        first = each.verdict.flags[0]
        at = wording.clock_time(each.post.posted_at, zone, now=now)
        gone = f" · {draft_words.GONE}" if each.is_deleted else ""
        st.markdown(
            f"**{draft_words.CATEGORY_WORDS[first.category]}** (risk {each.verdict.risk:.2f}) · {at} · "
            f"{for_markdown(each.post.platform, max_chars=30)}{gone}  \n"
            f"{for_markdown(each.post.text, max_chars=_QUOTED_CHARS)}  \n:small[{for_markdown(first.why)}]"
        )
