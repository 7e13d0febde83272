"""Three replies that show what a storm is about, for whoever has a minute.

After topics, for the explanation. Chosen for being typical, never for being vile: threats, private facts and slurs are
for the evidence, not for a screen on the wall. Never changes a text: a screen cleans what it shows.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from analysis.background import terms_of
from analysis.cleaning import for_scoring
from stormcone.models import HOSTILE, Exemplar, Mention, ScoredMention, Topic

VILE_CUES: Final = frozenset({"threat", "doxxing", "slur"})  # by the names that scores carry
_PRIVATE: Final = re.compile(r"\S@\S+\.\w|(?:\d[ ().+-]{0,2}){7}")  # an e-mail address, a telephone or card number
_MOST_READ: Final = 500  # mentions; a larger storm says the same
_LOOKED_AT: Final = 4_000  # characters, for private facts
_LEAST_WORDS: Final = 4  # fewer explain nothing
_READABLE_LENGTH: Final = 280  # characters; a longer text is taken only where no shorter one says as much
_TOO_LONG: Final = 0.5  # of its worth is left to a text beyond that
_TOLD: Final = 0.25  # of its worth is left to a topic that an earlier exemplar holds
_ALIKE: Final = 0.5  # share of common words (Jaccard) from which two texts are one


@dataclass(frozen=True, slots=True)
class _Read:
    mention: Mention
    words: frozenset[str]
    phrases: tuple[str, ...]


def exemplars(mentions: Sequence[ScoredMention], found: Sequence[Topic], *, most: int = 3) -> tuple[Exemplar, ...]:
    """Return hostile mentions that hold the top phrases, by different authors, not copies of one another.

    Each next one is chosen for what the earlier ones do not tell. Without topics, the most liked ones are shown.
    Args: mentions: of the window; own posts, copies and friendly ones are passed over, the first 500 are read.
        found: what `topics` returned for them.
    Returns: at most `most`; fewer where too little was said.
    """
    left = [read for each in mentions[:_MOST_READ] if (read := _read(each, found)) is not None]
    chosen: list[_Read] = []
    while left and len(chosen) < most:
        told = {phrase for each in chosen for phrase in each.phrases}
        worth = {topic.phrase: topic.z * (_TOLD if topic.phrase in told else 1.0) for topic in found}
        best = min(left, key=lambda each: _rank(each, worth))
        chosen.append(best)
        left = [each for each in left if not _repeats(each, best)]
    return tuple(map(_exemplar, chosen))


def _exemplar(each: _Read) -> Exemplar:
    mention = each.mention
    return Exemplar(
        platform=mention.platform,
        mention_id=mention.id,
        author=mention.author,
        text=mention.text,
        url=mention.url,
        reach=mention.author_followers,
        phrases=each.phrases,
    )


def _read(scored: ScoredMention, found: Sequence[Topic]) -> _Read | None:
    """Return what is needed of a mention; None where it must not or cannot be an exemplar."""
    mention, scores = scored.mention, scored.scores
    if mention.is_own_post or scored.vote.is_copy or scores.p_against < HOSTILE:
        return None
    if not VILE_CUES.isdisjoint(scores.cues) or _PRIVATE.search(mention.text[:_LOOKED_AT]):
        return None
    terms = terms_of(mention.text)
    words = frozenset(term for term in terms if " " not in term)
    if len(words) < _LEAST_WORDS:
        return None
    return _Read(mention, words, tuple(topic.phrase for topic in found if topic.phrase in terms))


def _rank(each: _Read, worth: dict[str, float]) -> tuple[float, int, datetime, str]:
    """Return the order of preference: worth, then likes, then the earlier one."""
    value = sum(worth[phrase] for phrase in each.phrases)
    if len(for_scoring(each.mention.text)) > _READABLE_LENGTH:
        value *= _TOO_LONG
    return -value, -(each.mention.likes or 0), each.mention.posted_at, each.mention.id


def _repeats(each: _Read, chosen: _Read) -> bool:
    """Tell whether a mention is the chosen one, by the same author, or says it in nearly the same words."""
    ours, theirs = each.mention, chosen.mention
    if each is chosen or (ours.author and (ours.platform, ours.author) == (theirs.platform, theirs.author)):
        return True
    return len(each.words & chosen.words) >= _ALIKE * len(each.words | chosen.words)
