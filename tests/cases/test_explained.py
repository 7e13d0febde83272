"""Drills through the real pipeline: the explanation names the matter, not stop words and not the brand."""

import pytest

from stormcone.models import Explanation, Moment
from tests.cases.playing import DrillRun, play_drill

STOP_WORDS = {"the", "a", "you", "your", "and", "this", "is", "for", "who", "not", "are", "what"}


def told(drill: DrillRun) -> list[Explanation]:
    verdicts = [each.verdict for each in drill.during if each.verdict is not None]
    return [verdict.explanation for verdict in verdicts if verdict.explanation is not None]


@pytest.mark.parametrize(
    ("name", "matter", "brand"),
    [
        ("arms-photo-day", {"tal mireh", "photo", "photos", "market"}, "harrow"),
        pytest.param(
            "service-outage",
            {"app", "down", "loading screen", "error 503", "working"},
            "pennybrook",
            marks=pytest.mark.thorough,
        ),
    ],
)
def test_the_matter_is_named_by_the_time_it_cools(name: str, matter: set[str], brand: str) -> None:
    explained = told(play_drill(name, 1))
    phrases = {topic.phrase for topic in explained[-1].phrases}
    assert len(phrases & matter) >= 2
    found = [topic.phrase.split() for each in explained for topic in each.phrases]
    assert {edge for phrase in found for edge in (phrase[0], phrase[-1])}.isdisjoint(STOP_WORDS)
    assert brand not in {word for phrase in found for word in phrase}


def test_a_page_shows_typical_replies_and_what_would_change_it() -> None:
    drill = play_drill("arms-photo-day", 1)
    for transition in drill.during:
        if transition.moment in {Moment.OPENED, Moment.UPDATED}:
            assert transition.verdict is not None
            assert transition.verdict.explanation is not None
            assert len(transition.verdict.explanation.exemplars) == 3
            assert transition.verdict.explanation.would_change
    last = told(drill)[-1]
    assert last.carriers.first_amplifier is not None
    assert last.carriers.top_reach[0].followers >= last.carriers.first_amplifier.followers
