"""The steps of a brand's last day, with the sums of the windows that end with any of them.

Used by the brand's stream. A window's sums are the difference of two running totals, so that a step costs the same
however long the windows are. Mentions that come late find their step here, and the totals follow. Judges nothing.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from analysis.windows import Step, Totals

_NOTHING: Final = Step()
_MOST_TOTALS: Final = 200  # then they start from zero again: rounding does not pile up, memory stays small


@dataclass(slots=True, kw_only=True)
class StepBook:
    """Steps by number, as they are filled; one that nobody opened is an empty one.

    longest: steps of the longest window that is asked for.

    Invariant: for every step from the oldest key of `_totals` to `_summed`, the value is the sum over the steps after
    the oldest key up to this one, as they stand now. Whoever changes a step therefore asks `open` for it first, each
    time, and is done before the next question.
    >>> book = StepBook(longest=3)
    >>> for index in range(10):
    ...     book.open(index).voices += index
    >>> now, before = book.totals(9, back=(0, 3))
    >>> now.voices - before.voices
    24.0
    >>> book.open(8).voices += 100  # late
    >>> now, before = book.totals(9, back=(0, 3))
    >>> now.voices - before.voices
    124.0
    """

    longest: int
    _steps: defaultdict[int, Step] = field(default_factory=lambda: defaultdict(Step))
    _totals: dict[int, Totals] = field(default_factory=dict)
    _summed: int = -1  # the newest step whose total is right

    def __len__(self) -> int:
        return len(self._steps)

    def open(self, index: int) -> Step:
        """Return a step to be changed; it is made where it does not exist."""
        if index <= self._summed:
            self._summed = index - 1
        return self._steps[index]

    def peek(self, index: int) -> Step:
        """Return a step to be read; never makes one."""
        return self._steps.get(index, _NOTHING)

    def last(self, index: int, steps: int) -> list[Step]:
        """Return the steps that end with `index`, newest first, to be read."""
        get = self._steps.get
        return [get(each, _NOTHING) for each in range(index, index - steps, -1)]

    def drop(self, index: int) -> None:
        """Forget a step that no window reaches any more."""
        self._steps.pop(index, None)

    def totals(self, index: int, *, back: Iterable[int]) -> list[Totals]:
        """Return running totals up to and including step `index`, less so many steps at its end.

        Their differences are what the steps between them brought.
        Args: back: none above `longest`.
        """
        self._sum_up_to(index)
        totals = self._totals
        return [totals[index - steps] for steps in back]

    def _sum_up_to(self, index: int) -> None:
        totals, before = self._totals, index - self.longest
        if before > self._summed or before not in totals or len(totals) > _MOST_TOTALS:
            totals.clear()
            totals[before] = Totals()
            self._summed = before
        total, get = totals[self._summed], self._steps.get
        for each in range(self._summed + 1, index + 1):
            total = totals[each] = total.plus(get(each, _NOTHING))
            self._summed = each
