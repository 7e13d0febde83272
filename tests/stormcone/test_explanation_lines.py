"""An explanation in the journal: replays name nobody, the store says where in the evidence people are found."""

import json
from dataclasses import replace

import pytest

from stormcone.explanation_lines import StoredCarrier, kept_explanation, read_explanation, short_explanation
from stormcone.journal import kept_line, read_verdict, transition_line, verdict_line
from stormcone.models import Transition
from tests.fakes import at, make_transition, make_verdict
from tests.stormcone.explained import EXPLANATION


def explained() -> Transition:
    return make_transition(verdict=make_verdict(explanation=EXPLANATION))


def test_a_replay_tells_phrases_and_what_would_change_and_names_nobody() -> None:
    line = transition_line(explained())
    told = json.loads(line)["explanation"]
    assert told["phrases"] == [{"phrase": "school books", "count": 9, "z": 4.25}]
    assert told["would_change"] == [
        {
            "lever": "hostile_authors",
            "now": 2,
            "needed": 4,
            "level": "page",
            "kind": "backlash",
            "text": "With 2 more people openly against, it would be a page.",
        }
    ]
    for private in ("loud", "pulped", "social.test", "m-1"):
        assert private not in line


def test_the_store_keeps_where_people_are_found_but_not_their_words() -> None:
    line = kept_line(explained())
    assert "m-1" in line
    for private in ("loud", "you pulped", "social.test"):
        assert private not in line


def test_what_the_store_keeps_is_read_back() -> None:
    stored = read_verdict(kept_line(explained())).explanation
    assert stored is not None
    assert (stored.phrases, stored.would_change) == (EXPLANATION.phrases, EXPLANATION.would_change)
    assert (stored.texts, stored.known_share, stored.rule) == (11, 0.75, "the first")
    loud = StoredCarrier(place=("x", "m-2"), followers=120_000, posted_at=at(3), is_copy=True)
    assert (stored.first_amplifier, stored.top_reach) == (loud, (loud,))
    assert stored.exemplars == (("x", "m-1"),)


def test_a_replays_line_is_read_back_without_people() -> None:
    stored = read_explanation(short_explanation(EXPLANATION))
    assert stored is not None
    assert stored.phrases == EXPLANATION.phrases
    assert (stored.first_amplifier, stored.top_reach, stored.exemplars, stored.rule) == (None, (), (), None)


def test_what_nobody_explained_has_no_key_and_old_lines_still_read() -> None:
    assert "explanation" not in json.loads(transition_line(make_transition()))
    assert read_verdict(verdict_line(make_verdict())).explanation is None


def test_nobody_large_is_written_as_nobody() -> None:
    nobody = replace(EXPLANATION, carriers=replace(EXPLANATION.carriers, first_amplifier=None, top_reach=()))
    stored = read_explanation(json.loads(json.dumps(kept_explanation(nobody))))
    assert stored is not None
    assert (stored.first_amplifier, stored.top_reach) == (None, ())


@pytest.mark.parametrize("text", ["\u2028", '"</script>', "\u202e", "x" * 10_000])
def test_a_line_stays_one_line_whatever_a_phrase_held(text: str) -> None:
    phrase = replace(EXPLANATION.phrases[0], phrase=text)
    verdict = make_verdict(explanation=replace(EXPLANATION, phrases=(phrase,)))
    line = kept_line(make_transition(verdict=verdict))
    assert "\n" not in line
    stored = read_verdict(line).explanation
    assert stored is not None
    assert stored.phrases == (phrase,)


def test_surprise_is_kept_with_a_reading() -> None:
    reading = replace(make_verdict().reasons[0], surprise=31.456)
    assert read_verdict(verdict_line(make_verdict(reasons=(reading,)))).reasons[0].surprise == 31.46
