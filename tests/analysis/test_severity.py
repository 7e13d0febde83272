"""Severity: every fact is a step with a reason of its own, the profile moves it, benign surges stay at one."""

from dataclasses import replace
from typing import Any

import pytest

from analysis.crossing import Crossing, Crowd
from analysis.severity import Severity, SeverityFactor, SeverityFacts, assess
from stormcone.config import BrandProfile, SeveritySettings

SETTINGS = SeveritySettings()
NORMAL = BrandProfile()
HERE = Crowd(platform="x", people=30, usual=1.0)
AROUND_A_POST = Crossing(minutes=120, home="x", crowds=(HERE,), people=30)
EVERYTHING = Crossing(
    minutes=120,
    home="x",
    crowds=(HERE, Crowd(platform="reddit", people=9, usual=0.5)),
    press=Crowd(platform="press", people=2, usual=0.1),
    competitors=("other",),
    people=30,
    executives=("boss",),
    executive_people=30,
    is_executive_post=True,
    topics={"animal testing": 12},
    topic_people=11,
)


def severity(
    projected: float = 0.0,
    *,
    reach: int | None = None,
    harm: float = 0.0,
    is_benign: bool = False,
    profile: BrandProfile = NORMAL,
    **crossing: Any,
) -> Severity:
    facts = SeverityFacts(
        projected_against=projected,
        top_reach=reach,
        harm_share=harm,
        crossing=replace(AROUND_A_POST, **crossing),
        is_benign=is_benign,
    )
    return assess(facts, profile=profile, settings=SETTINGS)


def moved(severity: Severity) -> list[tuple[SeverityFactor, int]]:
    return [(reason.factor, reason.adds) for reason in severity.reasons]


@pytest.mark.parametrize(
    ("projected", "value"), [(0, 1), (29, 1), (30, 2), (149, 2), (150, 3), (600, 4), (2500, 5), (1e9, 5)]
)
def test_size_sets_the_step(projected: float, value: int) -> None:
    found = severity(projected)
    assert found.value == value
    assert moved(found) == ([(SeverityFactor.PROJECTED_VOLUME, value - 1)] if value > 1 else [])


CROWD_ELSEWHERE = (HERE, Crowd(platform="reddit", people=4, usual=1.3))
BRIEF: list[tuple[dict[str, Any], SeverityFactor, float, float | None, str]] = [
    ({"reach": 100_000}, SeverityFactor.REACH, 100_000, None, "100,000 followers"),
    ({"harm": 0.2}, SeverityFactor.HARM, 0.2, None, "20%"),
    (
        {"crowds": CROWD_ELSEWHERE},
        SeverityFactor.SECOND_PLATFORM,
        4,
        1.3,
        "from x to reddit (4 people against) within 2 h",
    ),
    (
        {"press": Crowd(platform="press", people=1, usual=0.3)},
        SeverityFactor.PRESS,
        1,
        0.3,
        "1 outlet of the press wrote about it within 2 h, where 0.3 are usual",
    ),
    ({"competitors": ("other",)}, SeverityFactor.COMPETITOR, 1, None, "a competitor joined in: other"),
    (
        {"is_executive_post": True, "executives": ("boss",), "executive_people": 2},
        SeverityFactor.EXECUTIVE,
        2,
        None,
        "the post is by an executive: boss (2 people against)",
    ),
    (
        {"executives": ("boss",), "executive_people": 6},
        SeverityFactor.EXECUTIVE,
        6,
        None,
        "they speak of an executive: boss (6 people against)",
    ),
    (
        {"topics": {"layoff*": 3, "animal testing": 9}, "topic_people": 7},
        SeverityFactor.SENSITIVE_TOPIC,
        7,
        None,
        'sensitive for the brand: "animal testing" in 9, "layoff*" in 3 hostile mentions, by 7 people',
    ),
]


@pytest.mark.parametrize(("what", "factor", "value", "expected", "says"), BRIEF)
def test_each_fact_alone_is_one_step_with_its_own_name_value_and_sentence(
    what: dict[str, Any], factor: SeverityFactor, value: float, expected: float | None, says: str
) -> None:
    found = severity(**what)
    (reason,) = found.reasons
    assert (found.value, reason.factor, reason.adds) == (2, factor, 1)
    assert (reason.value, reason.expected) == (value, expected)
    assert says in reason.text


@pytest.mark.parametrize(
    "what",
    [
        {"reach": 99_999},
        {"harm": 0.19},
        {"crowds": (HERE, Crowd(platform="reddit", people=3, usual=0.0))},
        {"crowds": (HERE, Crowd(platform="reddit", people=30, usual=10.1))},
        {"press": Crowd(platform="press", people=2, usual=0.7)},
        {"executives": ("boss",), "executive_people": 5},
        {"people": 4, "executives": ("boss",), "executive_people": 3},
        {"topics": {"fees": 3}, "topic_people": 3},
        {"people": 50, "topics": {"fees": 9}, "topic_people": 4},
    ],
)
def test_what_stays_below_its_threshold_is_no_step(what: dict[str, Any]) -> None:
    assert severity(**what) == Severity(value=1, reasons=())


def test_crowd_on_the_posts_own_platform_alone_is_no_crossing() -> None:
    assert severity(crowds=(Crowd(platform="x", people=500, usual=0.0),)).value == 1


