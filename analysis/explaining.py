"""Makes the explanation of a verdict: what they are angry about, who carried it, replies that show it.

Last part of the analysis, for verdicts that become a transition. The pipeline hands in what is stored of the storm and
the brand's background. Pure; the level is decided long before, and nothing here moves it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from analysis.background import Background
from analysis.carriers import carriers
from analysis.exemplars import exemplars
from analysis.topics import topics
from stormcone.models import HOSTILE, Explanation, Reading, ScoredMention, WouldChange

MOST_READ: Final = 500  # hostile mentions; a larger storm says the same
_MOST_CHARS: Final = 4_000  # of a text; more is not read of any
_APART: Final = " . "  # the end of a clause: no phrase runs from one text of an author to the next


def explain(
    newest: Sequence[ScoredMention],
    background: Background,
    *,
    large: Iterable[ScoredMention] = (),
    would_change: tuple[WouldChange, ...] = (),
) -> Explanation:
    """Return the explanation of a storm.

    Args: newest: its newest mentions, newest first, copies among them; friendly ones and own posts are passed over.
        background: what the brand's mentions usually say, without this storm. large: mentions of it by large accounts,
        also older ones, so that who was first is found. would_change: as analysis.what_if found it.
    """
    hostile = [each for each in newest if _is_against(each)][:MOST_READ]
    voices = [each for each in hostile if not each.vote.is_copy]
    texts = _by_author(voices)
    found = topics(texts, background, language=_language(voices))
    heard = carriers(hostile)
    carried = carriers([*hostile, *large])
    return Explanation(
        texts=len(texts),
        phrases=found,
        carriers=replace(carried, known_share=heard.known_share),
        exemplars=exemplars(voices, found),
        would_change=would_change,
    )


def by_surprise(readings: Iterable[Reading]) -> tuple[Reading, ...]:
    """Return the readings that moved, those furthest from what is usual first; what gives context only is left out."""
    moved = [(abs(each.surprise), each) for each in readings if each.surprise is not None]
    return tuple(each for _, each in sorted(moved, key=lambda pair: -pair[0]))


def _is_against(scored: ScoredMention) -> bool:
    return not scored.mention.is_own_post and scored.scores.p_against >= HOSTILE


def _by_author(voices: Iterable[ScoredMention]) -> list[str]:
    """Return the texts, those of one author as one: whoever repeats himself is not many."""
    texts: dict[tuple[str, str], list[str]] = {}
    for each in voices:
        mention = each.mention
        author = (mention.platform, f"by {mention.author}" if mention.author else f"nobody {mention.id}")
        texts.setdefault(author, []).append(mention.text[:_MOST_CHARS])
    return [_APART.join(said) for said in texts.values()]


def _language(voices: Iterable[ScoredMention]) -> str | None:
    """Return the language of most texts, None where it is not known."""
    spoken = Counter(each.scores.lang for each in voices if each.scores.lang is not None)
    return spoken.most_common(1)[0][0] if spoken else None
