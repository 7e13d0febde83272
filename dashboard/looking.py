"""Reads what pages show, once for all viewers: N people looking at one brand cost one query.

Stands between pages and the store. A look is kept for a little less than one refresh and thrown away after every
decision.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import streamlit as st

from dashboard.context import shared_context
from dashboard.figures import Window
from dashboard.incident_view import DetailView, ListView, read_detail, read_list
from dashboard.now_view import NowView, read_now
from stormcone.errors import StoreError
from stormcone.models import Silence
from stormcone.models.page_ledger import PageLedger
from stormcone.models.weeks import IsoWeek
from stormcone.page_ledger import read_ledger, read_week

_KEPT_LOOKS = 64  # brands times windows; the oldest goes
_LEAST_TTL_SECONDS = 0.5
_LEDGER_TTL_SECONDS = 30.0  # whole timelines are read for it; a decision looks again at once


def look_now(config_path: str, brand: str, window: Window) -> NowView:
    """Return the newest view of a brand. Raises: StoreError: the database cannot be read."""
    look: NowView = _kept(_read_now, _ttl_seconds(config_path))(config_path, brand, window.value)
    return look


def look_incidents(config_path: str, brand: str | None) -> ListView:
    """Return the newest incidents of one brand, or of all. Raises: StoreError."""
    look: ListView = _kept(_read_list, _ttl_seconds(config_path))(config_path, brand)
    return look


def look_incident(config_path: str, incident_id: int) -> DetailView | None:
    """Return one incident, None where there is none of that id. Raises: StoreError."""
    look: DetailView | None = _kept(_read_detail, _ttl_seconds(config_path))(config_path, incident_id)
    return look


def look_silences(config_path: str, brand: str) -> tuple[Silence, ...]:
    """Return the silences that last now and can touch a brand, oldest first. Raises: StoreError."""
    look: tuple[Silence, ...] = _kept(_read_silences, _ttl_seconds(config_path))(config_path, brand)
    return look


def look_ledger(config_path: str, brand: str | None) -> tuple[IsoWeek, PageLedger]:
    """Return the running week's ledger of pages, of one brand or all. Raises: StoreError."""
    look: tuple[IsoWeek, PageLedger] = _kept(_read_ledger, _LEDGER_TTL_SECONDS)(config_path, brand)
    return look


def brands(config_path: str) -> tuple[str, ...]:
    """Return the brands that can be chosen: those of the settings, else those ever mentioned."""
    named = tuple(brand.name for brand in shared_context(config_path).config.brands)
    if named:
        return named
    try:
        found: tuple[str, ...] = _kept(_read_brands, 60.0)(config_path)
    except StoreError:
        return ()
    return found


def forget_looks() -> None:
    """Look again at once: somebody has just changed something."""
    st.cache_data.clear()


def _read_now(config_path: str, brand: str, window: str) -> NowView:
    context = shared_context(config_path)
    return read_now(context.open(), context.config, brand, Window(window))


def _read_list(config_path: str, brand: str | None) -> ListView:
    return read_list(shared_context(config_path).open(), brand)


def _read_detail(config_path: str, incident_id: int) -> DetailView | None:
    context = shared_context(config_path)
    return read_detail(context.open(), context.config, incident_id)


def _read_silences(config_path: str, brand: str) -> tuple[Silence, ...]:
    opened = shared_context(config_path).open()
    return tuple(each for each in opened.store.holding.silences(opened.clock.now()) if each.brand in {None, brand})


def _read_ledger(config_path: str, brand: str | None) -> tuple[IsoWeek, PageLedger]:
    context = shared_context(config_path)
    opened, config = context.open(), context.config
    names = (brand,) if brand else tuple(each.name for each in config.brands)
    week = read_week(None, now=opened.clock.now(), zones=[config.brand_named(name).zone for name in names])
    return week, read_ledger(config, opened.store, names, week)


def _read_brands(config_path: str) -> tuple[str, ...]:
    return shared_context(config_path).open().store.reads.brands()


@lru_cache(maxsize=16)
def _kept(read: Callable[..., Any], ttl_seconds: float) -> Callable[..., Any]:
    """Return `read` behind a cache of its own."""
    return st.cache_data(ttl=ttl_seconds, max_entries=_KEPT_LOOKS, show_spinner=False)(read)


def _ttl_seconds(config_path: str) -> float:
    """Less than a refresh, so that each refresh of a single viewer sees something new."""
    return max(_LEAST_TTL_SECONDS, shared_context(config_path).config.dashboard.refresh_seconds - 1)
