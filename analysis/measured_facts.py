"""What the detector knows of the facts that advice is asked on; all that only people can know stays unknown.

Between a case that was judged and the advisor. Two causes are taken from what was measured, as the words suggest:
trouble with the service, and a planned day nobody is angry about. Decides nothing.
"""

from analysis.crossing import Crossing
from analysis.severity import Severity, SeverityFactor
from stormcone.config import BrandSettings
from stormcone.models import Cause, Facts, Kind, PostStatus, Trend, Trigger
from stormcone.models.signal_views import SignalView

_SUGGESTED = {Kind.SERVICE: Cause.SERVICE_FAILURE, Kind.CAMPAIGN: Cause.NONE}


def calm_facts(kind: Kind, severity: int) -> Facts:
    """Return the facts of a look at which nothing is unusual: so few that most looks are alike."""
    return Facts(kind=kind, severity=severity, cause=_SUGGESTED.get(kind))


def measured_facts(
    view: SignalView,
    *,
    brand: BrandSettings,
    kind: Kind,
    severity: Severity,
    crossing: Crossing,
    is_own_post: bool,
    is_falling: bool,
) -> Facts:
    """Return the facts of one judged window. Shares are rounded to hundredths: more is not known.

    Args: severity: with its reasons, which tell of a large account. is_falling: the rate lies well below its peak.
    """
    company = view.company
    coordination = company.coordination
    share = (coordination.low + coordination.high) / 2 if kind is Kind.BRIGADE else coordination.low
    trade = company.commenting_accounts / company.hostile_accounts if company.hostile_accounts else 0.0
    return Facts(
        brand=brand.name,
        trigger=Trigger.OWN_POST if is_own_post else None,
        cause=_SUGGESTED.get(kind),
        kind=kind,
        severity=severity.value,
        trend=Trend.FALLING if is_falling else Trend.RISING,
        post_status=PostStatus.LIVE if is_own_post else None,
        neg_share=round(min(1.0, view.against / view.voices), 2) if view.voices else None,
        coordination=round(share, 2) if company.accounts else None,
        dup_text_share=round(min(1.0, view.copies / view.mentions), 2) if view.mentions else None,
        commentator_share=round(trade, 2) if company.accounts else None,
        distinct_authors=company.accounts or None,
        top_author_reach=view.top_reach,
        platforms=_platforms(crossing),
        press=crossing.press is not None or None,
        notable_amplifier=any(each.factor is SeverityFactor.REACH for each in severity.reasons) or None,
        competitor_joined=bool(crossing.competitors) or None,
        public_record_body=brand.profile.public_record_body,
        legal_hold=brand.profile.legal_hold,
    )


def _platforms(crossing: Crossing) -> int | None:
    """Return on how many platforms people are against; nobody knows where none was looked at."""
    names = {each.platform for each in crossing.crowds} | ({crossing.home} if crossing.home else set())
    return len(names) or None
