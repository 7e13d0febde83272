"""Who carried a storm: the first large account that joined, and the largest ones.

For the explanation and for severity's reasons. Reach means followers, never impressions. A large account is named
because it is public and its reach is the point; whoever has few followers is never named. Judges nobody's motives.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from stormcone.models import HOSTILE, Carrier, Carriers, ScoredMention

LARGE_FOLLOWERS: Final = 10_000  # followers; as the signal `reach`
_TOP: Final = 3


def carriers(
    mentions: Iterable[ScoredMention], *, large_followers: int = LARGE_FOLLOWERS, most: int = _TOP
) -> Carriers:
    """Return who carried the hostile mentions of a window.

    Args: mentions: in any order; own posts and friendly ones are passed over, copies count as passing on.
        large_followers: from where an account is large. most: how many of the largest to name.
    """
    by_author: dict[tuple[str, str], Carrier | None] = {}
    for scored in mentions:
        m = scored.mention
        if m.is_own_post or m.author is None or scored.scores.p_against < HOSTILE:
            continue
        key = (m.platform, m.author)
        earlier = by_author.setdefault(key, None)
        if m.author_followers is None:
            continue
        followers = max(m.author_followers, earlier.followers if earlier else 0)
        if earlier is not None and earlier.posted_at <= m.posted_at:
            by_author[key] = _with_followers(earlier, followers)
            continue
        by_author[key] = Carrier(
            platform=m.platform,
            author=m.author,
            followers=followers,
            mention_id=m.id,
            url=m.url,
            posted_at=m.posted_at,
            is_copy=scored.vote.is_copy,
        )
    known = [each for each in by_author.values() if each is not None]
    large = [each for each in known if each.followers >= large_followers]
    return Carriers(
        rule=f"the first against the brand with at least {large_followers:,} followers",
        first_amplifier=min(large, key=lambda each: (each.posted_at, -each.followers, each.author), default=None),
        top_reach=tuple(sorted(large, key=lambda each: (-each.followers, each.posted_at, each.author))[:most]),
        known_share=len(known) / len(by_author) if by_author else 0.0,
    )


def _with_followers(carrier: Carrier, followers: int) -> Carrier:
    return carrier if carrier.followers == followers else replace(carrier, followers=followers)
