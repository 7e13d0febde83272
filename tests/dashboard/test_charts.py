import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dashboard.charts import takeaway, volume_option
from dashboard.colours import DARK, LEVEL_BADGES, LIGHT, UNKNOWN_BADGE, palette, theme_options
from dashboard.figures import Frame, Happening, Marker, Occurrence
from stormcone.models import Level

START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def frame(*, collected: tuple[bool, ...] = (True, True, True)) -> Frame:
    happened = Occurrence(at=START, what=Happening.OPENED, label="#1")
    return Frame(
        bucket_minutes=5,
        starts=tuple(START + timedelta(minutes=5 * index) for index in range(3)),
        negative=(6.0, 0.0, 3.0),
        neutral=(3.0, 0.0, 0.0),
        positive=(1.0, 0.0, 0.0),
        low=(1.0, 1.0, None),
        high=(4.0, 4.0, None),
        collected=collected,
        markers=(Marker(letter="A", bucket=1, occurrences=(happened,)),),
    )


def option(shown: Frame) -> dict:
    return volume_option(shown, zone=ZoneInfo("Europe/Helsinki"), palette=LIGHT)


def series(shown: Frame, name: str) -> dict:
    (found,) = [each for each in option(shown)["series"] if each["name"] == name]
    return found


def test_option_is_plain_json() -> None:
    assert json.loads(json.dumps(option(frame()))) == option(frame())


def test_axis_is_in_the_brands_zone() -> None:
    assert option(frame())["xAxis"]["data"] == ["14:00-14:05", "14:05-14:10", "14:10-14:15"]


def test_band_is_drawn_as_its_height_above_its_lower_edge() -> None:
    assert series(frame(), "Usual range")["data"] == [3.0, 3.0, None]
    assert series(frame(), "usual from")["data"] == [1.0, 1.0, None]


def test_silence_is_zero_only_where_it_was_collected() -> None:
    assert series(frame(), "Negative")["data"] == [6.0, 0.0, 3.0]
    missing = frame(collected=(True, False, True))
    assert series(missing, "Negative")["data"] == [6.0, None, 3.0]
    assert series(missing, "Not collected")["data"] == [None, 1, None]


def test_letters_mark_buckets() -> None:
    assert series(frame(), "Events")["markLine"]["data"] == [{"name": "A", "xAxis": 1}]


def test_patterns_and_a_sentence_stand_in_for_colours() -> None:
    assert option(frame())["aria"]["decal"]["show"]
    assert takeaway(frame(collected=(True, False, True))) == (
        "13 mentions in this window, 69% of them negative in tone. Part of the window was not collected."
    )


def test_each_theme_has_its_palette() -> None:
    assert palette("dark") is DARK
    assert palette("light") is palette(None) is LIGHT


def luminance(colour: str) -> float:
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("level", Level)
def test_words_on_a_badge_can_be_read(level: Level) -> None:
    assert contrast(LEVEL_BADGES[level].background, LEVEL_BADGES[level].text) >= 4.5


def test_words_on_the_unknown_badge_can_be_read() -> None:
    for stripe in ("#B4B4B4", "#A3A3A3"):
        assert stripe in UNKNOWN_BADGE.background
        assert contrast(stripe, UNKNOWN_BADGE.text) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_texts_of_both_themes_can_be_read(theme: str) -> None:
    options = theme_options()
    background = options[f"theme.{theme}.backgroundColor"]
    for name in ("textColor", "grayTextColor", "redTextColor", "greenTextColor"):
        assert contrast(background, options[f"theme.{theme}.{name}"]) >= 4.5
    assert contrast("#FFFFFF", options[f"theme.{theme}.primaryColor"]) >= 4.5
