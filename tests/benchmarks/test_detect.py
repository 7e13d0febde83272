"""The benchmark of detection: figures from outcomes, bars, options, and a few streams through the whole pipeline."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from benchmarks.detect import config_with, line_of, main, measure
from benchmarks.testbed.figures import Bar, bars, false_pages_a_month, forecasts, found, peaks_covered
from benchmarks.testbed.labels import Plan, Size, Split, Story, Tone
from benchmarks.testbed.outcomes import Foretold, ForetoldPeak, Outcome, Page, pages_of
from benchmarks.testbed.scoring import RememberingScorer
from stormcone.config import Config
from stormcone.models import (
    NOTHING_KNOWN,
    Incident,
    Kind,
    Level,
    Mention,
    Moment,
    Scores,
    State,
    Surroundings,
    Transition,
)

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
PLAN = Plan(
    story=Story.PILE_ON,
    split=Split.TUNE,
    per_hour=4,
    seed=7,
    history_days=1,
    tone=Tone.PLAIN,
    size=Size.MEDIUM,
)
CALM = replace(PLAN, story=Story.CALM, tone=None, size=None)


def outcome(**facts: Any) -> Outcome:
    return replace(
        Outcome(
            plan=PLAN,
            onset=AT,
            hostile=80,
            reached={Level.WATCH: 5.0, Level.WARN: 8.0, Level.PAGE: 20.0},
            hostile_before_page=9,
            incidents=1,
            kinds=(Kind.BACKLASH,),
            pages=(Page(at=AT, kind=Kind.BACKLASH, post=None),),
            false_pages=(),
            calm_days=15.0,
            evidence=("what was said",),
            forecasts=(),
            rules=(),
        ),
        **facts,
    )


MISSED = outcome(reached={Level.WARN: 8.0}, hostile_before_page=None, pages=())


def bar_named(name: str, *outcomes: Outcome) -> Bar:
    return next(bar for bar in bars(outcomes, budget=1.0) if bar.name == name)


def transition(number: int, level: Level, moment: Moment = Moment.UPDATED) -> Transition:
    incident = Incident(
        id=number,
        brand="acme",
        state=State.OPEN,
        level=level,
        level_now=level,
        kind=Kind.BACKLASH,
        severity=2,
        headline="",
        opened_at=AT,
        updated_at=AT,
    )
    return Transition(at=AT, moment=moment, incident=incident)


def test_recall_delay_and_replies_are_those_of_paged_pile_ons() -> None:
    late = outcome(reached={Level.PAGE: 60.0}, hostile_before_page=30)
    what = found([outcome(), late, MISSED, MISSED])
    assert (what.streams, what.paged, what.warned, what.recall) == (4, 2, 3, 0.5)
    assert (what.delay_median, what.hostile_median) == (40.0, 19.5)
    assert what.delay_p90 == pytest.approx(56.0)


def test_page_named_praise_is_found_and_not_named() -> None:
    assert found([outcome(), outcome(kinds=(Kind.PRAISE,))]).named == 0.5


def test_false_pages_are_counted_per_month_of_calm() -> None:
    page = Page(at=AT, kind=Kind.BACKLASH, post=None)
    assert false_pages_a_month([outcome(false_pages=(page, page)), outcome()]) == pytest.approx(2.0)
    assert false_pages_a_month([]) is None


def test_forecast_errors_and_coverage_by_horizon() -> None:
    def told(mid: float, came: int) -> Foretold:
        return Foretold(after_minutes=60, horizon_hours=1, is_post=True, low=mid / 2, mid=mid, high=mid * 2, came=came)

    hit, over, under = told(100, 80), told(100, 20), told(10, 30)
    assert (hit.factor_error, over.factor_error, under.factor_error) == (1.25, 5.0, 3.0)
    [one, three, _] = forecasts([outcome(forecasts=(hit, over, under))])
    assert (one.forecasts, one.factor_error) == (3, 3.0)
    assert one.covered == pytest.approx(1 / 3)
    assert (three.forecasts, three.factor_error, three.covered) == (0, None, None)


def peak(came: float, *, after_minutes: int = 30) -> ForetoldPeak:
    return ForetoldPeak(after_minutes=after_minutes, is_post=True, low=2.0, mid=3.0, high=4.0, came=came)


def test_expected_peak_is_covered_up_to_its_bound() -> None:
    assert [peak(came).is_covered for came in (0.5, 2.0, 4.0, 4.1)] == [True, True, True, False]
    told = [outcome(peaks=(peak(3.0), peak(5.0, after_minutes=60))), outcome(peaks=(peak(2.5), peak(4.0)))]
    assert (peaks_covered(told).peaks, peaks_covered(told).covered) == (4, 0.75)
    assert (peaks_covered(told, after_minutes=60).peaks, peaks_covered(told, after_minutes=60).covered) == (1, 0.0)
    assert peaks_covered([]).covered is None
    assert bar_named("expected peak, covered", *told).is_held
    assert not bar_named("expected peak, covered", outcome(peaks=(peak(5.0),))).is_held
    assert not bar_named("expected peak, covered", outcome(peaks=(peak(3.0),))).is_held


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("recall of pile-ons by page", outcome(), MISSED),
        ("median delay, minutes", outcome(), outcome(reached={Level.PAGE: 36.0})),
        ("median hostile replies before", outcome(), outcome(hostile_before_page=13)),
        ("one incident each, share", outcome(), outcome(incidents=2)),
        ("false pages a month", outcome(), outcome(false_pages=(Page(at=AT, kind=Kind.NEWS, post=None),))),
        ("pages on praise", outcome(plan=replace(PLAN, story=Story.PRAISE_FREE), pages=()),
         outcome(plan=replace(PLAN, story=Story.PRAISE_POST))),
        ("pages on campaigns", outcome(plan=replace(PLAN, story=Story.CAMPAIGN_PLANNED), pages=()),
         outcome(plan=replace(PLAN, story=Story.CAMPAIGN_GIVEAWAY))),
        ("pages on a single troll", outcome(plan=replace(PLAN, story=Story.TROLL), pages=()),
         outcome(plan=replace(PLAN, story=Story.TROLL))),
        ("brigades named, share", outcome(plan=replace(PLAN, story=Story.BRIGADE), kinds=(Kind.BRIGADE,)),
         outcome(plan=replace(PLAN, story=Story.BRIGADE))),
    ],
)  # fmt: skip
def test_bar_is_held_by_the_good_and_missed_by_the_bad(name: str, good: Outcome, bad: Outcome) -> None:
    assert bar_named(name, good).is_held
    assert bar_named(name, good).value is not None
    assert not bar_named(name, bad).is_held


def test_bar_without_anything_to_measure_is_not_missed() -> None:
    assert bar_named("pages on praise", outcome()).value is None
    assert bar_named("pages on praise", outcome()).is_held


def test_pager_rings_once_an_incident_and_again_when_it_is_reopened() -> None:
    told = [
        transition(1, Level.WARN, Moment.OPENED),
        transition(1, Level.PAGE),
        transition(1, Level.PAGE),
        transition(2, Level.PAGE, Moment.OPENED),
        transition(1, Level.PAGE, Moment.COOLING),
        transition(1, Level.PAGE, Moment.REOPENED),
        transition(1, Level.PAGE, Moment.RESOLVED),
    ]
    assert len(list(pages_of(told))) == 3


def test_settings_are_changed_by_name() -> None:
    changed = config_with(["detector.warn_factor=7", "detector.least_voices = 5", "kinds.young_days=60"])
    assert (changed.detector.warn_factor, changed.detector.least_voices, changed.kinds.young_days) == (7, 5, 60)
    assert config_with([]) == Config()
    for wrong in (
        "warn_factor=7",
        "detector.nonsense=1",
        "kinds.nonsense=1",
        "detector.warn_factor=-3",
        "kinds.young_days",
    ):
        with pytest.raises(ValueError, match=r".+"):
            config_with([wrong])


def test_changed_settings_reach_another_process() -> None:
    changed = config_with(["kinds.young_days=60", "detector.warn_factor=7"])
    assert Config.model_validate_json(changed.model_dump_json()) == changed


class CountingScorer:
    name = "counting"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def score(self, mentions: list[Mention], around: Surroundings = NOTHING_KNOWN) -> list[Scores]:
        self.asked += [mention.text for mention in mentions]
        return [
            Scores(
                p_negative=1.0,
                p_neutral=0.0,
                p_positive=0.0,
                compound=-0.1 * len(mention.text),
                hostility=float(mention.thread_id is not None),
                cues=(),
                lang="en",
                scorer=self.name,
            )
            for mention in mentions
        ]


def test_a_text_is_scored_once_and_anew_as_a_reply() -> None:
    inner = CountingScorer()
    scorer = RememberingScorer(inner)  # type: ignore[arg-type]  # takes lists only
    free = Mention(platform="x", id="1", brand="acme", posted_at=AT, seen_at=AT, text="so it is")
    reply = replace(free, id="2", root_id="9")
    first = scorer.score([free, replace(free, id="3"), reply])
    assert [each.hostility for each in first] == [0.0, 0.0, 1.0]
    assert scorer.score([reply, free]) == [first[2], first[0]]
    assert inner.asked == ["so it is", "so it is"]
    assert scorer.compound_of("so it is") == pytest.approx(-0.8)
    assert scorer.compound_of("never scored") == 0.0


@pytest.fixture(scope="module")
def played() -> list[Outcome]:
    """A storm and a calm brand, played together."""
    together = list(measure([PLAN, CALM], config=Config(), budget=1.0, jobs=1))
    return [next(each for each in together if each.plan == plan) for plan in (PLAN, CALM)]


def test_storm_is_seen_beside_a_calm_brand(played: list[Outcome]) -> None:
    storm, calm = played
    assert storm.reached
    assert storm.incidents >= 1
    assert storm.evidence
    assert {each.horizon_hours for each in storm.forecasts} == {1, 3, 6}
    assert all(each.came > 0 for each in storm.forecasts if each.after_minutes == 30)
    assert storm.peaks
    assert all(each.came > 0 for each in storm.peaks)
    assert (calm.reached, calm.incidents, calm.onset) == ({}, 0, None)
    assert 0.9 < calm.calm_days < 1.2
    assert {each.rule: each.delay_minutes for each in storm.rules}["MutualMind"] is not None
    assert not any(each.delay_minutes for each in calm.rules)


def test_delays_count_from_the_onset(played: list[Outcome]) -> None:
    [storm, _] = played
    assert storm.onset is not None
    for page in storm.pages:
        assert storm.page_minutes is not None
        assert page.at - storm.onset >= timedelta(minutes=storm.page_minutes - 0.01)


def test_neighbours_and_number_of_jobs_change_no_outcome(played: list[Outcome]) -> None:
    apart = measure([PLAN, replace(PLAN, story=Story.TROLL)], config=Config(), budget=1.0, jobs=2)
    assert next(each for each in apart if each.plan == PLAN) == played[0]


def test_outcomes_are_written_as_json(played: list[Outcome]) -> None:
    line = json.loads(json.dumps(line_of(played[1])))
    assert line["stream"] == CALM.name
    assert line["rules"].keys() >= {"MutualMind", "Huginn"}
    assert json.loads(json.dumps(line_of(outcome())))["minutes_to"]["page"] == 20.0


def test_wrong_use_ends_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--only", "no such stream"]) == 2
    assert main(["--set", "detector.nonsense=1"]) == 2
    assert "nonsense" in capsys.readouterr().err


def test_command_prints_tables_a_line_a_stream_and_the_bars(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--quick", "--only", "troll-20h", "--jobs", "1", "--json"]) == 0
    out = capsys.readouterr().out
    assert "MutualMind" in out
    assert "pages on a single troll" in out
    *lines, last = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    assert [line["stream"] for line in lines] == ["troll-20h-held1"]
    assert last["bars"]["pages on a single troll"] == {"value": 0.0, "promised": "at most 0", "held": True}
