"""What stands around a batch of mentions: the posts they answer and what their authors wrote before.

Gathered by the pipeline from the store, read by the scorer: sarcasm quotes the post it answers, and a text of two words
has the language of its thread. Never holds a score.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from stormcone.models.mentions import Mention

Place = tuple[str, str]  # platform, and the id of a post or the name of an author there


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What is known beside the texts themselves; everything may be missing.

    posts: own posts by platform and id. author_langs: the language an author wrote in last, by platform and name.
    watched: posts with an open incident, whose replies deserve the dearer second reading.
    """

    posts: Mapping[Place, Mention] = field(default_factory=dict)
    author_langs: Mapping[Place, str] = field(default_factory=dict)
    watched: frozenset[Place] = frozenset()


NOTHING_KNOWN = Surroundings()
