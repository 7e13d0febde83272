"""Different people who are openly against."""

from dataclasses import replace

import pytest

from analysis.signals.hostile_authors import HostileAuthors
from tests.analysis.signals.views import VIEW


@pytest.mark.parametrize(
    ("authors", "text"),
    [
        (0, "0 different people are openly against"),
        (1, "1 person is openly against"),
        (22, "22 different people are openly against"),
    ],
)
def test_people_are_counted_and_said(authors: int, text: str) -> None:
    reading = HostileAuthors().read(replace(VIEW, hostile_authors=authors))
    assert (reading.value, reading.text) == (authors, text) if reading else pytest.fail("no reading")
