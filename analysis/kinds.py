"""What sort of surge it is, from its composition. Volume alone never makes a backlash, polarity alone neither.

Used by the verdict. Sees sums and cue names, never a text.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.cues import CueGroup
from stormcone.models import Kind

_MANY_COPIES = 0.5
_ENOUGH_COPIES = 15
_NOTICEABLY = 1.0  # standard deviations of the composition below which it counts as the usual one
_PRAISING = 0.08  # more of the voices for the brand than usual


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """What the surge consists of. Shares are 0..1; share_surprise in standard deviations, above 0 is angrier."""

    mentions: float
    copies: float
    share_surprise: float
    against_share: float
    positive_share: float
    usual_positive_share: float
    cue_groups: Mapping[CueGroup, int]
    is_abnormal: bool  # the composition alone is evidence of a pile-on
    is_planned: bool  # a planned event of the brand is on


def classify(what: Composition) -> Kind:
    """Return the kind; UNCLEAR where nothing speaks for one.

    Source: own rules; order matters, the first that fits is taken.
    >>> from analysis.cues import CueGroup
    >>> classify(Composition(mentions=80, copies=2, share_surprise=5.0, against_share=0.7, positive_share=0.1,
    ...     usual_positive_share=0.3, cue_groups={CueGroup.CONTEMPT: 20}, is_abnormal=True, is_planned=False)).value
    'backlash'
    """
    angry = what.is_abnormal
    is_copied = what.copies >= _ENOUGH_COPIES and what.copies >= _MANY_COPIES * what.mentions
    if is_copied:
        return Kind.BRIGADE if angry else Kind.NEWS
    if angry:
        return _angry(what.cue_groups)
    if what.is_planned:
        return Kind.CAMPAIGN
    is_gladder = what.positive_share >= what.usual_positive_share + _PRAISING
    if what.share_surprise < _NOTICEABLY and (is_gladder or what.share_surprise <= -_NOTICEABLY):
        return Kind.PRAISE
    return Kind.UNCLEAR


def _angry(groups: Mapping[CueGroup, int]) -> Kind:
    service = groups.get(CueGroup.SERVICE, 0)
    other = sum(count for group, count in groups.items() if group is not CueGroup.SERVICE)
    return Kind.SERVICE if service > other else Kind.BACKLASH
