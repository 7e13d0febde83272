"""Drill data files: all load, and a slip in one is named."""

from datetime import date

import pytest
from pydantic import ValidationError

from collectors.drills.scenario import Scenario, drill_names, load_scenario
from stormcone.errors import ConfigError
from stormcone.models import Kind

NAMES = (
    "arms-photo-day",
    "brigade",
    "calm-week",
    "hashtag-hijack",
    "one-angry-troll",
    "placeholder-post",
    "praise-hit",
    "service-outage",
)


def test_eight_drills_are_known() -> None:
    assert drill_names() == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_drill_tells_its_story_in_one_sentence(name: str) -> None:
    scenario = load_scenario(name)
    assert scenario.name == name
    assert scenario.platform == "drill"
    assert scenario.story.count(".") == 1
    assert scenario.story.endswith(".")


def test_unknown_drill_names_the_known_ones() -> None:
    with pytest.raises(ConfigError, match=r"collectors\.drill\.name = 'flood': give one of arms-photo-day, brigade"):
        load_scenario("flood")


def test_main_drill_expects_a_page_for_backlash_and_praise_none() -> None:
    assert load_scenario("arms-photo-day").expected.kind is Kind.BACKLASH
    assert load_scenario("arms-photo-day").expected.pages is True
    assert load_scenario("praise-hit").expected.pages is False
    assert load_scenario("one-angry-troll").expected.kind is None


def test_hostile_crowd_of_the_main_drill_has_at_least_sixty_templates() -> None:
    scenario = load_scenario("arms-photo-day")
    hostile = {text for pool in scenario.phases[0].pools for text in scenario.pools[pool].templates}
    assert len(hostile) >= 60


@pytest.mark.parametrize(
    "name", ["praise-hit", "placeholder-post", "hashtag-hijack", "service-outage", "one-angry-troll"]
)
def test_other_crowds_have_at_least_twenty_five_templates(name: str) -> None:
    scenario = load_scenario(name)
    assert len({text for pool in scenario.phases[0].pools for text in scenario.pools[pool].templates}) >= 25


def test_story_begins_at_its_hour() -> None:
    assert load_scenario("placeholder-post").start_on(date(2026, 3, 4)).isoformat() == "2026-03-04T01:00:00+00:00"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"posts": ()}, "post 'photo-call' is not defined"),
        ({"slots": {}}, "slot '.*' is not defined"),
        ({"bots": ({"starts_minute": 0, "posts": 1, "every_minutes": 1, "pool": "nope"},)}, "pool 'nope'"),
        ({"mood": "grim"}, "mood"),
    ],
)
def test_slip_in_a_data_file_is_named(change: dict[str, object], told: str) -> None:
    sound = load_scenario("arms-photo-day").model_dump()
    with pytest.raises(ValidationError, match=told):
        Scenario.model_validate({**sound, **change})


def test_slot_inside_a_slot_is_refused() -> None:
    sound = load_scenario("arms-photo-day").model_dump()
    slots = {**sound["slots"], "place": ("near {when}",)}
    with pytest.raises(ValidationError, match="hold no slots themselves"):
        Scenario.model_validate({**sound, "slots": slots})


def test_phase_without_words_is_refused() -> None:
    sound = load_scenario("arms-photo-day").model_dump()
    mute = {"crowd": "mute", "starts_minute": 0, "rate": {"messages": 1, "rise_minutes": 1, "half_life_minutes": 1}}
    with pytest.raises(ValidationError, match="phase 'mute' has no pools"):
        Scenario.model_validate({**sound, "phases": (mute,)})
