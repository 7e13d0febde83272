"""Whether the press or the crowd was first."""

from dataclasses import replace

from analysis.signals.press import Press
from stormcone.models.signal_views import Company, Reported
from tests.analysis.signals.views import VIEW


def text_of(minutes: float) -> str | None:
    reported = Reported(minutes_before=minutes, reports=2, outlets=("Millgate Post", "post.example"))
    reading = Press().read(replace(VIEW, company=Company(reported=reported)))
    return reading.text if reading else None


def test_minutes_and_outlets_are_told() -> None:
    assert text_of(40) == "reported by the press 40 min before the crowd: Millgate Post, post.example"


def test_press_that_followed_is_told_as_such() -> None:
    assert text_of(-12.4) == "reported by the press 12 min after the crowd: Millgate Post, post.example"


def test_no_report_is_no_reading() -> None:
    assert Press().read(VIEW) is None
