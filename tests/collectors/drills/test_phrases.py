"""Phrases: filled, varied, and left alone where the data file says so."""

import random

from collectors.drills.phrases import Phrasebook
from collectors.drills.scenario import load_scenario


def test_no_slot_is_left_in_any_text() -> None:
    scenario = load_scenario("arms-photo-day")
    book = Phrasebook(scenario, random.Random(1))
    texts = [book.text_of(pool) for pool in scenario.pools for _ in range(100)]
    assert not [text for text in texts if "{" in text or "}" in text or not text.strip()]


def test_crowd_does_not_speak_in_chorus() -> None:
    book = Phrasebook(load_scenario("arms-photo-day"), random.Random(2))
    texts = [book.text_of("sarcasm") for _ in range(300)]
    assert len(set(texts)) >= 290


def test_text_as_written_keeps_its_capitals() -> None:
    scenario = load_scenario("brigade")
    book = Phrasebook(scenario, random.Random(3))
    texts = [book.text_of("script") for _ in range(200)]
    assert all(
        "Tallow & Finch" in text and text.endswith(("#BoycottTallowFinch", "🔥", "🚫", "‼️", "👎")) for text in texts
    )


def test_pool_is_chosen_by_weight() -> None:
    book = Phrasebook(load_scenario("praise-hit"), random.Random(4))
    texts = [book.text_of(book.choose({"film_question": 1, "unmoved": 0})) for _ in range(40)]
    assert sum(text.rstrip().endswith("?") for text in texts) == 40


def test_same_seed_says_the_same() -> None:
    scenario = load_scenario("service-outage")
    first, second = (Phrasebook(scenario, random.Random(5)) for _ in range(2))
    assert [first.text_of("down") for _ in range(50)] == [second.text_of("down") for _ in range(50)]


def test_typos_swap_two_letters_and_nothing_else() -> None:
    scenario = load_scenario("arms-photo-day")
    pool = scenario.pools["anger"].model_copy(update={"typo_share": 1.0})
    hasty = scenario.model_copy(update={"pools": {**scenario.pools, "anger": pool}})
    texts = [Phrasebook(hasty, random.Random(seed)).text_of("anger") for seed in range(40)]
    careful = [Phrasebook(scenario, random.Random(seed)).text_of("anger") for seed in range(40)]
    pairs = [pair for pair in zip(texts, careful, strict=True) if len(pair[0]) == len(pair[1])]
    assert sum(typed != meant for typed, meant in pairs) > 20
    assert all(sorted(typed.lower()) == sorted(meant.lower()) for typed, meant in pairs)
