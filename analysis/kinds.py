"""What sort of surge it is, from its composition and company. Neither volume nor polarity alone makes a backlash.

Used by the verdict. Sees sums, cue names and what the company of the voices is, never a text. A kind can only lower a
level; so what calms (brigade, news, campaign, praise) asks for more than what alarms.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.cues import CueGroup
from stormcone.config import KindSettings
from stormcone.models import Kind, Level
from stormcone.models.signal_views import Company


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


def classify(what: Composition, settings: KindSettings) -> Kind:
    """Return the kind; UNCLEAR where nothing speaks for one.

    Source: own rules; order matters, the first that fits is taken.
    >>> from analysis.cues import CueGroup
    >>> from dataclasses import replace
    >>> from stormcone.models.signal_views import Coordination, Reported
    >>> usual = KindSettings()
    >>> angry = Composition(mentions=80, copies=2, share_surprise=5.0, against_share=0.7, positive_share=0.1,
    ...     usual_positive_share=0.3, cue_groups={CueGroup.CONTEMPT: 20}, is_abnormal=True, is_planned=False)
    >>> classify(angry, usual).value
    'backlash'
    >>> classify(replace(angry, cue_groups={CueGroup.SERVICE: 20}), usual).value
    'service'
    >>> script = Coordination(low=0.7, high=0.9, accounts=40, texts=2)
    >>> classify(replace(angry, company=Company(accounts=60, hostile_accounts=55, coordination=script)), usual).value
    'brigade'
    >>> classify(replace(angry, company=Company(accounts=12, hostile_accounts=10, commenting_accounts=8)), usual).value
    'news'
    >>> calm = replace(angry, share_surprise=0.0, positive_share=0.3, is_abnormal=False)
    >>> classify(calm, usual).value
    'unclear'
    >>> classify(replace(calm, positive_share=0.5), usual).value
    'praise'
    >>> classify(replace(calm, is_planned=True), usual).value
    'campaign'
    >>> classify(replace(calm, company=Company(accounts=60, entry_hashtag="winacake", entry_share=0.8)), usual).value
    'campaign'
    >>> report = Reported(minutes_before=40, reports=3, outlets=("daily.example",))
    >>> classify(replace(calm, company=Company(accounts=60, reported=report)), usual).value
    'news'
    """
    return _angry(what, settings) if what.is_abnormal else _calm(what, settings)


def level_of_wave(accounts: int, settings: KindSettings) -> Level:
    """Return the level that a wave of so many arranged accounts has by itself: it is told, and wakes nobody.

    >>> [level_of_wave(accounts, KindSettings()).word for accounts in (19, 20, 30)]
    ['calm', 'watch', 'warn']
    """
    if accounts >= settings.brigade_warns_accounts:
        return Level.WARN
    return Level.WATCH if accounts >= settings.brigade_opens_accounts else Level.CALM


def _angry(what: Composition, settings: KindSettings) -> Kind:
    if _is_brigade(what, settings):
        return Kind.BRIGADE
    is_handed_on = _is_passed_on(what, settings) or _is_mainly_commentary(what.company, settings)
    if is_handed_on and _is_public_quiet(what, settings):
        return Kind.NEWS
    service = what.cue_groups.get(CueGroup.SERVICE, 0)
    other = sum(count for group, count in what.cue_groups.items() if group is not CueGroup.SERVICE)
    return Kind.SERVICE if service > other else Kind.BACKLASH


def _calm(what: Composition, settings: KindSettings) -> Kind:
    company, most = what.company, settings.most_share
    is_gladder = what.positive_share >= what.usual_positive_share + settings.praising_share
    is_less_angry = what.share_surprise <= -settings.usual_surprise
    is_usual = what.share_surprise < settings.usual_surprise
    is_arranged = _are_many(company, company.arranged_share, most, least=settings.brigade_accounts)
    is_entered = _are_many(company, company.entry_share, most, least=settings.least_spread)
    if what.is_planned or (is_arranged and is_gladder) or (is_entered and is_usual and not is_arranged):
        return Kind.CAMPAIGN
    if is_arranged:
        return Kind.BRIGADE
    if _is_passed_on(what, settings) or _is_copied(what, settings) or (is_usual and _is_reported(company)):
        return Kind.NEWS
    return Kind.PRAISE if is_usual and (is_gladder or is_less_angry) else Kind.UNCLEAR


def _is_brigade(what: Composition, settings: KindSettings) -> bool:
    """Tell whether most of the anger is arranged: by the range, or by copies that no mark explains.

    Or a third surely and nearly all possibly: a script that every account edits anew shows so in its first minutes,
    before it could page.
    """
    arranged = what.company.coordination
    is_much = arranged.low >= settings.brigade_share or (
        arranged.low >= settings.brigade_sure_share and arranged.high >= settings.brigade_possible_share
    )
    is_arranged = is_much and arranged.accounts >= settings.brigade_accounts
    return is_arranged or (_is_copied(what, settings) and not _is_passed_on(what, settings))


def _is_copied(what: Composition, settings: KindSettings) -> bool:
    return _is_most(what.copies - what.company.spread, what, settings)


def _is_passed_on(what: Composition, settings: KindSettings) -> bool:
    """Tell whether most of it is one post or article on its way: many repeat it, nobody arranged it."""
    return _is_most(what.company.spread, what, settings)


def _is_most(mentions: float, what: Composition, settings: KindSettings) -> bool:
    return mentions >= settings.least_spread and mentions >= settings.most_share * what.mentions


def _is_public_quiet(what: Composition, settings: KindSettings) -> bool:
    """Tell whether those who are openly against, without who comments as a trade, are no more than usual."""
    company = what.company
    return company.hostile_accounts - company.commenting_accounts <= max(
        settings.quiet_people, what.usual_hostile or 0.0
    )


def _are_many(company: Company, share: float, most: float, *, least: int) -> bool:
    return share >= most and share * company.accounts >= least


def _is_reported(company: Company) -> bool:
    return company.reported is not None and company.reported.minutes_before > 0


def _is_mainly_commentary(company: Company, settings: KindSettings) -> bool:
    comments = company.commenting_accounts
    return comments > settings.quiet_people and comments >= settings.most_share * company.hostile_accounts
