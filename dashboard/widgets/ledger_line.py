"""One line above the incidents: how many pages the week had, how many were real, how long they waited.

The figures of `stormcone ledger`; draws, counts nothing.
"""

import streamlit as st

from dashboard import wording
from dashboard.looking import look_ledger
from stormcone.models.page_ledger import PageLedger
from stormcone.models.weeks import IsoWeek


def draw_ledger_line(config_path: str, brand: str | None) -> None:
    """Draw the line for one brand, or for all."""
    with st.container(key="incidents_ledger"):
        st.caption(ledger_sentence(*look_ledger(config_path, brand)), help=wording.LEDGER_HELP)


def ledger_sentence(week: IsoWeek, counted: PageLedger) -> str:
    """Return the week's pages as one sentence, without a claim where nobody has marked any."""
    count = len(counted.pages)
    if not count:
        return f"Pages in {week.name}: none."
    precision = counted.precision
    worth = (
        "nobody has marked them yet"
        if precision is None
        else f"{wording.percent(precision.value)} of {counted.real + counted.noise} marked were real "
        f"({wording.percent(precision.low)} to {wording.percent(precision.high)})"
    )
    median = counted.to_acknowledge.median
    taken = "most not acknowledged so far" if median is None else f"median {wording.duration(median)} to acknowledge"
    return f"Pages in {week.name}: {count}; {worth}; {taken}."
