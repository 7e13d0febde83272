"""The second stage: what is read again, how much of it, and what happens when the model fails."""

import math
import subprocess
import sys
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray
from structlog.testing import capture_logs

from analysis.scoring.second_stage import HourlyBudget, SecondStage
from stormcone.errors import ConfigError
from stormcone.models import NOTHING_KNOWN, Confidence, Mention, Scores, Surroundings
from tests.fakes import POST, at, make_mention, make_own_post

WATCHED = Surroundings(watched=frozenset({POST}))
SLOT_SHARE = 15  # of 195 texts an hour: a thirteenth, the same in every five minutes


class FirstStage:
    """Finds every text a quarter negative and hostile, and is not sure."""

    name = "first/1"

    def __init__(self) -> None:
        self.around = NOTHING_KNOWN

    def score(self, mentions: Sequence[Mention], around: Surroundings = NOTHING_KNOWN) -> list[Scores]:
        self.around = around
        return [
            Scores(
                p_negative=0.25,
                p_neutral=0.5,
                p_positive=0.25,
                compound=-0.5,
                hostility=0.6,
                cues=("delete this",),
                lang="hu",
                scorer=self.name,
                confidence=Confidence.LOW,
            )
            for _ in mentions
        ]


class Dear:
    """Finds every text negative, remembers what it read, and fails while `is_broken`."""

    name = "dear/2"

    def __init__(self) -> None:
        self.read_texts: list[str] = []
        self.tries = 0
        self.is_broken = False

    def read(self, texts: Sequence[str]) -> NDArray[np.float64]:
        self.tries += 1
        if self.is_broken:
            raise ConfigError("scoring.transformer_folder", remedy="the model does not run")
        self.read_texts += texts
        return np.array([[0.75, 0.125, 0.125]] * len(texts))


def replies(count: int, *, minute: float = 0.0, apart_seconds: float = 1.0) -> list[Mention]:
    """Return replies to the watched post, seen together, published one after the other."""
    return [
        make_mention(
            f"{minute}-{i:05}",
            text=f"reply {i}",
            seen_at=at(minute),
            posted_at=at(minute) - timedelta(seconds=(count - i) * apart_seconds),
        )
        for i in range(count)
    ]


def test_a_reply_to_a_watched_post_gets_the_polarity_of_the_second_stage_and_keeps_the_rest() -> None:
    stage = SecondStage(FirstStage(), Dear(), texts_per_hour=195)
    [scores] = stage.score([make_mention()], WATCHED)
    assert (scores.p_negative, scores.p_neutral, scores.p_positive) == (0.75, 0.125, 0.125)
    assert scores.confidence is Confidence.NORMAL
    assert (scores.hostility, scores.cues, scores.compound, scores.lang) == (0.6, ("delete this",), -0.5, "hu")
    assert scores.scorer == stage.name == "first/1+dear/2"


def test_only_watched_threads_are_read_again() -> None:
    dear = Dear()
    mentions = [
        make_mention("1", text="other thread", root_id="post-2", parent_id="post-2"),
        make_mention("2", text="other platform", platform="mastodon"),
        make_mention("3", text="free", root_id=None, parent_id=None),
        make_own_post(text="own"),
        make_mention("5", text="watched"),
        make_mention("6", text="watched by its parent", root_id=None),
    ]
    scores = SecondStage(FirstStage(), dear, texts_per_hour=1_000).score(mentions, WATCHED)
    assert dear.read_texts == ["watched", "watched by its parent"]
    assert [each.scorer for each in scores] == ["first/1"] * 4 + ["first/1+dear/2"] * 2
    assert [each.p_negative for each in scores] == [0.25] * 4 + [0.75] * 2


def test_nothing_is_read_again_while_nothing_is_watched() -> None:
    dear = Dear()
    stage = SecondStage(FirstStage(), dear, texts_per_hour=1_000)
    assert [each.scorer for each in stage.score(replies(3))] == ["first/1"] * 3
    assert stage.score([], WATCHED) == []
    assert dear.tries == 0


def test_the_first_stage_is_told_what_stands_around() -> None:
    first = FirstStage()
    SecondStage(first, Dear(), texts_per_hour=195).score([make_mention()], WATCHED)
    assert first.around is WATCHED


@pytest.mark.parametrize("text", ["", "  \u200b ", "https://example.com/1", "@acme @other", "\x00\ud800"])
def test_a_text_without_words_is_left_to_the_first_stage(text: str) -> None:
    dear = Dear()
    [scores] = SecondStage(FirstStage(), dear, texts_per_hour=195).score([make_mention(text=text)], WATCHED)
    assert (scores.scorer, scores.confidence, dear.tries) == ("first/1", Confidence.LOW, 0)


