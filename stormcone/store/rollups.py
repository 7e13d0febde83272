"""Per-minute sums of a batch, added in the transaction that stores it, and corrected in the one that scores it again.

No screen and no detector scans history: they read these rows. Never recomputes a minute from mentions.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from stormcone.models import HOSTILE, Confidence, ScoredMention
from stormcone.store.tables import brand_minute, post_minute
from stormcone.store.upserts import Row, add_corrections, insert_or_add

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
    "unsure",
    "cued",
)
_POST_SUMS = ("replies", "voices", "against", "hostile", "named", "strangers", "told", "personal")


_BRAND_KEY = ("brand", "minute")
_POST_KEY = ("brand", "platform", "post_id", "minute")


class _Sums:
    """What mentions add to the minutes of their brands and threads."""

    def __init__(self) -> None:
        self._brands: dict[tuple[str, datetime], list[float]] = defaultdict(lambda: [0.0] * len(_BRAND_SUMS))
        self._posts: dict[tuple[str, str, str, datetime], list[float]] = defaultdict(lambda: [0.0] * len(_POST_SUMS))

    def add(self, mentions: Iterable[ScoredMention], *, sign: int = 1) -> None:
        """Add mentions, or with sign -1 take them away."""
        for each in mentions:
            minute = each.mention.posted_at.replace(second=0, microsecond=0)
            _add(self._brands[each.mention.brand, minute], _brand_share(each), sign)
            thread = each.mention.thread_id
            if thread is not None:
                _add(self._posts[each.mention.brand, each.mention.platform, thread, minute], _post_share(each), sign)

    # Sorted, so that two writers on PostgreSQL lock the rows in the same order.
    @property
    def brand_rows(self) -> list[Row]:
        """Rows of table brand_minute."""
        return [_row(_BRAND_KEY, key, _BRAND_SUMS, self._brands[key]) for key in sorted(self._brands)]

    @property
    def post_rows(self) -> list[Row]:
        """Rows of table post_minute."""
        return [_row(_POST_KEY, key, _POST_SUMS, self._posts[key]) for key in sorted(self._posts)]


def add_rollups(connection: Connection, fresh: Iterable[ScoredMention]) -> None:
    """Add the sums of newly stored mentions to their minutes."""
    sums = _Sums()
    sums.add(fresh)
    insert_or_add(connection, brand_minute, sums.brand_rows, add=_BRAND_SUMS)
    insert_or_add(connection, post_minute, sums.post_rows, add=_POST_SUMS)


def correct_rollups(connection: Connection, *, before: Iterable[ScoredMention], after: Iterable[ScoredMention]) -> None:
    """Take the shares of mentions as they were stored from their minutes, and add what they are now.

    Args: before, after: the same mentions with the scores and votes they had, and those they get in this transaction.
    """
    sums = _Sums()
    sums.add(before, sign=-1)
    sums.add(after)
    add_corrections(connection, brand_minute, sums.brand_rows, add=_BRAND_SUMS)
    add_corrections(connection, post_minute, sums.post_rows, add=_POST_SUMS)


def _brand_share(each: ScoredMention) -> tuple[float, ...]:
    scores, vote = each.scores, each.vote
    if each.mention.is_own_post:
        return (0, 1, 0.0, 0.0, 0.0, 0.0, 0.0, 0, 0, 0, 0)
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
        int(scores.confidence is not Confidence.NORMAL),
        int(bool(scores.cues)),
    )


def _post_share(each: ScoredMention) -> tuple[float, ...]:
    vote = each.vote
    return (
        1,
        vote.thread_voice,
        vote.thread_against,
        # Openly against counts people, not messages: an author adds to it once, when their vote begins to.
        int(vote.thread_against >= HOSTILE),
        int(vote.is_stranger is not None),
        int(vote.is_stranger is True),
        int(vote.is_personal is not None),
        int(vote.is_personal is True),
    )


def _add(sums: list[float], share: tuple[float, ...], sign: int) -> None:
    for index, value in enumerate(share):
        sums[index] += sign * value


def _row(key_names: tuple[str, ...], key: tuple[object, ...], sum_names: tuple[str, ...], sums: list[float]) -> Row:
    return dict(zip(key_names, key, strict=True)) | dict(zip(sum_names, sums, strict=True))
