"""Per-minute sums of a batch, added in the transaction that stores it.

No screen and no detector scans history: they read these rows. Never recomputes a minute from mentions.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from stormcone.models import ScoredMention
from stormcone.store.tables import brand_minute, post_minute
from stormcone.store.upserts import Row, insert_or_add

HOSTILE = 0.5  # a mention is called hostile from here; part of the definition of the figure, not a threshold to tune

_BRAND_SUMS = (
    "mentions",
    "own_posts",
    "negative",
    "neutral",
    "positive",
    "voices",
    "against",
    "hostile",
    "copies",
)
_POST_SUMS = ("replies", "voices", "against", "hostile")


def add_rollups(connection: Connection, fresh: Sequence[ScoredMention]) -> None:
    """Add the sums of newly stored mentions to their minutes."""
    brands: dict[tuple[str, datetime], list[float]] = defaultdict(lambda: [0.0] * len(_BRAND_SUMS))
    posts: dict[tuple[str, str, str, datetime], list[float]] = defaultdict(lambda: [0.0] * len(_POST_SUMS))
    for each in fresh:
        minute = each.mention.posted_at.replace(second=0, microsecond=0)
        _add(brands[each.mention.brand, minute], _brand_share(each))
        thread = each.mention.thread_id
        if thread is not None:
            _add(posts[each.mention.brand, each.mention.platform, thread, minute], _post_share(each))
    # Sorted, so that two writers on PostgreSQL lock the rows in the same order.
    insert_or_add(
        connection,
        brand_minute,
        [
            _row(("brand", "minute"), key, _BRAND_SUMS, sums)
            for key, sums in sorted(brands.items(), key=lambda item: item[0])
        ],
        add=_BRAND_SUMS,
    )
    insert_or_add(
        connection,
        post_minute,
        [
            _row(("brand", "platform", "post_id", "minute"), key, _POST_SUMS, sums)
            for key, sums in sorted(posts.items(), key=lambda item: item[0])
        ],
        add=_POST_SUMS,
    )


def _brand_share(each: ScoredMention) -> tuple[float, ...]:
    scores, vote = each.scores, each.vote
    if each.mention.is_own_post:
        return (0, 1, 0.0, 0.0, 0.0, 0.0, 0.0, 0, 0)
    return (
        1,
        0,
        scores.p_negative,
        scores.p_neutral,
        scores.p_positive,
        vote.voice,
        vote.against,
        int(scores.hostility >= HOSTILE),
        int(vote.is_copy),
    )


def _post_share(each: ScoredMention) -> tuple[float, ...]:
    # Openly against counts people, not messages: an author adds to it once, when their vote begins to.
    return (1, each.vote.thread_voice, each.vote.thread_against, int(each.vote.thread_against >= HOSTILE))


def _add(sums: list[float], share: tuple[float, ...]) -> None:
    for index, value in enumerate(share):
        sums[index] += value


def _row(key_names: tuple[str, ...], key: tuple[object, ...], sum_names: tuple[str, ...], sums: list[float]) -> Row:
    return dict(zip(key_names, key, strict=True)) | dict(zip(sum_names, sums, strict=True))
