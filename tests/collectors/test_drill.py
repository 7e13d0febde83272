"""The drill source: whatever the rhythm of polling, each row comes exactly once, and never before its time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from collectors.drill import DrillCollector, DrillSettings
from stormcone.clock import ManualClock
from stormcone.errors import CollectError
from stormcone.models import Batch, Engagement, Mention
from stormcone.plugins import discover
from stormcone.ports import Allowance, Collector, CollectorContext, SourceSettings, WatchedBrand

START = datetime(2026, 11, 2, 13, tzinfo=UTC)
LONG_AFTER = START + timedelta(days=2)


def source(clock: ManualClock, brand: str = "Harrow & Vane Defence", **changes: object) -> DrillCollector:
    given_settings = DrillSettings.model_validate({"name": "arms-photo-day", "starts_at": START, **changes})
    context = CollectorContext(brands=(WatchedBrand(name=brand),), clock=clock, base_folder=".", secrets={})
    return DrillCollector(given_settings, context)


def poll(of: DrillCollector, cursor: str | None) -> Batch:
    return of.poll(cursor, Allowance(), LONG_AFTER)


def all_at_once() -> Batch:
    return poll(source(ManualClock(LONG_AFTER)), None)


WHOLE = all_at_once()


def test_folder_scan_finds_the_drill() -> None:
    assert discover("collectors", Collector, key="platform")["drill"].__name__ == "DrillCollector"


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0, 800), max_size=40))
def test_polling_in_any_chunks_gives_what_one_poll_gives(minutes: list[float]) -> None:
    clock = ManualClock(START - timedelta(minutes=1))
    of = source(clock)
    cursor: str | None = None
    mentions: list[Mention] = []
    engagements: list[Engagement] = []
    for minute in [*sorted(minutes), 2000.0]:
        clock.move_to(START + timedelta(minutes=minute))
        batch = poll(of, cursor)
        assert all(row.seen_at <= clock.now() for row in batch.mentions)
        cursor = batch.cursor
        mentions += batch.mentions
        engagements += batch.engagements
    assert tuple(mentions) == WHOLE.mentions
    assert tuple(engagements) == WHOLE.engagements


def test_restarted_source_goes_on_where_the_cursor_stands() -> None:
    clock = ManualClock(START + timedelta(hours=1))
    first = poll(source(clock), None)
    clock.move_to(LONG_AFTER)
    second = poll(source(clock), first.cursor)
    assert first.mentions + second.mentions == WHOLE.mentions
    assert first.mentions
    assert second.mentions


def test_nothing_is_seen_before_the_drill_starts() -> None:
    batch = poll(source(ManualClock(START - timedelta(hours=1))), None)
    assert batch.is_empty
    assert batch.cursor == (START - timedelta(hours=1)).isoformat()


def test_first_poll_brings_the_history_asked_for() -> None:
    batch = poll(source(ManualClock(START), history_days=2), None)
    assert 500 < len(batch.mentions) < 1600
    assert {row.id[0] for row in batch.mentions} == {"h"}


def test_clock_that_stands_still_brings_nothing_twice() -> None:
    of = source(ManualClock(START + timedelta(hours=2)))
    cursor = poll(of, None).cursor
    again = poll(of, cursor)
    assert again.is_empty
    assert again.cursor == cursor


@pytest.mark.parametrize("cursor", ["yesterday", "", "2026-11-02T13:00:00"])
def test_cursor_of_somebody_else_is_an_error(cursor: str) -> None:
    with pytest.raises(CollectError, match="drill: cursor"):
        poll(source(ManualClock(START)), cursor)


def test_unknown_drill_is_refused_with_the_known_names() -> None:
    with pytest.raises(ValidationError, match="give one of arms-photo-day, brigade, calm-week"):
        DrillSettings(name="flood", starts_at=START)


def test_start_with_an_offset_is_understood_and_one_without_refused() -> None:
    read = DrillSettings.model_validate({"starts_at": "2026-11-02T15:00:00+02:00"})
    assert read.starts_at == START
    assert read.starts_at.tzinfo is UTC
    with pytest.raises(ValidationError, match="timezone"):
        DrillSettings.model_validate({"starts_at": "2026-11-02T15:00:00"})


def test_defaults_play_the_main_drill_every_minute_without_history() -> None:
    read = DrillSettings(starts_at=START)
    assert (read.name, read.poll_seconds, read.history_days) == ("arms-photo-day", 60, 0)


def test_settings_of_another_source_are_refused() -> None:
    context = CollectorContext(brands=(), clock=ManualClock(START), base_folder=".", secrets={})
    with pytest.raises(TypeError, match="DrillSettings"):
        DrillCollector(SourceSettings(), context)


def test_check_tells_when_no_brand_is_the_one_of_the_drill() -> None:
    assert source(ManualClock(START)).check() is None
    complaint = source(ManualClock(START), brand="Somebody else").check()
    assert complaint is not None
    assert "Harrow & Vane Defence" in complaint
