from datetime import UTC, datetime, timedelta
from math import sqrt
from typing import Any

from dashboard.figures import Frame, Happening, Occurrence, Window, build_frame, window_bounds
from stormcone.models import Gap, Level, Trust
from stormcone.store import StreamStep
from stormcone.store.screens import ToneBucket

NOW = datetime(2026, 11, 21, 12, 3, 20, tzinfo=UTC)


def step(at: datetime, usual: float | None = 10.0, spread: float | None = 2.0) -> StreamStep:
    return StreamStep(
        brand="acme",
        at=at,
        voices=1.0,
        usual_voices=usual,
        spread_voices=spread,
        against=0.0,
        level=Level.CALM,
        trust=Trust.SETTLED,
    )


def frame(window: Window = Window.HOURS_2, **changes: Any) -> Frame:
    facts: dict[str, Any] = {"tone": (), "steps": (), "step_minutes": 5, "gaps": (), "occurrences": ()}
    return build_frame(window, NOW, **(facts | changes))


def test_running_bucket_is_left_out() -> None:
    shown = frame()
    assert shown.starts[-1] == datetime(2026, 11, 21, 12, 2, tzinfo=UTC)
    assert len(shown.starts) == 120


def test_every_window_has_a_readable_number_of_bars() -> None:
    assert {window: len(frame(window).starts) for window in Window} == {
        Window.HOURS_2: 120,
        Window.HOURS_6: 72,
        Window.HOURS_24: 96,
        Window.DAYS_7: 168,
    }


def test_tone_lands_in_its_bucket_and_the_rest_is_zero() -> None:
    start = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    shown = frame(tone=(ToneBucket(start=start, mentions=10, negative=6, neutral=3, positive=1),))
    index = shown.starts.index(start)
    assert (shown.negative[index], shown.neutral[index], shown.positive[index]) == (6, 3, 1)
    assert sum(shown.negative) == 6


def test_band_of_a_step_is_scaled_down_to_minutes() -> None:
    shown = frame(steps=(step(datetime(2026, 11, 21, 12, 0, tzinfo=UTC)),))
    index = shown.starts.index(datetime(2026, 11, 21, 11, 57, tzinfo=UTC))
    reach = 2 * sqrt(4 / 5)
    assert shown.low[index] == 2.0 - reach
    assert shown.high[index] == 2.0 + reach
    assert shown.high[index - 10] is None


def test_band_of_steps_adds_up_to_hours() -> None:
    ends = [datetime(2026, 11, 21, 11, 0, tzinfo=UTC) + timedelta(minutes=5 * each) for each in range(1, 13)]
    shown = frame(Window.DAYS_7, steps=tuple(map(step, ends)))
    assert shown.starts[-1] == datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
    assert shown.high[-1] == 120 + 2 * sqrt(12 * 4)


def test_band_is_unknown_while_warming_up() -> None:
    shown = frame(steps=(step(NOW, usual=None, spread=None),))
    assert set(shown.high) == {None}


def test_gap_marks_every_bucket_it_touches() -> None:
    gap = Gap(
        platform="x",
        brand=None,
        started_at=datetime(2026, 11, 21, 11, 0, 30, tzinfo=UTC),
        ended_at=datetime(2026, 11, 21, 11, 2, tzinfo=UTC),
    )
    shown = frame(gaps=(gap,))
    missing = [start for start, collected in zip(shown.starts, shown.collected, strict=True) if not collected]
    assert [f"{start:%H:%M}" for start in missing] == ["11:00", "11:01"]


def test_markers_near_each_other_share_a_letter() -> None:
    happened = [
        Occurrence(at=NOW - timedelta(minutes=ago), what=Happening.OPENED, label=f"#{ago}") for ago in (60, 59, 20, 300)
    ]
    markers = frame(occurrences=happened).markers
    assert [(marker.letter, [each.label for each in marker.occurrences]) for marker in markers] == [
        ("A", ["#60", "#59"]),
        ("B", ["#20"]),
    ]


def test_letters_never_run_out() -> None:
    happened = [Occurrence(at=NOW - timedelta(minutes=ago), what=Happening.OWN_POST, label="") for ago in range(1, 120)]
    assert all("A" <= marker.letter <= "Z" for marker in frame(occurrences=happened).markers)


def test_window_ends_at_a_whole_bucket() -> None:
    since, until = window_bounds(Window.HOURS_24, NOW)
    assert until == datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    assert until - since == timedelta(hours=24)
