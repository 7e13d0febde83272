"""Invented crowds for the tests of company and kinds: natural pile-ons, arranged waves, reposts. Small and seeded.

Nobody real ever wrote any of this. Never imports what it is used to judge.
"""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta

from stormcone.models import ScoredMention
from tests.fakes import at, make_mention, make_scored

SCRIPT = "Tallow and Finch poisons its customers, do not buy their bread, share this before they delete it"
SYNONYMS = {"buy": "purchase", "share": "spread", "delete": "remove", "customers": "guests", "bread": "loaves"}
EMOJI = ("🔥", "🚫", "‼️", "👎", "😡", "🤬", "📢", "")
OPENERS = ("honestly", "wow", "so", "i mean", "great job", "oh lovely", "cool", "sure", "right", "imagine", "ok but")
THINGS = ("the photo", "that caption", "this post", "the joke", "the timing", "your apology", "the filter", "this ad")
FEELINGS = (
    "made my grandmother cry", "is exactly what the week needed", "will age like milk in the sun", "says it all really",
    "got past eleven people somehow", "is a new low even for bakers", "deserves a prize for bad taste",
    "has to be a dare", "reminds me why i bake at home", "was surely written by a spoon",
)  # fmt: skip
ENDINGS = (
    "and nobody in the room said no", "while the mill is still under water", "but please do go on",
    "what a time to be alive",
    "my cat has better judgement", "i will be telling my book club", "on a monday of all days", "take it down", "shame",
)  # fmt: skip
SHORT = ("delete this", "shame on you", "who approved this?", "you should be ashamed of yourselves", "read the room")


def said(
    text: str,
    author: str | None,
    seconds: float,
    *,
    hostility: float = 0.75,
    age_days: float | None = None,
    is_copy: bool = False,
    platform: str = "x",
    thread: str | None = None,
) -> ScoredMention:
    """Return a free mention, so many seconds after AT."""
    posted_at = at(seconds / 60)
    mention = make_mention(
        f"{author}-{seconds}",
        platform=platform,
        text=text,
        author=author,
        posted_at=posted_at,
        seen_at=posted_at,
        parent_id=thread,
        root_id=thread,
        author_created_at=None if age_days is None else posted_at - timedelta(days=age_days),
    )
    return make_scored(mention, hostility=hostility, is_copy=is_copy)


def edited(text: str, rng: random.Random, *, edits: int = 2) -> str:
    """Return a text with light edits: a synonym, a typo or another case; always other emoji and hashtags."""
    words = text.split()
    for place in rng.sample(range(len(words)), edits):
        word = words[place].strip(",")
        if word in SYNONYMS:
            words[place] = SYNONYMS[word]
        elif len(word) > 3:
            cut = rng.randrange(1, len(word) - 1)
            words[place] = word[:cut] + word[cut + 1 :]
        else:
            words[place] = word.upper()
    return f"{rng.choice(EMOJI)} {' '.join(words)}{rng.choice(EMOJI)} #no{rng.randrange(1000)}"


def natural(rng: random.Random, people: int = 150, *, minutes: float = 40) -> list[ScoredMention]:
    """Return a sarcastic pile-on: short phrases that many say, and sentences of everybody's own making."""
    crowd = []
    for number in range(people):
        own = f"{rng.choice(OPENERS)} {rng.choice(THINGS)} {rng.choice(FEELINGS)} {rng.choice(ENDINGS)}"
        text = rng.choice(SHORT) if rng.random() < 0.3 else own
        hostility = 0.75 if rng.random() < 0.6 else 0.25
        crowd.append(
            said(
                text,
                f"person {number}",
                rng.uniform(0, 60 * minutes),
                hostility=hostility,
                age_days=rng.uniform(20, 4000),
            )
        )
    return in_order(crowd)


def arranged(
    rng: random.Random,
    people: int = 60,
    *,
    minutes: float = 20,
    edits: int = 2,
    age_days: float | None = None,
    script: str = SCRIPT,
    hostility: float = 0.75,
) -> list[ScoredMention]:
    """Return a wave of accounts that post a lightly edited script."""
    wave = [
        said(
            edited(script, rng, edits=edits),
            f"account {number}",
            rng.uniform(0, 60 * minutes),
            hostility=hostility,
            age_days=age_days,
        )
        for number in range(people)
    ]
    return in_order(wave)


def in_order(mentions: Iterable[ScoredMention]) -> list[ScoredMention]:
    return sorted(mentions, key=posted_at)


def posted_at(scored: ScoredMention) -> datetime:
    return scored.mention.posted_at
