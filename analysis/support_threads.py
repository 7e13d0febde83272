"""The back-and-forth between one customer and the brand: what they answer each other draws no crowd.

Beside the ballot. Learns whom the brand's own answers answer; a mention by that person below such an answer belongs to
a support thread, whatever role the account has that answered. Anybody else below the same answer is a voice as ever: a
bad answer can begin a pile-on. Bounded; judges no text.
"""

from typing import Final

from stormcone.models import Mention

_MOST: Final = 20_000  # mentions, and own answers: days of the largest brands

_Place = tuple[str, str]  # platform and id


class SupportThreads:
    """Knows the brand's own answers of late, and whom they answer."""

    def __init__(self) -> None:
        self._writers: dict[_Place, str] = {}
        self._addressees: dict[_Place, str] = {}

    def hear(self, mention: Mention) -> None:
        """Take in a mention or an own post."""
        place = (mention.platform, mention.id)
        if not mention.is_own_post:
            if mention.author is not None:
                _remember(self._writers, place, mention.author)
            return
        if mention.parent_id is None:
            return
        answered = (mention.platform, mention.parent_id)
        # An answer in several parts goes on to speak to the same person.
        addressee = self._writers.get(answered) or self._addressees.get(answered)
        if addressee is not None:
            _remember(self._addressees, place, addressee)

    def holds(self, mention: Mention) -> bool:
        """Tell whether a customer goes on talking with the brand: answers an answer that was given to them."""
        if mention.author is None or mention.parent_id is None:
            return False
        return self._addressees.get((mention.platform, mention.parent_id)) == mention.author


def _remember(memory: dict[_Place, str], place: _Place, name: str) -> None:
    memory[place] = name
    if len(memory) > _MOST:
        del memory[next(iter(memory))]
