"""How bad it can get, 1 to 5 ("five-alarm"), apart from how surprising it is.

Used by the verdict; each step has a named reason. Never raises a page by itself: level does that.
"""

from dataclasses import dataclass

_PROJECTED_STEPS = (30, 150, 600, 2500)  # voices against within six hours at which severity reaches 2, 3, 4, 5
_LARGE_ACCOUNT = 100_000  # followers
_MOST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Severity:
    """1 to 5, and one short reason for each step above 1."""

    value: int
    reasons: tuple[str, ...]


def assess(*, projected_against: float, top_reach: int | None, harm_share: float, is_benign: bool) -> Severity:
    """Return the severity.

    Args: projected_against: voices against expected within six hours, >= 0. top_reach: followers of the largest
        account against, None where unknown. harm_share: share of voices that speak of victims, threats or outrage,
        0..1. is_benign: praise, a planned campaign or one text repeated, which is never worse than 1.
    Source: Stormcone's own steps, tried on the drills.
    >>> assess(projected_against=400, top_reach=2_000_000, harm_share=0.0, is_benign=False).value
    4
    """
    if is_benign:
        return Severity(value=1, reasons=())
    value = 1 + sum(projected_against >= step for step in _PROJECTED_STEPS)
    reasons = [f"about {projected_against:.0f} voices against expected within 6 h"] if value > 1 else []
    if top_reach is not None and top_reach >= _LARGE_ACCOUNT:
        value += 1
        reasons.append(f"an account with {top_reach:,} followers joined in")
    if harm_share >= 0.2:  # noqa: PLR2004 - one in five: what outrage reaches in a real backlash (Brady et al. 2021)
        value += 1
        reasons.append(f"{harm_share:.0%} speak of harm or outrage")
    return Severity(value=min(value, _MOST), reasons=tuple(reasons))
