"""One sentence a person understands at three in the morning: who, what, how far above normal.

Used by the verdict. Holds numbers and the brand's name; never a stranger's words.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from stormcone.models import Kind

_WHAT = {
    Kind.BACKLASH: "backlash",
    Kind.SERVICE: "service complaints",
    Kind.BRIGADE: "an arranged wave of posts",
    Kind.PRAISE: "praise",
    Kind.CAMPAIGN: "a planned campaign",
    Kind.NEWS: "one text repeated",
    Kind.UNCLEAR: "a surge of unclear mood",
}


def headline(
    *,
    brand: str,
    kind: Kind,
    voices: float,
    against: float,
    usual_voices: float | None,
    window_minutes: int,
    posted_at: datetime | None,
    zone: ZoneInfo,
) -> str:
    """Return the sentence.

    >>> headline(brand="Acme", kind=Kind.BACKLASH, voices=40, against=30, usual_voices=4.2, window_minutes=30,
    ...     posted_at=None, zone=ZoneInfo("UTC"))
    'Acme: backlash, 40 voices in 30 min where 4.2 are usual, 30 of them against'
    """
    usual = "" if usual_voices is None else f" where {usual_voices:.1f} are usual"
    where = "" if posted_at is None else f" on its post of {posted_at.astimezone(zone):%d %b %H:%M}"
    return (
        f"{brand}: {_WHAT[kind]}{where}, {voices:.0f} voices in {window_minutes} min{usual}, "
        f"{min(against, voices):.0f} of them against"
    )
