"""What the scorer may know beside a batch: the posts that are answered, the languages of authors, the posts in trouble.

Stands before the scorer, in ingest and in rescoring alike. Remembers within fixed bounds, and asks the store only for
own posts it has never heard of. Never scores, never judges; what it holds is learned again after a restart
(restoring.py).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from stormcone.models import Confidence, Mention, Place, ScoredMention, Surroundings
from stormcone.store import Store

# Own posts of about three months of a busy brand; 100,000 authors with their language take some 20 MB.
_MOST_POSTS = 2_000
_MOST_STRANGERS = 20_000
_MOST_AUTHORS = 100_000
_MOST_CHARS = 4_000  # of an own post: more than any scorer reads

_Kept = TypeVar("_Kept")


class Gatherer:
    """Gathers the surroundings of one batch after the other."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._posts: dict[Place, Mention] = {}
        self._strangers: dict[Place, None] = {}  # threads that hang on no own post, as far as the store knows
        self._author_langs: dict[Place, str] = {}
        self._watched: frozenset[Place] | None = None

    def gather(self, fresh: Sequence[Mention], page: Sequence[Mention]) -> Surroundings:
        """Return what is known around `fresh`.

        Args: fresh: the mentions about to be scored. page: the batch they came with; an own post among them is the
            newest word on itself, also where it was known.
        Raises: StoreError: an own post was not in memory, and the store cannot be read.
        """
        for mention in page:
            if mention.is_own_post:
                self._meet(mention)
        return Surroundings(
            posts=self._answered(fresh),
            author_langs={
                author: self._author_langs[author]
                for mention in fresh
                if mention.author is not None and (author := (mention.platform, mention.author)) in self._author_langs
            },
            watched=self._in_trouble(),
        )

    def learn(self, stored: Iterable[ScoredMention]) -> None:
        """Remember the language of each author, from what could really be read, and own posts; oldest first."""
        for each in stored:
            mention, scores = each.mention, each.scores
            if mention.is_own_post:
                self._meet(mention)
            if scores.confidence is Confidence.NORMAL and scores.lang is not None and mention.author is not None:
                _remember(self._author_langs, (mention.platform, mention.author), scores.lang, most=_MOST_AUTHORS)

    def watch(self, posts: Iterable[Place]) -> None:
        """Take note of the posts that have an open incident now."""
        self._watched = frozenset(posts)

    def forget(self) -> None:
        """Drop everything, before it is learned from a history that changed."""
        self._posts.clear()
        self._strangers.clear()
        self._author_langs.clear()
        self._watched = None

    def _meet(self, post: Mention) -> None:
        place = (post.platform, post.id)
        self._strangers.pop(place, None)
        short = post if len(post.text) <= _MOST_CHARS else replace(post, text=post.text[:_MOST_CHARS])
        _remember(self._posts, place, short, most=_MOST_POSTS)

    def _answered(self, fresh: Sequence[Mention]) -> Mapping[Place, Mention]:
        """Return the own posts that the threads hang on, and those answered directly where they are at hand."""
        threads = {(mention.platform, mention.thread_id) for mention in fresh if mention.thread_id is not None}
        parents = {(mention.platform, mention.parent_id) for mention in fresh if mention.parent_id is not None}
        known = {place: self._posts[place] for place in threads | parents if place in self._posts}
        asked = [place for place in threads if place not in known and place not in self._strangers]
        if not asked:
            return known
        found = self._store.reads.own_posts_named(asked)
        for post in found.values():
            self._meet(post)
        for place in asked:
            if place not in found:
                _remember(self._strangers, place, None, most=_MOST_STRANGERS)
        return known | {place: self._posts.get(place, post) for place, post in found.items()}

    def _in_trouble(self) -> frozenset[Place]:
        """The desk tells at every tick; before its first one, the store is asked once."""
        if self._watched is None:
            live = self._store.incidents.live()
            self._watched = frozenset(incident.post for incident in live if incident.post is not None)
        return self._watched


def _remember(memory: dict[Place, _Kept], place: Place, kept: _Kept, *, most: int) -> None:
    """Put `kept` last, and drop what was put longest ago once there are too many."""
    memory.pop(place, None)
    memory[place] = kept
    if len(memory) > most:
        del memory[next(iter(memory))]
