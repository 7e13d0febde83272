"""The Back-test page: question, progress, answer, each state told in a sentence.

A run is named in the address (`?run=`), so that it is found again after a reload or a lost connection. The state alone
refreshes itself, and only while something is under way.
"""

from datetime import timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import wording
from dashboard.backtest_runner import Run, Runs, Stage
from dashboard.backtest_view import read_answer, stored_span
from dashboard.context import shared_context
from dashboard.escaping import for_markdown
from dashboard.guarding import calm
from dashboard.looking import brands
from dashboard.widgets.backtest_answer import draw_answer
from dashboard.widgets.backtest_form import draw_brand, draw_question

_REFRESH_SECONDS = 1.0
_INSTANT = timedelta(seconds=1)  # a period ends before its end


def draw_backtest(config_path: str, runs: Runs) -> None:
    """Draw the page."""
    context = shared_context(config_path)
    known = brands(config_path)
    if not known:
        st.caption("There is no brand yet: name one under [[brand]] in config.toml, or collect something first.")
        return
    opened = context.open()
    brand = draw_brand(known)
    span = stored_span(opened, brand)
    if span is None:
        st.caption(
            f"Nothing is stored of {for_markdown(brand)} yet, so there is no history to play. `stormcone run` "
            "collects; `stormcone import` brings mention files in."
        )
        return
    is_busy = runs.current is not None
    question = draw_question(brand, span, context.config, opened.clock.now(), is_busy=is_busy)
    if question is not None:
        started = runs.start(question)
        if started is not None:
            st.query_params["run"] = started.key
        st.rerun()
    with st.container(key="backtest_state"):
        st.fragment(_live, run_every=_REFRESH_SECONDS if is_busy else None)(config_path, runs, is_busy=is_busy)


def _live(config_path: str, runs: Runs, *, is_busy: bool) -> None:
    with calm("backtest"):
        if is_busy and runs.current is None:
            st.rerun()  # it has ended: draw the answer, and let people ask again
        key = st.query_params.get("run")
        run = runs.look(key) if key is not None else None
        other = runs.current
        if other is not None and (run is None or other.key != run.key):
            _say_busy(other)
        if run is not None:
            _draw_run(config_path, runs, run)
        elif key is not None:
            st.caption("That back-test is not kept any more; run it again.")
        elif other is None:
            st.caption("Choose a period and a budget: you see who would have been paged, and what really happened.")


def _draw_run(config_path: str, runs: Runs, run: Run) -> None:
    zone = shared_context(config_path).config.brand_named(run.question.brand).zone
    if run.stage is not Stage.RUNNING:
        st.caption(_asked(run, zone))
    match run.stage:
        case Stage.RUNNING:
            _draw_progress(runs, run, zone)
        case Stage.CANCELLED:
            st.info("This back-test was cancelled.", icon=":material/cancel:")
        case Stage.TOO_LONG:
            st.warning("This took too long and was ended. Choose a shorter period.", icon=":material/timer_off:")
        case Stage.FAILED:
            st.error(f"The back-test failed: {for_markdown(run.reason)}", icon=":material/error:")
        case Stage.DONE if not run.mentions:
            st.info("Nothing was collected in that time, so there is nothing to play.", icon=":material/inbox:")
        case Stage.DONE:
            draw_answer(read_answer(shared_context(config_path).open(), run, zone), zone)


def _draw_progress(runs: Runs, run: Run, zone: ZoneInfo) -> None:
    share = run.done / run.of if run.of else 0.0
    reached = "" if run.at is None else f", {run.at.astimezone(zone):%d %b %H:%M}"
    st.progress(share, text=f"Playing {_asked(run, zone)}: {wording.percent(share)}{reached}")
    if st.button("Cancel", icon=":material/stop_circle:", key="backtest_cancel"):
        runs.cancel(run.key)
        st.rerun()


def _say_busy(other: Run) -> None:
    st.info(
        f"Another back-test is running ({for_markdown(other.question.brand, max_chars=60)}, "
        f"{wording.percent(other.done / other.of if other.of else 0.0)} done). It has to end before another can begin.",
        icon=":material/hourglass_top:",
    )


def _asked(run: Run, zone: ZoneInfo) -> str:
    question = run.question
    since, last = (each.astimezone(zone) for each in (question.since, question.until - _INSTANT))
    return (
        f"{for_markdown(question.brand, max_chars=60)}, {since:%d %b %Y} to {last:%d %b %Y}, "
        f"{question.budget:g} false page{'' if question.budget == 1 else 's'} a month"
    )