def test_stream_crosses_where_a_second_platform_is_unusual_beside_the_first() -> None:
    both = (Crowd(platform="x", people=20, usual=1.0), Crowd(platform="reddit", people=5, usual=0.0))
    (reason,) = severity(home=None, crowds=both).reasons
    assert "from x to reddit" in reason.text
    assert severity(home=None, crowds=(replace(both[0], usual=20.0), both[1])).value == 1


def test_small_crowd_under_the_post_still_crosses_to_a_large_one_elsewhere() -> None:
    crowds = (Crowd(platform="reddit", people=50, usual=0.0), Crowd(platform="x", people=2, usual=1.0))
    assert moved(severity(crowds=crowds)) == [(SeverityFactor.SECOND_PLATFORM, 1)]


def test_unknown_usual_is_said_and_does_not_silence() -> None:
    (reason,) = severity(press=Crowd(platform="press", people=1, usual=None)).reasons
    assert reason.expected is None
    assert "nobody knows yet what is usual" in reason.text


def test_a_usual_of_almost_nothing_is_called_none() -> None:
    (reason,) = severity(press=Crowd(platform="press", people=1, usual=0.04)).reasons
    assert reason.text.endswith("within 2 h, where none is usual")


def test_further_platforms_are_named_but_add_no_further_step() -> None:
    more = tuple(Crowd(platform=name, people=6, usual=0.0) for name in ("bluesky", "reddit"))
    found = severity(crowds=(HERE, *more))
    assert found.value == 2
    assert "bluesky (6 people against), reddit (6 people against)" in found.reasons[0].text


def test_hostile_platform_name_is_shown_without_what_a_screen_obeys() -> None:
    name = "re\x00ddit\u202e\ud800" + "x" * 1_000_000
    (reason,) = severity(crowds=(HERE, Crowd(platform=name, people=6, usual=0.0))).reasons
    assert reason.text.isprintable()
    assert "reddit" in reason.text
    assert len(reason.text) < 200


def test_five_is_the_most_and_every_reason_is_still_told() -> None:
    found = assess(
        SeverityFacts(projected_against=5000, top_reach=9_000_000, harm_share=0.9, crossing=EVERYTHING),
        profile=BrandProfile(tolerance="low"),
        settings=SETTINGS,
    )
    assert found.value == 5
    assert {reason.factor for reason in found.reasons} == set(SeverityFactor) - {SeverityFactor.AUDIENCE}


def test_praise_and_campaigns_are_never_worse_than_one() -> None:
    facts = SeverityFacts(
        projected_against=5000, top_reach=9_000_000, harm_share=0.9, crossing=EVERYTHING, is_benign=True
    )
    found = assess(facts, profile=BrandProfile(tolerance="low", audience=10), settings=SETTINGS)
    assert found == Severity(value=1, reasons=())


def test_severity_one_needs_no_reason() -> None:
    assert severity(10).reasons == ()


@pytest.mark.parametrize(
    ("audience", "projected", "reach", "value", "adds"),
    [
        (1_000, 20, None, 3, 2),  # 3, 15, 60, 250 for a tenth of the size
        (25_000, 80, 60_000, 4, 2),  # 15, 75, 300, 1250 and 50,000 followers
        (100_000, 200, None, 3, 0),
        (10_000_000, 200, 150_000, 1, -3),  # 300 voices and a million followers
        (10_000_000, 400, 2_000_000, 3, -1),
    ],
)
def test_audience_moves_size_and_reach_with_a_reason(
    audience: int, projected: float, reach: int | None, value: int, adds: int
) -> None:
    found = severity(projected, reach=reach, profile=BrandProfile(audience=audience))
    assert found.value == value
    told = [reason for reason in found.reasons if reason.factor is SeverityFactor.AUDIENCE]
    assert [reason.adds for reason in told] == ([adds] if adds else [])
    direction = "higher" if adds > 0 else "lower"
    assert all(f"{audience:,}" in each.text and each.text.endswith(direction) for each in told)


@pytest.mark.parametrize(("tolerance", "value"), [("low", 4), ("normal", 3), ("high", 2)])
def test_tolerance_moves_what_is_worse_than_one(tolerance: str, value: int) -> None:
    profile = BrandProfile.model_validate({"tolerance": tolerance})
    assert severity(200, profile=profile).value == value
    assert severity(10, profile=profile) == Severity(value=1, reasons=())


def test_tolerance_says_what_it_does() -> None:
    told = [severity(200, profile=BrandProfile(tolerance=each)).reasons[-1].text for each in ("low", "high")]
    assert told == ["tolerance low: severity comes one step earlier", "tolerance high: severity comes one step later"]


def test_severity_is_one_and_what_its_reasons_add() -> None:
    found = severity(200, harm=0.4, profile=BrandProfile(audience=10_000_000, tolerance="high"), competitors=("other",))
    assert found.value == 1 + sum(reason.adds for reason in found.reasons) == 2


def test_thresholds_are_settings() -> None:
    strict = SeveritySettings(projected_against=(1, 2, 3, 4), harm_share=0.9)
    facts = SeverityFacts(projected_against=3, harm_share=0.8)
    assert assess(facts, profile=NORMAL, settings=strict).value == 4
