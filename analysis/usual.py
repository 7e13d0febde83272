"""What the brand's mentions are usually like, and how far a window's shares can be told from that.

Used by the brand's stream, which learns it step by step, and by views, which compare. Sums of probabilities and of
mentions, never a count of labels of single texts as a verdict; decides nothing.
"""

import math
from dataclasses import dataclass
from typing import Final

from analysis.composition import POOLED_WORTH, memory
from stormcone.models import Estimate
from stormcone.models.signal_views import SaidShares

# Texts that the usual share is worth beside a window's own. Shares of 173 ordinary threads with 10 and more replies
# (SemEval-2017 task 8) spread around their mean of .337 with a standard deviation of .100: a beta distribution of 21.5.
USUAL_WORTH: Final = 22.0
_NORMAL_80 = 1.2816  # half width of the central 80 % of a normal distribution, in standard deviations
# Before a brand has a history. negative: the base rate the scorer gives to a text that it cannot read. hostile, cued:
# 6,000 mentions of airlines in an ordinary week (February 2015) hold .12 and .40, much of that complaints of service,
# which most brands hear less of: assumptions, outweighed within a day.
_POOLED_NEGATIVE, _POOLED_HOSTILE, _POOLED_CUED = 0.31, 0.12, 0.30

_CUES_KNOWN = 0.03  # of texts: a brand of whose language there is no table of cues hears fewer
_FEWER = 0.85  # times the usual share: the joy of a free praise hit on the test-bed brings .35 to .7 of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What some texts said, as sums: the probabilities of being negative, the hostile ones, those that hold a cue."""

    texts: float = 0.0
    negative: float = 0.0
    hostile: float = 0.0
    cued: float = 0.0


@dataclass(slots=True, kw_only=True)
class UsualShares:
    """Running shares of what is said of a brand, with a pooled prior.

    Source: own definition, see `analysis.composition.memory`.
    >>> usual = UsualShares(half_life_texts=500)
    >>> usual.learn(texts=40, negative=30, hostile=4, cued=6)
    >>> round(usual.negative, 2)
    0.61
    """

    half_life_texts: float
    _texts: float = POOLED_WORTH
    _negative: float = POOLED_WORTH * _POOLED_NEGATIVE
    _hostile: float = POOLED_WORTH * _POOLED_HOSTILE
    _cued: float = POOLED_WORTH * _POOLED_CUED

    @property
    def negative(self) -> float:
        """Usual mean probability of a text being negative."""
        return self._negative / self._texts

    @property
    def hostile(self) -> float:
        """Usual share of hostile texts."""
        return self._hostile / self._texts

    @property
    def cued(self) -> float:
        """Usual share of texts that hold a cue."""
        return self._cued / self._texts

    def learn(self, *, texts: float, negative: float, hostile: float, cued: float) -> None:
        """Take a step's texts into account: how many, and the sums that `Said` explains."""
        if texts <= 0:
            return
        weight, keep = memory(texts, half_life=self.half_life_texts)
        self._texts = self._texts * keep + weight * texts
        self._negative = self._negative * keep + weight * negative
        self._hostile = self._hostile * keep + weight * hostile
        self._cued = self._cued * keep + weight * cued


def is_joyful(said: SaidShares | None) -> bool:
    """Tell whether bad words come without anger: fewer hostile texts and fewer cues than usual, where cues are known.

    >>> calm = Estimate(value=0.05, low=0.03, high=0.08, usual=0.09)
    >>> is_joyful(SaidShares(negative=Estimate(value=0.4, low=0.3, high=0.5, usual=0.2), hostile=calm, cued=calm))
    True
    """
    return (
        said is not None
        and said.cued.usual >= _CUES_KNOWN
        and said.cued.value < _FEWER * said.cued.usual
        and said.hostile.value < _FEWER * said.hostile.usual
    )


def compare(said: Said, usual: UsualShares) -> SaidShares | None:
    """Return what texts said beside what is usual; None where nobody spoke."""
    if said.texts <= 0:
        return None
    return SaidShares(
        negative=shrunk(said.negative, said.texts, usual=usual.negative),
        hostile=shrunk(said.hostile, said.texts, usual=usual.hostile),
        cued=shrunk(said.cued, said.texts, usual=usual.cued),
    )


def shrunk(total: float, texts: float, *, usual: float) -> Estimate:
    """Return a share with its 80 % interval, shrunk to the usual one: a few angry texts are not yet an angry crowd.

    Args: total: sum of probabilities, or number of texts of a sort, 0..texts. texts: of the window, copies left out.
        usual: the brand's own share, 0..1.
    Source: posterior mean of a beta-binomial; Wilson's interval (1927) around it, as if the usual share's worth had
        been heard too. Probabilities vary less than the labels they stand for, so the interval is wide rather than
        narrow for them.
    >>> few = shrunk(4, 4, usual=0.2)
    >>> round(few.value, 2), round(few.low, 2), round(few.high, 2)
    (0.32, 0.22, 0.45)
    """
    heard = texts + USUAL_WORTH
    share = (min(total, texts) + USUAL_WORTH * usual) / heard
    z2 = _NORMAL_80**2
    middle = (share + z2 / (2 * heard)) / (1 + z2 / heard)
    half = _NORMAL_80 / (1 + z2 / heard) * math.sqrt(share * (1 - share) / heard + z2 / (4 * heard * heard))
    return Estimate(value=share, low=max(0.0, middle - half), high=min(1.0, middle + half), usual=usual)
