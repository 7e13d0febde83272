import math
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest

from analysis.answer_effect import replies_below, slope_of, tone_of
from stormcone.models import Gap, ScoredMention
from stormcone.models.effects import Pile, Sayable, Turn
from tests.fakes import AT, at, make_mention, make_own_post, make_scored


def every(start: float, end: float, step: float) -> list[datetime]:
    return [at(start + step * number) for number in range(math.ceil((end - start) / step))]


def pile(*times: datetime, since: float = -60, until: float = 60, gaps: tuple[Gap, ...] = ()) -> Pile:
    return Pile(times=sorted(times), since=at(since), until=at(until), gaps=gaps)


def test_both_rates_are_those_counted_by_hand() -> None:
    # Twelve bins of five minutes: ten in each before, two in each after.
    slope = slope_of(pile(*every(-60, 0, 0.5), *every(0, 60, 2.5)), AT)
    assert (slope.standing, slope.window_minutes) == (Sayable.KNOWN, 60.0)
    assert slope.before is not None
    assert slope.after is not None
    assert slope.ratio is not None
    assert (slope.before.count, slope.before.per_hour) == (120, 120.0)
    assert (slope.after.count, slope.after.per_hour) == (24, 24.0)
    assert slope.ratio.value == pytest.approx(0.2)
    # No scatter, so the share 24/144 with Student's t of 20 degrees (2.086): 0.1119 to 0.2410, as odds 0.126 to 0.3176.
    assert (slope.ratio.low, slope.ratio.high) == (pytest.approx(0.126, abs=5e-4), pytest.approx(0.3176, abs=5e-4))
    assert slope.turn is Turn.FELL
    assert slope.bend is not None
    assert (slope.bend.value, slope.bend_turn) == (pytest.approx(0.0, abs=1e-9), Turn.UNSURE)


def test_growth_that_turns_into_decline_is_a_bend() -> None:
    rising = [at(-60 + 5 * b + 0.001 * n) for b in range(12) for n in range(2 + 3 * b)]
    falling = [at(5 * b + 0.001 * n) for b in range(12) for n in range(max(1, 35 - 3 * b))]
    slope = slope_of(pile(*rising, *falling), AT)
    assert slope.before is not None
    assert slope.after is not None
    assert slope.before.growth is not None
    assert slope.after.growth is not None
    assert slope.before.growth > 0 > slope.after.growth
    assert slope.bend is not None
    assert slope.bend.value == pytest.approx(slope.after.growth - slope.before.growth)
    assert slope.bend_turn is Turn.FELL


def test_windows_are_as_long_as_the_shorter_side_allows() -> None:
    times = every(-600, 600, 1)
    assert slope_of(pile(*times, since=-600, until=45), AT).window_minutes == 45
    assert slope_of(pile(*times, since=-40, until=600), AT).window_minutes == 40
    assert slope_of(pile(*times, since=-600, until=600), AT).window_minutes == 360


def test_what_cannot_be_told_yet_has_a_name() -> None:
    busy = every(-60, 60, 1)
    assert slope_of(pile(*busy, until=29), AT).standing is Sayable.TOO_EARLY
    assert slope_of(pile(*busy, until=-5), AT).standing is Sayable.TOO_EARLY
    assert slope_of(pile(*busy, since=-10), AT).standing is Sayable.NO_BEFORE
    few = slope_of(pile(at(-9), at(-7), *every(1, 8, 1)), AT)
    assert few.standing is Sayable.TOO_FEW
    assert few.before is not None
    assert few.before.count == 2
    assert few.ratio is None
    nobody = slope_of(pile(), AT)
    assert (nobody.standing, nobody.turn) == (Sayable.TOO_FEW, Turn.UNSURE)


def test_a_gap_in_either_window_makes_the_change_unknown() -> None:
    def gap(start: float, end: float) -> Gap:
        return Gap(platform="x", brand=None, started_at=at(start), ended_at=at(end))

    busy = every(-60, 60, 1)
    assert slope_of(pile(*busy, gaps=(gap(-30, -20),)), AT).standing is Sayable.GAP
    assert slope_of(pile(*busy, gaps=(gap(20, 24), gap(22, 27))), AT).standing is Sayable.GAP
    assert slope_of(pile(*busy, gaps=(gap(-30, -28), gap(300, 400))), AT).standing is Sayable.KNOWN


def test_a_storm_that_an_answer_begins_is_told_without_a_ratio() -> None:
    slope = slope_of(pile(*every(0, 60, 1)), AT)
    assert (slope.standing, slope.ratio, slope.turn) == (Sayable.KNOWN, None, Turn.ROSE)


def test_hostility_that_ends_at_once_has_fallen_to_nothing() -> None:
    slope = slope_of(pile(*every(-60, 0, 1)), AT)
    assert slope.ratio is not None
    assert (slope.ratio.value, slope.ratio.low, slope.turn) == (0.0, 0.0, Turn.FELL)
    assert (slope.bend, slope.bend_turn) == (None, Turn.UNSURE)


