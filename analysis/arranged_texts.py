"""Which texts of a stored stretch belong to an arranged wave: nearly the same words by several accounts in minutes.

The look back beside `analysis.coordination`, which judges live windows; the same likeness and the same bursts, from
[kinds]. For figures that count single customers. Names nobody, keeps nothing.
"""

from collections import deque
from collections.abc import Sequence
from datetime import timedelta

from analysis.likeness import Likeness, LikeTexts, is_comparable, words_of
from stormcone.config import KindSettings
from stormcone.models import Mention, Place


def arranged_texts(mentions: Sequence[Mention], settings: KindSettings) -> frozenset[Place]:
    """Return which of these mentions are part of an arranged wave, by platform and id.

    A wave is `fast_burst_accounts` different accounts within `fast_burst_seconds`, or `slow_burst_accounts` within
    `slow_burst_minutes`, whose texts are of one family of nearly the same words. All texts of a family in which that
    happened belong to it. A text too short to be compared belongs to none.
    Args: mentions: oldest first, copies among them, own posts left out.
    """
    likeness = Likeness(settings)
    lasts = timedelta(minutes=settings.slow_burst_minutes)
    remembered: deque[tuple[Mention, LikeTexts]] = deque()
    placed: list[tuple[Mention, LikeTexts]] = []
    for each in mentions:
        while remembered and each.posted_at - remembered[0][0].posted_at > lasts:
            likeness.forget(remembered.popleft()[1])
        words = words_of(each.text)
        if is_comparable(words, settings.alike_words):
            texts, _ = likeness.place(words)
            placed.append((each, texts))
            remembered.append((each, texts))
    families: dict[int, list[Mention]] = {}
    for each, texts in placed:
        families.setdefault(id(texts.family), []).append(each)
    return frozenset(
        (each.platform, each.id)
        for family in families.values()
        if _is_burst(family, settings.fast_burst_accounts, timedelta(seconds=settings.fast_burst_seconds))
        or _is_burst(family, settings.slow_burst_accounts, lasts)
        for each in family
    )


def _is_burst(family: Sequence[Mention], least: int, within: timedelta) -> bool:
    """Tell whether so many different accounts spoke within a stretch; whoever has no name counts as one account."""
    if len(family) < least:
        return False
    inside: deque[Mention] = deque()
    for each in family:
        inside.append(each)
        while each.posted_at - inside[0].posted_at > within:
            inside.popleft()
        if len(inside) >= least and len({(one.platform, one.author) for one in inside}) >= least:
            return True
    return False
