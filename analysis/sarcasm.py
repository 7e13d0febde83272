"""Finds praise that is none, by how a text is built: what stands beside the praise gives it away.

Under the hostility reader. Names what it finds after rows of cue_tables/any.toml, which hold group and weight. Never
raises on a text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from analysis.cues import CueGroup, CueTables, Signs

BESIDE_CUE: Final = "praise beside a cue"
BESIDE_BAD_NEWS: Final = "praise beside bad news"
BESIDE_TROUBLE: Final = "praise beside trouble"
BESIDE_LINK: Final = "link beside praise"
WITH_BUT: Final = "praise with a but"
WITH_MOCKING: Final = "praise with a mocking emoji"
QUOTES_POST: Final = "quotes the post"
SCARE_QUOTES: Final = "scare quotes"
SLOW_CLAP: Final = "slow clap"
BAD_NEWS_HERE: Final = "bad news at the brand's door"
STRUCTURES: Final = (
    BESIDE_CUE,
    BESIDE_BAD_NEWS,
    BESIDE_TROUBLE,
    BESIDE_LINK,
    WITH_BUT,
    WITH_MOCKING,
    QUOTES_POST,
    SCARE_QUOTES,
    SLOW_CLAP,
    BAD_NEWS_HERE,
)

# Rows of weight 0, which only sharpen others, and emoji that turn praise round.
BAD_NEWS: Final = "bad news"
CONTRAST: Final = "contrast"
_MOCKING: Final = frozenset({"clown emoji", "sarcastic smile", "eye roll", "not believed"})

_POSITIVE: Final = 0.5
_CLEAR: Final = 0.3  # from this weight on, a cue turns praise beside it into sarcasm
_MARKS: Final = '"\u201c\u201d\u201e\u00ab\u00bb'  # the cleaning makes curly single ones straight
_QUOTED: Final = re.compile(rf"[{_MARKS}]([^{_MARKS}]{{2,80}})[{_MARKS}]|(?<!\w)'(\w[\w -]{{1,40}})'(?!\w)")
_CLAPPED: Final = re.compile(r"\w\s?👏\s?\w+\s?👏")
_WORDS: Final = re.compile(r"\w+(?:'\w+)?")
_CONTENT_LETTERS: Final = 4  # shorter words are mostly grammar, in any language
_QUOTE_WORDS: Final = 3
_SCARE_WORDS: Final = 3
_POSTS_REMEMBERED: Final = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One text and what is known around it.

    text: as `for_scoring` returns it. words: its words in lower case. signs: of the cue tables. context: names of their
    rows of weight 0. post_text: of the own post it answers.
    """

    text: str
    words: tuple[str, ...]
    signs: Signs
    context: frozenset[str]
    has_praise: bool
    is_addressed: bool
    is_of_oneself: bool
    is_denying: bool
    virtues: frozenset[str]
    p_negative: float
    p_positive: float
    is_reply: bool
    has_link: bool
    post_text: str | None

    @classmethod
    def of(
        cls,
        text: str,
        *,
        tables: CueTables,
        language: str | None,
        p_negative: float,
        p_positive: float,
        is_reply: bool,
        has_link: bool,
        post_text: str | None,
    ) -> "Scene":
        """Return the scene of a text; the arguments are those of HostilityReader.read."""
        words = tuple(_WORDS.findall(text.casefold()))
        signs, lists = tables.signs(text, language), tables.words(language)
        return cls(
            text=text,
            words=words,
            signs=signs,
            context=frozenset(cue.name for cue in signs.cues if not cue.weight),
            has_praise=p_positive >= _POSITIVE or not lists.praise.isdisjoint(words),
            is_addressed=not lists.addressed.isdisjoint(words),
            is_of_oneself=not lists.first_person.isdisjoint(words),
            is_denying=not lists.negations.isdisjoint(words),
            virtues=lists.virtues | lists.praise,
            p_negative=p_negative,
            p_positive=p_positive,
            is_reply=is_reply,
            has_link=has_link,
            post_text=post_text,
        )


def structures(scene: Scene) -> Iterator[str]:
    """Yield the names of the structures of sarcasm found in a text."""
    if scene.is_reply or scene.is_addressed:
        yield from _praise_beside(scene)
    if scene.is_reply and BAD_NEWS in scene.context and not (scene.has_praise or scene.signs.friends):
        yield BAD_NEWS_HERE
    quoted = [(a or b).casefold() for a, b in _QUOTED.findall(scene.text)]
    if scene.post_text and _quotes(scene, quoted, scene.post_text):
        yield QUOTES_POST
    if quoted and _is_scared(scene, quoted):
        yield SCARE_QUOTES
    if "👏" in scene.text and _CLAPPED.search(scene.text):
        yield SLOW_CLAP


def _praise_beside(scene: Scene) -> Iterator[str]:
    if not scene.has_praise:
        return
    cues = [cue for cue in scene.signs.cues if cue.weight >= _CLEAR and cue.group is not CueGroup.SERVICE]
    is_bad_news = BAD_NEWS in scene.context
    if cues and not scene.signs.friends:
        yield BESIDE_CUE
    if is_bad_news or any(cue.group is CueGroup.OUTRAGE for cue in cues):
        yield BESIDE_BAD_NEWS
    if any(cue.group is CueGroup.SERVICE for cue in scene.signs.cues):
        yield BESIDE_TROUBLE
    if CONTRAST in scene.context and scene.is_addressed:
        yield WITH_BUT
    if any(cue.name in _MOCKING for cue in scene.signs.cues):
        yield WITH_MOCKING
    if scene.has_link and scene.is_reply and (cues or is_bad_news or CONTRAST in scene.context):
        yield BESIDE_LINK


def _quotes(scene: Scene, quoted: Sequence[str], post_text: str) -> bool:
    post_words, post_runs = _content_of_post(post_text)
    for each in quoted:
        words = _WORDS.findall(each)
        if len(words) > 1 and " ".join(words) in post_words:
            return True
    content = _content(scene.words)
    found = [run for run in _runs(content) if run in post_runs]
    is_copy = len(found) + _QUOTE_WORDS - 1 >= len(content)  # somebody shares the post, and adds nothing
    return bool(found) and not is_copy


def _is_scared(scene: Scene, quoted: Sequence[str]) -> bool:
    of_post = frozenset(_WORDS.findall(scene.post_text.casefold())) if scene.post_text else frozenset()
    for each in quoted:
        words = _WORDS.findall(each)
        if 0 < len(words) <= _SCARE_WORDS and not (
            scene.virtues.isdisjoint(words) and of_post.isdisjoint(_content(words))
        ):
            return True
    return False


@lru_cache(maxsize=_POSTS_REMEMBERED)
def _content_of_post(post_text: str) -> tuple[str, frozenset[tuple[str, ...]]]:
    words = _WORDS.findall(post_text.casefold())
    return " ".join(words), frozenset(_runs(_content(words)))


def _content(words: Sequence[str]) -> list[str]:
    return [word for word in words if len(word) >= _CONTENT_LETTERS]


def _runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(words[start : start + _QUOTE_WORDS]) for start in range(len(words) - _QUOTE_WORDS + 1))
