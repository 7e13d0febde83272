"""The real scorer, asked once a text: streams of one split share many texts, and a text means the same every time.

Between the pipeline of a benchmark and the scorer of the product. Never changes a score.
"""

from collections.abc import Sequence

from stormcone.models import NOTHING_KNOWN, Mention, Scores, Surroundings
from stormcone.ports import Scorer

_Asked = tuple[str, bool, str | None]


class RememberingScorer:
    """Scores as `scorer` does. A score depends on the text, on its being a reply, and on the post it answers."""

    def __init__(self, scorer: Scorer) -> None:
        self.name = scorer.name
        self._scorer = scorer
        self._known: dict[_Asked, Scores] = {}
        self._compounds: dict[str, float | None] = {}

    def score(self, mentions: Sequence[Mention], around: Surroundings = NOTHING_KNOWN) -> list[Scores]:
        """Return one Scores for each mention, in order."""
        asked = [_asked(mention, around) for mention in mentions]
        unknown = {key: mention for key, mention in zip(asked, mentions, strict=True) if key not in self._known}
        if unknown:
            scores = self._scorer.score(list(unknown.values()), around)
            self._known.update(zip(unknown, scores, strict=True))
            self._compounds.update((key[0], each.compound) for key, each in zip(unknown, scores, strict=True))
        return [self._known[key] for key in asked]

    def compound_of(self, text: str) -> float:
        """Return VADER's opinion of a text that was scored; 0 for one that was not, or that it cannot read."""
        return self._compounds.get(text) or 0.0


def _asked(mention: Mention, around: Surroundings) -> _Asked:
    if mention.thread_id is None:
        return mention.text, False, None
    post = around.posts.get((mention.platform, mention.thread_id))
    return mention.text, True, post.text if post else None
