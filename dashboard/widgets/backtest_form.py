"""The question of the Back-test page: which brand, which time, which budget."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard.backtest_runner import Question
from dashboard.backtest_view import period
from dashboard.widgets.header_row import choose_brand
from stormcone.config import Config

_FIRST_ASKED = timedelta(days=27)  # with today four weeks
_LEAST_BUDGET, _MOST_BUDGET, _STEP = 0.25, 20.0, 0.25
_BUDGET_HELP = (
    "How many pages a month may be false. The detector is bounded by it: with more it speaks earlier and of smaller "
    "storms. What is set for this brand in config.toml is filled in."
)
_PERIOD_HELP = (
    "What was collected on these days is played again, to the end of the last. The four weeks before warm the detector "
    "up, as far as they are stored."
)


def draw_brand(brands: tuple[str, ...]) -> str:
    """Draw the title beside the choice of a brand, and return the brand."""
    with st.container(key="backtest_head", horizontal=True, vertical_alignment="center"):
        st.title("Back-test", anchor=False, help="Stored history played again with another budget. Nothing is sent.")
        return choose_brand(brands)


def draw_question(
    brand: str, span: tuple[datetime, datetime], config: Config, now: datetime, *, is_busy: bool
) -> Question | None:
    """Draw period, budget and button. Returns: the question in the run in which the button was pressed, else None.

    Args: span: from when to when anything of the brand is stored. is_busy: True while another one is answered.
    """
    settings = config.brand_named(brand)
    with st.container(key="backtest_question", border=True, horizontal=True, vertical_alignment="bottom"):
        days = _choose_days(brand, span, settings.zone)
        budget = st.number_input(
            "False pages a month",
            min_value=_LEAST_BUDGET,
            max_value=_MOST_BUDGET,
            value=min(max(settings.false_pages_per_month, _LEAST_BUDGET), _MOST_BUDGET),
            step=_STEP,
            format="%g",
            key=f"backtest_budget_{brand}",
            help=_BUDGET_HELP,
            width=180,
        )
        is_asked = st.button(
            "Run", type="primary", icon=":material/replay:", disabled=is_busy or days is None, key="backtest_run"
        )
    if days is None:
        st.caption("Choose the first and the last day.")
        return None
    since, until = period(*days, settings.zone)
    return Question(brand=brand, since=since, until=min(until, now), budget=budget) if is_asked else None


def _choose_days(brand: str, span: tuple[datetime, datetime], zone: ZoneInfo) -> tuple[date, date] | None:
    first, last = (instant.astimezone(zone).date() for instant in span)
    chosen = st.date_input(
        "Period",
        value=(max(first, last - _FIRST_ASKED), last),
        min_value=first,
        max_value=last,
        key=f"backtest_period_{brand}",
        help=_PERIOD_HELP,
        width=260,
    )
    # While the second day is still to be chosen, there is only the first.
    return (chosen[0], chosen[1]) if isinstance(chosen, tuple) and len(chosen) == 2 else None  # noqa: PLR2004 - a pair
