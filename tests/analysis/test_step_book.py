"""Running totals are what a walk over the steps adds up to, whatever came late, was lost or was looked at twice."""

import random
from dataclasses import dataclass

import pytest

from analysis.step_book import StepBook
from analysis.windows import Step

WIDTHS = (1, 6, 18)


@dataclass
class Walked:
    """The plain way: every step kept for ever, and walked over for every question."""

    steps: dict[int, Step]

    def sums(self, index: int, width: int) -> list[float]:
        walked = [self.steps[each] for each in range(index - width + 1, index + 1) if each in self.steps]
        known = [step for step in walked if not step.is_unknown]
        return [
            sum(step.mentions for step in known),
            sum(step.voices for step in known),
            sum(step.against for step in known),
            sum(step.positive for step in known),
            sum(step.hostile for step in known),
            sum(step.copies for step in known),
            sum(step.expected_mean for step in known),
            sum(step.expected_variance for step in known),
            len(walked) - len(known),
        ]


def sums_of(book: StepBook, index: int, width: int) -> list[float]:
    now, before = book.totals(index, back=(0, width))
    names = ("mentions", "voices", "against", "positive", "hostile", "copies", "expected_voices", "variance_voices")
    return [getattr(now, name) - getattr(before, name) for name in (*names, "unknown_steps")]


def fill(rng: random.Random, step: Step) -> None:
    step.mentions += rng.randrange(400)
    step.voices += rng.randrange(300)
    step.against += rng.random() * 200
    step.positive += rng.random() * 50
    step.hostile += rng.randrange(40)
    step.copies += rng.randrange(9)
    step.expected_mean, step.expected_variance = rng.random() * 100, rng.random() * 900


@pytest.mark.parametrize("seed", range(12))
def test_totals_are_what_a_walk_adds_up_to(seed: int) -> None:
    rng = random.Random(seed)
    book, walked = StepBook(longest=max(WIDTHS)), Walked({})
    index = rng.randrange(10_000)
    for _ in range(700):
        index += rng.choice((0, 1, 1, 1, 1, 2, 40))  # looked at again; the next step; a pause of the process
        for late in rng.choices((0, 0, 0, 1, 3, 17, 18, 60, -2, -400), k=rng.randrange(4)):  # early ones too
            fill(rng, book.open(index - late))
            book.open(index - late).is_unknown |= rng.random() < 0.05
            walked.steps[index - late] = book.peek(index - late)
        for width in rng.sample(WIDTHS, k=rng.randrange(4)):
            assert sums_of(book, index, width) == pytest.approx(walked.sums(index, width), rel=1e-9, abs=1e-9)


def test_question_about_an_earlier_step_is_answered_too() -> None:
    book = StepBook(longest=3)
    for index in range(50):
        book.open(index).voices += index
        assert sums_of(book, index, 1)[1] == index
    assert [sums_of(book, index, 2)[1] for index in (49, 20, 48, 3)] == [97, 39, 95, 5]


def test_reading_makes_no_steps() -> None:
    book = StepBook(longest=18)
    book.totals(5, back=(0, 18))
    book.last(5, 10)
    assert (book.peek(3), len(book)) == (Step(), 0)


def test_memory_does_not_grow_with_time() -> None:
    book = StepBook(longest=18)
    for index in range(5_000):
        book.open(index).voices = 1.0
        book.totals(index, back=(0, 18))
        book.drop(index - 288)
    assert (len(book), len(book._totals) < 300) == (288, True)
