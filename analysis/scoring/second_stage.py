"""Reads again what matters most: replies to posts with an open incident, with a dearer model, within a budget.

Wraps the scorer that reads everything and is a scorer itself; stands in its place where a transformer is configured.
Only polarity is replaced: hostility, cues and language stay those of the first stage, as a polarity model knows nothing
of "delete this". Never loads the model while nothing is watched, never loses a mention, never looks at a clock.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, Protocol

import numpy as np
import structlog
from numpy.typing import NDArray

from analysis.cleaning import for_scoring
from stormcone.errors import ConfigError
from stormcone.models import NOTHING_KNOWN, Confidence, Mention, Scores, Surroundings
from stormcone.ports import Scorer

_log = structlog.get_logger(__name__)
_SLOT_SECONDS: Final = 300
_SLOTS_AN_HOUR_TOUCHES: Final = 13  # twelve of five minutes, and one more where the hour begins inside a slot


class Reader(Protocol):
    """A model too dear to read everything, such as `TransformerScorer`."""

    name: str

    def read(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return p_negative, p_neutral, p_positive, one row a text. Raises: ConfigError."""
        ...


class SecondStage:
    """A scorer whose first stage reads everything and whose second reads a sample of what is watched.

    `Scores.scorer` tells the two apart: it names both stages only where both have read. `trouble` is the line that says
    why the second stage failed at its last try, None while it works or was not needed yet; the log has it once, when it
    begins, and once when it is over. A failure leaves the scores of the first stage, because a mention that is lost is
    worse than one that is read less well; the next try is made with the next five minutes.
    """

    def __init__(self, first: Scorer, second: Reader, *, texts_per_hour: int) -> None:
        self.name = f"{first.name}+{second.name}"
        self.trouble: str | None = None
        self._first = first
        self._second = second
        self._budget = HourlyBudget(texts_per_hour)

    def score(self, mentions: Sequence[Mention], around: Surroundings = NOTHING_KNOWN) -> list[Scores]:
        """Return one Scores for each mention, in order; never raises on any text."""
        scores = list(self._first.score(mentions, around))
        chosen = self._choose(mentions, around)
        if not chosen:
            return scores
        try:
            shares = self._second.read([mentions[index].text for index in chosen])
        except ConfigError as error:
            self._budget.close(_slot(mentions[index]) for index in chosen)
            self._fail(str(error))
            return scores
        self._recover()
        for index, (negative, neutral, positive) in zip(chosen, shares.tolist(), strict=True):
            scores[index] = replace(
                scores[index],
                p_negative=negative,
                p_neutral=neutral,
                p_positive=positive,
                confidence=Confidence.NORMAL,
                scorer=f"{scores[index].scorer}+{self._second.name}",
            )
        return scores

    def _choose(self, mentions: Sequence[Mention], around: Surroundings) -> list[int]:
        """Return the places of the mentions to read again, and take them off the budget."""
        if not around.watched:
            return []
        by_slot: defaultdict[int, list[int]] = defaultdict(list)
        for index, mention in enumerate(mentions):
            if (mention.platform, mention.thread_id) in around.watched and self._budget.room(_slot(mention)):
                by_slot[_slot(mention)].append(index)
        chosen: list[int] = []
        for slot, places in by_slot.items():
            # A picture or a bare link has no words: the first stage says so, and no model knows better.
            legible = [index for index in places if for_scoring(mentions[index].text)]
            taken = _spread(legible, mentions, self._budget.room(slot))
            self._budget.spend(slot, len(taken))
            chosen += taken
        return sorted(chosen)

    def _fail(self, reason: str) -> None:
        if self.trouble is None:
            _log.warning("second_stage_failed", scorer=self._second.name, reason=reason)
        self.trouble = reason

    def _recover(self) -> None:
        if self.trouble is not None:
            _log.info("second_stage_recovered", scorer=self._second.name)
        self.trouble = None


class HourlyBudget:
    """At most so many texts within any hour, counted in slots of five minutes of the mentions' own time.

    An hour touches thirteen slots at most, and the shares of any thirteen in a row add up to the budget. So the promise
    holds in whatever order mentions arrive, late ones too, and a storm's first minute cannot use up the hour: every
    five minutes are read alike. The price: what a quiet slot leaves is not carried over. Remembers one number for each
    slot in which something was read, some thousands for a week of incidents.
    """

    def __init__(self, texts_per_hour: int) -> None:
        if texts_per_hour < 0:
            raise ValueError(f"texts_per_hour = {texts_per_hour}: nobody reads less than nothing")
        self._texts_per_hour = texts_per_hour
        self._spent: Counter[int] = Counter()

    def room(self, slot: int) -> int:
        """Return how many texts may still be read in a slot.

        >>> budget = HourlyBudget(200)
        >>> sum(budget.room(slot) for slot in range(1000, 1013))
        200
        """
        return max(0, self._share(slot) - self._spent[slot])

    def spend(self, slot: int, texts: int) -> None:
        """Take `texts` off a slot."""
        if texts:
            self._spent[slot] += texts

    def close(self, slots: Iterable[int]) -> None:
        """Leave nothing in these slots."""
        for slot in set(slots):
            self._spent[slot] = self._share(slot)

    def _share(self, slot: int) -> int:
        return (slot + 1) * self._texts_per_hour // _SLOTS_AN_HOUR_TOUCHES - (
            slot * self._texts_per_hour // _SLOTS_AN_HOUR_TOUCHES
        )


def _slot(mention: Mention) -> int:
    return int(mention.seen_at.timestamp()) // _SLOT_SECONDS


def _spread(places: Sequence[int], mentions: Sequence[Mention], count: int) -> list[int]:
    """Return `count` places spread evenly over the times of publication, all of them where there are no more.

    Even, not "the least certain first": shares of an incident are means over its mentions, and a sample picked by what
    the first stage thinks of a text would move them; it would also let whoever writes unclear texts use up the budget.
    """
    if len(places) <= count:
        return list(places)
    in_time = sorted(places, key=lambda i: (mentions[i].posted_at, mentions[i].platform, mentions[i].id, i))
    return [in_time[(2 * step + 1) * len(places) // (2 * count)] for step in range(count)]