@pytest.mark.parametrize("texts_per_hour", [0, 1, 7, 13, 200])
@pytest.mark.parametrize("is_shuffled", [False, True])
def test_no_hour_holds_more_than_the_budget_in_whatever_order_mentions_arrive(
    texts_per_hour: int, is_shuffled: bool
) -> None:
    batches = [replies(20, minute=minute) for minute in range(0, 240, 2)]
    if is_shuffled:
        Random(1).shuffle(batches)
    dear = Dear()
    stage = SecondStage(FirstStage(), dear, texts_per_hour=texts_per_hour)
    again = sorted(
        mention.seen_at
        for batch in batches
        for mention, scores in zip(batch, stage.score(batch, WATCHED), strict=True)
        if scores.scorer == stage.name
    )
    hour = timedelta(hours=1)
    fullest = max((sum(start <= each <= start + hour for each in again) for start in set(again)), default=0)
    assert fullest <= texts_per_hour
    assert len(again) >= 4 * (texts_per_hour * 12 // 13) - 1  # and the budget is used: four hours of twelve slots


def test_a_storm_does_not_use_up_the_hour_in_its_first_minute() -> None:
    dear = Dear()
    stage = SecondStage(FirstStage(), dear, texts_per_hour=195)
    read = []
    for minute in (0, 1, 5, 10):
        stage.score(replies(500, minute=minute), WATCHED)
        read.append(len(dear.read_texts))
    assert read == [SLOT_SHARE, SLOT_SHARE, 2 * SLOT_SHARE, 3 * SLOT_SHARE]


def test_what_is_read_of_a_batch_is_spread_evenly_over_its_time() -> None:
    dear = Dear()
    batch = replies(300)
    Random(2).shuffle(batch)
    SecondStage(FirstStage(), dear, texts_per_hour=195).score(batch, WATCHED)
    places = sorted(int(text.removeprefix("reply ")) for text in dear.read_texts)
    assert len(places) == SLOT_SHARE
    assert {later - earlier for earlier, later in pairwise(places)} == {300 // SLOT_SHARE}
    assert places[0] < 300 // SLOT_SHARE
    assert places[-1] >= 300 - 300 // SLOT_SHARE


def test_which_texts_are_read_does_not_depend_on_their_order_in_the_batch() -> None:
    forwards, backwards = Dear(), Dear()
    SecondStage(FirstStage(), forwards, texts_per_hour=100).score(replies(99), WATCHED)
    SecondStage(FirstStage(), backwards, texts_per_hour=100).score(replies(99)[::-1], WATCHED)
    assert forwards.read_texts == backwards.read_texts[::-1]


def test_a_failing_model_loses_no_mention_and_is_named_once() -> None:
    dear = Dear()
    stage = SecondStage(FirstStage(), dear, texts_per_hour=1_000)
    dear.is_broken = True
    with capture_logs() as logs:
        scores = [each for minute in (0, 6, 12) for each in stage.score(replies(2, minute=minute), WATCHED)]
    assert [(each.scorer, each.p_negative, each.confidence) for each in scores] == [
        ("first/1", 0.25, Confidence.LOW)
    ] * 6
    assert [(line["event"], line["log_level"], line["scorer"]) for line in logs] == [
        ("second_stage_failed", "warning", "dear/2")
    ]
    assert stage.trouble is not None
    assert "the model does not run" in stage.trouble
    assert dear.tries == 3


def test_a_failing_model_is_tried_once_in_five_minutes() -> None:
    dear = Dear()
    dear.is_broken = True
    stage = SecondStage(FirstStage(), dear, texts_per_hour=1_000)
    for minute in (0, 1, 2, 3, 4):
        stage.score(replies(1, minute=minute), WATCHED)
    assert dear.tries == 1


def test_a_model_that_works_again_is_used_again_and_named() -> None:
    dear = Dear()
    stage = SecondStage(FirstStage(), dear, texts_per_hour=1_000)
    dear.is_broken = True
    stage.score(replies(1), WATCHED)
    dear.is_broken = False
    with capture_logs() as logs:
        [scores] = stage.score(replies(1, minute=5), WATCHED)
    assert scores.scorer == stage.name
    assert stage.trouble is None
    assert [line["event"] for line in logs] == ["second_stage_recovered"]


def test_a_bug_in_a_model_is_not_taken_for_a_bad_folder() -> None:
    class Buggy(Dear):
        def read(self, texts: Sequence[str]) -> NDArray[np.float64]:
            return np.empty((len(texts) + 1, 3))

    with pytest.raises(ValueError, match="zip"):
        SecondStage(FirstStage(), Buggy(), texts_per_hour=195).score(replies(1), WATCHED)


def test_a_mention_of_two_brands_is_read_as_one_of_each() -> None:
    dear = Dear()
    both = [make_mention(brand="acme"), make_mention(brand="other")]
    SecondStage(FirstStage(), dear, texts_per_hour=195).score(both, WATCHED)
    assert len(dear.read_texts) == 2


def test_the_shares_of_any_thirteen_slots_add_up_to_the_budget() -> None:
    for texts_per_hour in (1, 12, 100, 200, 1_001):
        shares = [HourlyBudget(texts_per_hour).room(slot) for slot in range(5_910_000, 5_910_100)]
        assert {sum(shares[start : start + 13]) for start in range(87)} == {texts_per_hour}
        assert max(shares) == math.ceil(texts_per_hour / 13)


def test_a_negative_budget_is_refused() -> None:
    with pytest.raises(ValueError, match="texts_per_hour = -1"):
        HourlyBudget(-1)


UNUSED = """
import sys
from pathlib import Path
from analysis.scoring.second_stage import SecondStage
from analysis.scoring.transformer import TransformerScorer
from stormcone.models import NOTHING_KNOWN
from tests.fakes import make_mention

class First:
    name = "first"
    def score(self, mentions, around=NOTHING_KNOWN):
        return ["scores" for _ in mentions]

stage = SecondStage(First(), TransformerScorer(Path("nowhere")), texts_per_hour=100)
assert stage.score([make_mention()]) == ["scores"]
print(sorted({"onnxruntime", "tokenizers", "torch", "huggingface_hub"} & set(sys.modules)))
"""


def test_the_libraries_are_not_imported_before_something_is_watched() -> None:
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", UNUSED], cwd=root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")
