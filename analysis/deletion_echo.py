"""What people say after a post was deleted: that it is gone, that they have it still, and its own words again.

Beside the measured effect of an answer; the words stand in deletion_words.toml. Counts and compares, never advises:
whether to delete is the advice's business. Keeps no text.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from itertools import chain
from typing import Final

from analysis.answer_effect import slope_of
from analysis.phrases import PhraseTree, fold_accents
from stormcone.errors import ConfigError
from stormcone.models import Gap
from stormcone.models.effects import Echo, Pile, Said

LONGEST_ECHO: Final = timedelta(hours=24)  # before and after; what is still said the next day is the press's story

_READ: Final = 4_000  # characters of a text
_RUN: Final = 4  # words in a row: fewer are a turn of speech
_HOUR: Final = timedelta(hours=1)
_LINK: Final = re.compile(r"https?:\S*|www\.\S+", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W_]+")
_APOSTROPHES: Final = str.maketrans("", "", "'\u2018\u2019\u02bc")


def echo_of(
    said: Iterable[Said],
    post_text: str,
    *,
    gone_at: datetime,
    since: datetime,
    until: datetime,
    gaps: Sequence[Gap] = (),
) -> Echo:
    """Return how often people spoke of the deletion, and repeated the post, before and since.

    Args: said: about the brand, copies among them, own posts left out, oldest first; of a day before and since.
        post_text: of the deleted post. gone_at: when it was seen to be gone. since: begin of what was collected of that
        day. until: now.
    Source: own definition and list of words; the comparison is that of `slope_of`.
    """
    told: list[datetime] = []
    quoted: list[datetime] = []
    unread = 0
    end = min(until, gone_at + LONGEST_ECHO)
    runs = _runs(post_text)
    tree = _tree()
    for each in said:
        if not each.text:
            unread += gone_at <= each.at < end
            continue
        text = each.text[:_READ]
        if next(tree.find(fold_accents(text.casefold())), None) is not None:
            told.append(each.at)
        if runs and not runs.isdisjoint(_runs(text)):
            quoted.append(each.at)

    def around(times: Sequence[datetime]) -> Pile:
        return Pile(times=times, since=since, until=end, gaps=gaps)

    return Echo(
        gone_at=gone_at,
        told=slope_of(around(told), gone_at, longest=LONGEST_ECHO),
        quoted=slope_of(around(quoted), gone_at, longest=LONGEST_ECHO) if runs else None,
        told_by_hour=_by_hour(told, gone_at, end),
        quoted_by_hour=_by_hour(quoted, gone_at, end) if runs else (),
        unread=unread,
    )


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    """Return every four words in a row of a text, without links; none where it has fewer."""
    clean = _LINK.sub(" ", unicodedata.normalize("NFKC", text[:_READ]).translate(_APOSTROPHES))
    words = _WORD.findall(clean.casefold())
    return frozenset(tuple(words[start : start + _RUN]) for start in range(len(words) - _RUN + 1))


def _by_hour(times: Sequence[datetime], start: datetime, end: datetime) -> tuple[int, ...]:
    hours = max(0, -((start - end) // _HOUR))  # the hour that has begun counts
    counts = [0] * hours
    for each in times:
        if start <= each < end:
            counts[(each - start) // _HOUR] += 1
    return tuple(counts)


@cache
def _tree() -> PhraseTree:
    """Return the phrases, built once in a process. Raises: ConfigError: the file of words is wrong."""
    path = resources.files("analysis") / "deletion_words.toml"
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        phrases = chain.from_iterable(rows["phrases"] for rows in tables.values())
        return PhraseTree([fold_accents(phrase) for phrase in dict.fromkeys(phrases)])
    except (KeyError, TypeError, ValueError) as error:
        raise ConfigError(str(path), remedy=f"every language needs phrases: {error!r}") from error
