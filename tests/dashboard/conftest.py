"""What tests of several pages stand on: a dashboard whose store is filled and whose caches are empty."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import streamlit as st

from tests.dashboard.seeding import Scene, write_config


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    st.cache_data.clear()
    st.cache_resource.clear()
    path = write_config(tmp_path)
    monkeypatch.setenv("STORMCONE_CONFIG", str(path))
    opened = Scene(path, datetime.now(UTC).replace(microsecond=0))
    yield opened
    opened.close()
