"""What the picture of the last hours shows, and what is said of it to those who cannot see it."""

import json
from typing import Any

import pytest

from alerts.chart import ABOVE, MENTIONS, MISSING, USUAL, chart_sentence, chart_spec
from tests.alerts.courses import AT, make_course


def boxes(spec: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    return {
        layer["encoding"]["color"]["datum"]: layer["data"]["values"]
        for layer in spec["layer"]
        if "color" in layer["encoding"]
    }


def names(spec: dict[str, Any]) -> list[str]:
    return [layer["data"]["values"][0]["label"] for layer in spec["layer"] if layer["mark"]["type"] == "text"]


def test_every_bin_stands_in_one_box_beside_its_band() -> None:
    shown = boxes(chart_spec(make_course(), brand="acme"))
    assert len(shown[MENTIONS]) + len(shown[ABOVE]) == 72
    assert [each["mentions"] for each in shown[ABOVE]] == [20, 45, 90, 180, 247]
    assert len(shown[USUAL]) == 66
    assert {(each["low"], each["high"]) for each in shown[USUAL]} == {(2.0, 9.0)}
    assert [each["number"] for each in shown[MISSING]] == [20, 21]
    assert all(each["to"] - each["from"] == 300_000 for each in shown[MENTIONS])
    assert shown[ABOVE][-1]["to"] == round(AT.timestamp()) * 1000 - 120_000


def test_axes_name_unit_and_time_zone() -> None:
    axes = chart_spec(make_course(), brand="acme")["layer"][0]["encoding"]
    assert axes["x"]["axis"]["title"] == "time of day (UTC)"
    assert axes["x"]["scale"]["type"] == "utc"
    assert axes["y"]["axis"]["title"] == "mentions per 5 minutes"
    assert axes["y"]["scale"]["zero"] is True


def test_own_post_and_now_are_marked() -> None:
    assert names(chart_spec(make_course(), brand="acme")) == ["own post 20:52", "now 22:12"]
    assert names(chart_spec(make_course(post_at=None), brand="acme")) == ["now 22:12"]


def test_what_is_not_there_has_no_place_in_the_legend() -> None:
    spec = chart_spec(
        make_course(low=(None,) * 72, high=(None,) * 72, not_collected=(), mentions=(0,) * 71 + (1,)), brand="acme"
    )
    assert list(boxes(spec)) == [MENTIONS]
    assert spec["title"]["subtitle"] == "what is usual is not known yet"


def test_nothing_in_it_is_loaded_from_anywhere() -> None:
    text = json.dumps(chart_spec(make_course(), brand="see http://evil.test/x.png"))
    addresses = [part for part in text.split('"') if "://" in part]
    assert addresses == [
        "https://vega.github.io/schema/vega-lite/v5.json",
        "see hxxp://evil[.]test/x[.]png: mentions every 5 minutes",
    ]


def test_sentence_says_what_the_picture_shows() -> None:
    assert chart_sentence(make_course(), brand="acme") == (
        "acme: mentions every 5 minutes from 16:10 to 22:10 UTC: 247 in the last, where 2 to 9 is usual; most, 247, at "
        "22:05. Own post at 20:52. Part of the time was not collected."
    )


@pytest.mark.parametrize("mentions", [(), (0, 0)])
def test_sentence_of_silence_says_none(mentions: tuple[int, ...]) -> None:
    course = make_course(mentions=mentions, low=(None,) * len(mentions), high=(None,) * len(mentions), bin_minutes=1)
    assert chart_sentence(course, brand="acme").endswith("UTC: none.")
    assert chart_sentence(course, brand="acme").startswith("acme: mentions every minute from 16:10")
