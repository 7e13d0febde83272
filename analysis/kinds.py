"""What sort of surge it is, from its composition and company. Neither volume nor polarity alone makes a backlash.

Used by the verdict. Sees sums, cue names and what the company of the voices is, never a text. A kind can only lower a
level; so what calms (brigade, news, campaign, praise) asks for more than what alarms.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from analysis.cues import CueGroup
from stormcone.models import Kind
from stormcone.ports import Company

_MANY: Final = 0.5  # of the mentions, or of the hostile accounts
_ENOUGH: Final = 15  # copies, or passed-on mentions, or entries: fewer are an accident
_ARRANGED_ACCOUNTS: Final = 8
# Or a third surely and nearly all possibly: a script that every account edits anew shows so in its first minutes,
# before it could page. Natural crowds of the tests and of four recorded sets stay at 0 surely.
_SURELY, _POSSIBLY = 0.33, 0.8
_NOTICEABLY: Final = 1.0  # standard deviations of the composition below which it counts as the usual one
_PRAISING: Final = 0.08  # more of the voices for the brand than usual
_QUIET: Final = 3.0  # hostile people: one fewer than the smallest crowd that can page


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """What the surge consists of. Shares are 0..1; share_surprise in standard deviations, above 0 is angrier.

    usual_hostile: voices against that so long a window usually brings, None where nobody knows yet. company: what the
    voices have in common, as far as it was measured.
    """

    mentions: float
    copies: float
    share_surprise: float
    against_share: float
    positive_share: float
    usual_positive_share: float
    cue_groups: Mapping[CueGroup, int]
    is_abnormal: bool  # the composition alone is evidence of a pile-on
    is_planned: bool  # a planned event of the brand is on
    usual_hostile: float | None = None
    company: Company = field(default_factory=Company)


def classify(what: Composition) -> Kind:
    """Return the kind; UNCLEAR where nothing speaks for one.

    Source: own rules; order matters, the first that fits is taken.
    >>> from analysis.cues import CueGroup
    >>> from dataclasses import replace
    >>> from stormcone.ports import Coordination, Reported
    >>> angry = Composition(mentions=80, copies=2, share_surprise=5.0, against_share=0.7, positive_share=0.1,
    ...     usual_positive_share=0.3, cue_groups={CueGroup.CONTEMPT: 20}, is_abnormal=True, is_planned=False)
    >>> classify(angry).value
    'backlash'
    >>> classify(replace(angry, cue_groups={CueGroup.SERVICE: 20})).value
    'service'
    >>> script = Coordination(low=0.7, high=0.9, accounts=40, texts=2)
    >>> classify(replace(angry, company=Company(accounts=60, hostile_accounts=55, coordination=script))).value
    'brigade'
    >>> classify(replace(angry, company=Company(accounts=12, hostile_accounts=10, commenting_accounts=8))).value
    'news'
    >>> calm = replace(angry, share_surprise=0.0, positive_share=0.3, is_abnormal=False)
    >>> classify(calm).value
    'unclear'
    >>> classify(replace(calm, positive_share=0.5)).value
    'praise'
    >>> classify(replace(calm, is_planned=True)).value
    'campaign'
    >>> classify(replace(calm, company=Company(accounts=60, entry_hashtag="winacake", entry_share=0.8))).value
    'campaign'
    >>> report = Reported(minutes_before=40, reports=3, outlets=("daily.example",))
    >>> classify(replace(calm, company=Company(accounts=60, reported=report))).value
    'news'
    """
    return _angry(what) if what.is_abnormal else _calm(what)


def _angry(what: Composition) -> Kind:
    if _is_brigade(what):
        return Kind.BRIGADE
    if _is_public_quiet(what) and (_is_passed_on(what) or _is_mainly_commentary(what.company)):
        return Kind.NEWS
    service = what.cue_groups.get(CueGroup.SERVICE, 0)
    other = sum(count for group, count in what.cue_groups.items() if group is not CueGroup.SERVICE)
    return Kind.SERVICE if service > other else Kind.BACKLASH


def _calm(what: Composition) -> Kind:
    is_gladder = what.positive_share >= what.usual_positive_share + _PRAISING
    is_less_angry = what.share_surprise <= -_NOTICEABLY
    is_usual = what.share_surprise < _NOTICEABLY
    is_arranged = _are_many(what.company, what.company.arranged_share, least=_ARRANGED_ACCOUNTS)
    is_entered = _are_many(what.company, what.company.entry_share, least=_ENOUGH)
    if what.is_planned or (is_arranged and is_gladder) or (is_entered and is_usual and not is_arranged):
        return Kind.CAMPAIGN
    if is_arranged:
        return Kind.BRIGADE
    if _is_passed_on(what) or _is_copied(what) or (is_usual and _is_reported(what.company)):
        return Kind.NEWS
    return Kind.PRAISE if is_usual and (is_gladder or is_less_angry) else Kind.UNCLEAR


def _is_brigade(what: Composition) -> bool:
    """Tell whether most of the anger is arranged: by the range, or by copies that no mark explains."""
    arranged = what.company.coordination
    is_much = arranged.low >= _MANY or (arranged.low >= _SURELY and arranged.high >= _POSSIBLY)
    is_arranged = is_much and arranged.accounts >= _ARRANGED_ACCOUNTS
    return is_arranged or (_is_copied(what) and not _is_passed_on(what))


def _is_copied(what: Composition) -> bool:
    own_words = what.copies - what.company.spread
    return own_words >= _ENOUGH and own_words >= _MANY * what.mentions


def _is_passed_on(what: Composition) -> bool:
    """Tell whether most of it is one post or article on its way: many repeat it, nobody arranged it."""
    spread = what.company.spread
    return spread >= _ENOUGH and spread >= _MANY * what.mentions


def _is_public_quiet(what: Composition) -> bool:
    """Tell whether those who are openly against, without who comments as a trade, are no more than usual."""
    company = what.company
    return company.hostile_accounts - company.commenting_accounts <= max(_QUIET, what.usual_hostile or 0.0)


def _are_many(company: Company, share: float, *, least: int) -> bool:
    return share >= _MANY and share * company.accounts >= least


def _is_reported(company: Company) -> bool:
    return company.reported is not None and company.reported.minutes_before > 0


def _is_mainly_commentary(company: Company) -> bool:
    return company.commenting_accounts > _QUIET and company.commenting_accounts >= _MANY * company.hostile_accounts
