"""Level and kind: the two words every verdict, incident and notice is named by.

Below verdicts and explanations, which both speak of them. Computes nothing.
"""

from enum import IntEnum, StrEnum


class Level(IntEnum):
    """How surprising, bounded by the false-page budget. Only WARN and PAGE leave the screen."""

    CALM = 0
    WATCH = 1
    WARN = 2
    PAGE = 3

    @property
    def word(self) -> str:
        """The level as it is written everywhere: calm, watch, warn, page."""
        return self.name.lower()

    @classmethod
    def from_word(cls, word: str) -> "Level":
        """Return the level called `word`. Raises: KeyError: there is none."""
        return cls[word.upper()]


class Kind(StrEnum):
    """What sort of surge it is. Praise and campaign never page."""

    BACKLASH = "backlash"
    SERVICE = "service"
    BRIGADE = "brigade"
    PRAISE = "praise"
    CAMPAIGN = "campaign"
    NEWS = "news"
    UNCLEAR = "unclear"
