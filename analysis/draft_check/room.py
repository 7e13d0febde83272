"""Reads the room: what the brand is criticised for, what the news says, and where a draft leans into it.

Third step of the draft check. Controversies and headlines are mapped to topics (tables/, [topics]); a draft leans into
a topic with the words that name it or play on it. Knows no rule.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from analysis.draft_check.findings import Finding, Findings
from analysis.draft_check.plain_text import PlainText, read_plain
from analysis.draft_check.terms import Hit, Terms

TRAGEDIES: Final = frozenset({"quake", "flood", "storm", "blaze", "crash", "attack", "dying", "warfare", "epidemic"})
_NAMES, _LEANS = "names:", "leans:"
_DYING: Final = "dying"
_SHORT: Final = 3  # letters of words that say nothing in a controversy
_STEM: Final = 4
_LONG_STEM: Final = 5
_SHARE_ALIKE: Final = 0.65
_NAME: Final = re.compile(r"(?<=\s)[A-ZÀ-ÖØ-ÞŐŰ][\w-]{3,}")


def topics_of(texts: Iterable[str], terms: Terms, languages: Sequence[str]) -> set[str]:
    """Return the topics that controversies or headlines name; they may be in any of the languages."""
    hits = (hit for text in texts for hit in terms.find(read_plain(text), languages))
    return {hit.concept.removeprefix(_NAMES) for hit in hits if hit.concept.startswith(_NAMES)}


def add_controversies(
    findings: Findings, text: PlainText, controversies: Sequence[str], topics: set[str], hits: Mapping[str, list[Hit]]
) -> None:
    """Add where a draft quotes a controversy, or leans into the topic of one."""
    if controversies:
        findings.add("has:controversies", Finding(words=", ".join(controversies[:2])[:60]))
    findings.add_hits(text.given, quotes(text, controversies), "quotes:controversy")
    findings.add_hits(text.given, _leaning(hits, topics), "touches:controversy")


def add_news(
    findings: Findings, text: PlainText, news: Sequence[str], topics: set[str], hits: Mapping[str, list[Hit]]
) -> None:
    """Add where a draft leans into the topic of a headline; tragedies are kept apart from trouble."""
    tragic = topics & TRAGEDIES
    if tragic:
        findings.add("news:tragedy", Finding(words=news[0][:60]))
        findings.add_hits(text.given, _leaning(hits, tragic - {_DYING} or tragic), "touches:tragedy")
        names = {name.group() for headline in news for name in _NAME.finditer(headline)}
        findings.add_hits(text.given, quotes(text, sorted(names)), "quotes:tragedy")
    if topics - TRAGEDIES:
        findings.add("news:trouble", Finding(words=news[0][:60]))
        findings.add_hits(text.given, _leaning(hits, topics - TRAGEDIES), "touches:news")


def quotes(text: PlainText, phrases: Sequence[str]) -> Iterator[Hit]:
    """Yield where all words of a phrase stand in a draft, whatever their endings and order.

    >>> [(hit.start, hit.end) for hit in quotes(read_plain("Taxes are lovely"), ["tax", "animal testing"])]
    [(0, 5)]
    """
    for phrase in phrases:
        wanted = [word.text for word in read_plain(phrase).words if len(word.text) >= _SHORT]
        found = [
            next((number for number, word in enumerate(text.words) if _alike(word.text, each)), None) for each in wanted
        ]
        places = [number for number in found if number is not None]
        if places and len(places) == len(wanted):
            first, last = min(places), max(places)
            start, end = text.words[first].start, text.words[last].end
            yield Hit(concept=phrase, start=start, end=end, first=first, last=last)


def _alike(word: str, wanted: str) -> bool:
    """Tell whether a word is a form of another: a common beginning that leaves little."""
    if word == wanted:
        return True
    stem = wanted[: max(_STEM, len(wanted) - 2)]
    if len(wanted) < _STEM:
        return word in {f"{wanted}s", f"{wanted}es"}
    if word.startswith(stem) and len(word) - len(stem) <= max(5, len(stem) // 2):
        return True
    common = next(
        (n for n, (a, b) in enumerate(zip(word, wanted, strict=False)) if a != b), min(len(word), len(wanted))
    )
    return common >= _LONG_STEM and common >= _SHARE_ALIKE * max(len(word), len(wanted))


def _leaning(hits: Mapping[str, list[Hit]], topics: set[str]) -> list[Hit]:
    return [hit for topic in sorted(topics) for kind in (_NAMES, _LEANS) for hit in hits.get(f"{kind}{topic}", ())]
