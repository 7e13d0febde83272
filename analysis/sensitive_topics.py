"""Finds the words that are sensitive for one brand in what is said against it.

Used by the memory of crossings, on hostile mentions only. Returns the brand's own words, never any of a stranger's;
keeps no text, weighs nothing.
"""

from collections.abc import Sequence

from analysis.cleaning import for_scoring
from analysis.phrases import PhraseTree


class SensitiveTopics:
    """The sensitive topics of a brand's profile, compiled.

    >>> topics = SensitiveTopics(["animal testing", "layoff*"])
    >>> topics.named_in("After the LAYOFFS now #AnimalTesting?!")
    ('animal testing', 'layoff*')
    >>> topics.named_in("a playoff, tested on nobody")
    ()
    """

    def __init__(self, topics: Sequence[str]) -> None:
        self._topics = tuple(topics)
        self._tree = PhraseTree([" ".join(topic.casefold().split()) for topic in topics])

    def named_in(self, text: str) -> tuple[str, ...]:
        """Return the topics that `text` names, each once, in the profile's order; of two that start alike the longer.

        Args: text: anything, of any length; what a scorer reads of it is looked at.
        """
        if not self._topics:
            return ()
        named = {number for _, number in self._tree.find(for_scoring(text).casefold())}
        return tuple(self._topics[number] for number in sorted(named))