def test_times_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="in order"):
        Pile(times=[at(2), at(1)], since=AT, until=at(60))


@pytest.mark.parametrize("is_clustered", [False, True])
def test_a_storm_that_just_goes_on_is_rarely_told_as_changed(*, is_clustered: bool) -> None:
    """False findings among 300 storms at 95 %: 15 expected, 26 is three standard deviations more."""
    rng = Random(7)
    changed = bent = 0
    for _ in range(300):
        times: list[datetime] = []
        for minute in range(-120, 120):
            # Replies come in clusters of one, or of one to five, as a reply draws others.
            for _ in range(_poisson(rng, 0.4)):
                size = rng.randint(1, 5) if is_clustered else 1
                times += [at(minute + rng.random() * (3 if is_clustered else 1)) for _ in range(size)]
        slope = slope_of(pile(*times, since=-120, until=120), AT)
        changed += slope.turn is not Turn.UNSURE
        bent += slope.bend_turn is not Turn.UNSURE
    assert changed <= 26
    assert bent <= 26


def test_a_storm_that_fades_evenly_through_the_answer_has_no_bend() -> None:
    rng = Random(3)
    bent = 0
    for _ in range(200):
        times = [
            at(minute + rng.random())
            for minute in range(-120, 120)
            for _ in range(_poisson(rng, 2.0 * math.exp(-(minute + 120) / 90)))
        ]
        bent += slope_of(pile(*times, since=-120, until=120), AT).bend_turn is not Turn.UNSURE
    assert bent <= 19


def _poisson(rng: Random, mean: float) -> int:
    count, product = 0, rng.random()
    while product > math.exp(-mean):
        count += 1
        product *= rng.random()
    return count


def reply(
    number: int, *, hostility: float, parent: str, minutes: float = 1, author: str | None = None
) -> ScoredMention:
    mention = make_mention(
        f"r{number}",
        posted_at=at(minutes),
        seen_at=at(minutes),
        author=author or f"a{number}",
        parent_id=parent,
        root_id="post-1",
    )
    scored = make_scored(mention, hostility=hostility)
    scores = replace(scored.scores, p_negative=0.25 if hostility < 0.5 else 0.5)
    return replace(scored, scores=scores)


def test_the_share_against_is_of_people_not_of_texts() -> None:
    below = [reply(n, hostility=0.75 if n < 3 else 0.0, parent="s") for n in range(12)]
    insistent = [reply(n, hostility=0.75, parent="s", author="a0") for n in range(20, 40)]
    before = [reply(n, hostility=0.75 if n < 116 else 0.0, parent="post-1", minutes=-5) for n in range(100, 120)]
    tone = tone_of([*below, *insistent], before)
    assert tone.below is not None
    assert tone.before is not None
    assert tone.change is not None
    assert (tone.below.value, tone.below.n) == (0.25, 12)
    assert (tone.before.value, tone.before.n) == (0.8, 20)
    assert tone.change.value == pytest.approx(-0.55)
    assert (tone.standing, tone.turn) == (Sayable.KNOWN, Turn.FELL)


def test_few_people_below_or_before_have_a_name() -> None:
    nine = [reply(n, hostility=0.0, parent="s") for n in range(9)]
    twenty = [reply(n, hostility=0.0, parent="s") for n in range(20)]
    assert tone_of(nine, twenty).standing is Sayable.TOO_FEW
    assert tone_of([], twenty).below is None
    assert tone_of(twenty, nine).standing is Sayable.NO_BEFORE
    assert tone_of(twenty, twenty).turn is Turn.UNSURE


def test_copies_and_the_brand_itself_have_no_tone() -> None:
    copy = make_scored(make_mention("c"), is_copy=True)
    own = make_scored(make_own_post())
    assert tone_of([copy, own], []).below is None


def test_only_what_stands_below_the_statement_replies_to_it() -> None:
    statement = make_own_post("s", posted_at=AT, parent_id="post-1", root_id="post-1")
    direct = reply(1, hostility=0.0, parent="s")
    deeper = reply(2, hostility=0.0, parent="r1", minutes=2)
    beside = reply(3, hostility=0.0, parent="post-1", minutes=3)
    elsewhere = make_scored(make_mention("4", platform="reddit", parent_id="s", posted_at=at(4), seen_at=at(4)))
    assert replies_below(statement, [direct, deeper, beside, elsewhere]) == [direct, deeper]


def test_below_a_statement_of_its_own_the_whole_thread_replies() -> None:
    statement = make_own_post("post-1")
    far = reply(1, hostility=0.0, parent="not stored")
    assert replies_below(statement, [far]) == [far]


def test_the_change_does_not_depend_on_where_the_day_begins() -> None:
    times = [*every(-60, 0, 0.5), *every(0, 60, 2.5)]
    later = [each + timedelta(days=400) for each in times]
    shifted = Pile(times=later, since=at(-60) + timedelta(days=400), until=at(60) + timedelta(days=400))
    assert slope_of(shifted, AT + timedelta(days=400)).ratio == slope_of(pile(*times), AT).ratio
