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

_KEPT_LOOKS = 64  # brands times windows; the oldest goes
_LEAST_TTL_SECONDS = 0.5


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
    return read_detail(shared_context(config_path).open(), incident_id)


def _read_brands(config_path: str) -> tuple[str, ...]:
    return shared_context(config_path).open().store.reads.brands()


@lru_cache(maxsize=16)
def _kept(read: Callable[..., Any], ttl_seconds: float) -> Callable[..., Any]:
    """Return `read` behind a cache of its own."""
    return st.cache_data(ttl=ttl_seconds, max_entries=_KEPT_LOOKS, show_spinner=False)(read)


def _ttl_seconds(config_path: str) -> float:
    """Less than a refresh, so that each refresh of a single viewer sees something new."""
    return max(_LEAST_TTL_SECONDS, shared_context(config_path).config.dashboard.refresh_seconds - 1)
