"""The range of arranged voices: near 1 for scripts, near 0 for crowds, and honest about what is not known."""

import random

import pytest

from analysis.company import CompanyMemory
from stormcone.models import ScoredMention
from stormcone.models.signal_views import Company, Coordination
from tests.analysis.crowds import SCRIPT, arranged, in_order, natural, said
from tests.fakes import at

SEEDS = range(5)


def company(mentions: list[ScoredMention]) -> Company:
    memory = CompanyMemory()
    for each in mentions:
        memory.add(each)
    return memory.measure(since=at(-1), until=at(90))


def coordination(mentions: list[ScoredMention]) -> Coordination:
    return company(mentions).coordination


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("people", [40, 150, 600])
def test_sarcastic_pile_on_is_not_arranged(seed: int, people: int) -> None:
    found = coordination(natural(random.Random(seed), people))
    assert found.low == 0.0
    assert found.high <= 0.15


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("edits", [0, 1, 2, 3])
def test_lightly_edited_script_is_arranged(seed: int, edits: int) -> None:
    found = coordination(arranged(random.Random(seed), edits=edits))
    assert found.low >= 0.5
    assert found.high >= 0.9
    assert "in nearly the same words within minutes" in found.reasons[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_arranged_part_of_a_crowd_is_measured_not_the_whole(seed: int) -> None:
    rng = random.Random(seed)
    found = company(in_order([*natural(rng, 100), *arranged(rng, 60)]))
    true_share = 60 / found.hostile_accounts
    assert found.coordination.low <= true_share + 0.01
    assert found.coordination.high >= true_share - 0.1


def test_short_phrases_said_by_everybody_are_not_arranged() -> None:
    assert coordination([said("delete this, shame on you", f"p{n}", n) for n in range(100)]).high == 0.0


def test_troll_is_one_account_and_not_arranged() -> None:
    assert coordination([said(SCRIPT, "troll", 5 * n) for n in range(200)]) == Coordination()


def test_slow_repetition_is_not_a_burst() -> None:
    assert coordination([said(SCRIPT, f"p{n}", 1000 * n) for n in range(5)]).low == 0.0


def test_unknown_authors_raise_only_the_upper_end() -> None:
    wave = [said(SCRIPT, None, 7 * n) for n in range(40)]
    found = coordination(wave)
    assert found.low == 0.0
    assert found.high == 1.0


def test_young_accounts_widen_the_range_and_are_counted_with_what_is_known() -> None:
    old = [said(f"{n} loaves", f"old {n}", 30 * n, age_days=900) for n in range(10)]
    young = [said(f"{n} cakes later", f"young {n}", 40 * n, age_days=3) for n in range(8)]
    unknown = [said(f"{n} more reasons", f"unknown {n}", 50 * n) for n in range(2)]
    found = coordination(in_order([*old, *young, *unknown]))
    assert found.low == 0.0
    assert found.high == pytest.approx(0.4)
    assert found.known_ages_share == pytest.approx(0.9)
    assert "8 of 18 known account ages are below 30 days (90% known)" in found.reasons


def test_few_young_accounts_in_a_large_crowd_are_ordinary() -> None:
    crowd = [said(f"{n} loaves", f"p{n}", n, age_days=3 if n < 10 else 900) for n in range(100)]
    assert coordination(crowd).high == 0.0


def test_unknown_ages_are_said_to_be_unknown() -> None:
    assert coordination(arranged(random.Random(1))).reasons[-1] == "no account age is known"


def test_small_script_counts_where_its_accounts_are_new() -> None:
    crowd = [said(f"{n} loaves", f"p{n}", 10 * n, age_days=900) for n in range(100)]
    script = [said(SCRIPT, f"s{n}", 100 + 15 * n, age_days=4) for n in range(8)]
    found = coordination(in_order([*crowd, *script]))
    assert found.accounts == 8
    old_script = [said(SCRIPT, f"s{n}", 100 + 15 * n, age_days=800) for n in range(8)]
    assert coordination(in_order([*crowd, *old_script])).low == 0.0


def test_even_intervals_are_a_sign_and_whole_minutes_are_not() -> None:
    crowd = [said(f"{n} loaves", f"p{n}", 11.7 * n) for n in range(150)]
    clockwork = [said(SCRIPT, f"s{n}", 12.5 * n) for n in range(14)]
    found = coordination(in_order([*crowd, *clockwork]))
    assert found.accounts == 14
    assert "they came at even intervals, one every 12 s" in found.reasons
    rounded = [said(SCRIPT, f"s{n}", 60 * n) for n in range(14)]
    assert coordination(in_order([*crowd, *rounded])).low == 0.0


def test_accounts_that_appear_together_again_are_a_sign() -> None:
    crowd = [said(f"{n} loaves", f"p{n}", 10 * n) for n in range(150)]
    second = "nobody in this town should ever set foot in that miserable bakery of liars again"
    gaps = (0, 3, 19, 22, 41)
    team = [
        said(text, f"s{n}", start + gap) for start, text in ((50, SCRIPT), (700, second)) for n, gap in enumerate(gaps)
    ]
    found = coordination(in_order([*crowd, *team]))
    assert found.accounts == 5
    assert "5 of them appear together under more than one of these texts" in found.reasons


def test_script_that_a_scorer_half_misses_is_counted_whole() -> None:
    wave = [said(SCRIPT, f"s{n}", 10 * n, hostility=0.75 if n % 2 else 0.25) for n in range(40)]
    assert company(wave).hostile_accounts == 40


def test_arranged_praise_is_not_arranged_anger() -> None:
    wave = arranged(
        random.Random(3),
        script="the best bread in the whole valley come and try it at the corner today friends",
        hostility=0.1,
        age_days=3,
    )
    found = company(wave)
    assert found.coordination == Coordination()
    assert found.arranged_share >= 0.5
