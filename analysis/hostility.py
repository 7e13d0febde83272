"""How hostile a text is, and by which signs: cues, swear words, and praise that is none.

Beside sentiment, on the cleaned text, with what is known around it. Friendly counter-signs take weight away again ("who
approved this? give them a raise"). Never looks at who wrote, never raises on a text.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Final

from analysis.cues import Cue, CueGroup, CueHits, CueTables, heaviest, primary
from analysis.profanity import Profanity, Swearing
from analysis.sarcasm import BAD_NEWS, CONTRAST, STRUCTURES, Scene, structures

_SWORN: Final = "profanity"
_SWORN_IN_ANGER: Final = "profanity in anger"
_SWORN_AT_BRAND: Final = "profanity at the brand"
_SLUR: Final = "slur"

_NEGATIVE: Final = 0.5
_LEFT_BY_FRIENDS: Final = 0.08  # of a cue's weight, however friendly the text
_TAKEN_BY_WARMTH: Final = 0.7  # of a cue's weight, by the warmest tone
_LONG_REPLY: Final = 20  # words
_NAMED: Final = 0.2
_FAINT: Final = 0.15  # the most that tone adds without any sign: it ranks texts, it never makes one hostile


class HostilityReader:
    """Reads hostility off texts, in several languages.

    >>> reader = HostilityReader.load(["en"])
    >>> hits = reader.read("Wow, amazing. Who approved this? 🙃", language="en", p_negative=0.1, p_positive=0.7,
    ...     is_reply=True, has_link=False, post_text="Meet our new bottle")
    >>> hits.names
    ('who approved this', 'sarcastic smile', 'praise beside a cue', 'praise with a mocking emoji')
    >>> hits.hostility > 0.5
    True
    """

    def __init__(self, tables: CueTables) -> None:
        self._tables = tables
        self._rows = {name: tables.cue(name) for name in (*STRUCTURES, _SWORN, _SWORN_IN_ANGER, _SWORN_AT_BRAND, _SLUR)}

    @classmethod
    def load(cls, languages: Iterable[str]) -> "HostilityReader":
        """Return the reader for some languages, by codes such as "en" or "pt-BR"; English always comes along.

        Raises: ConfigError: a row of a cue table is wrong or missing.
        """
        return cls(CueTables.load(languages))

    def group_of(self, name: str) -> CueGroup | None:
        """Return the group of a sign, by the name that scores carry; None for a name nobody gives."""
        return self._tables.group_of(name)

    def read(
        self,
        text: str,
        *,
        language: str | None,
        p_negative: float,
        p_positive: float,
        is_reply: bool,
        has_link: bool,
        post_text: str | None,
    ) -> CueHits:
        """Return how hostile a text is, with the names of the signs that make it so.

        Args: text: as `for_scoring` returns it. language: its code, None where nobody knows. p_negative, p_positive:
            what the model of polarity says, 0..1. is_reply: it answers somebody. has_link: the text as written holds
            one. post_text: of the brand's own post it answers, as `for_scoring` returns it.
        Returns: hostility 0..1. Below 0.2 nothing is named but trouble with the product: it comes from tone, or from
            words a friend has used as well.
        """
        scene = Scene.of(
            text,
            tables=self._tables,
            language=language,
            p_negative=p_negative,
            p_positive=p_positive,
            is_reply=is_reply,
            has_link=has_link,
            post_text=post_text,
        )
        cues = heaviest(cue for cue in scene.signs.cues if cue.weight)
        for name in (*structures(scene), *self._swearing(scene, language)):
            cues.setdefault(name, self._rows[name])
        hostility = _joint(tuple(cues.values()), scene)
        named = [cue for cue in cues.values() if hostility >= _NAMED or cue.group is CueGroup.SERVICE]
        shown = CueHits.of(named)
        return CueHits(hostility=hostility, names=shown.names, groups=shown.groups)

    @staticmethod
    def _swearing(scene: Scene, language: str | None) -> Sequence[str]:
        found = Profanity.of(primary(language) if language else None).find(scene.text)
        if found is Swearing.NONE:
            return ()
        if found is Swearing.SLUR:
            return (_SLUR,)
        if scene.p_negative < _NEGATIVE or scene.p_positive > scene.p_negative or scene.signs.friends:
            return (_SWORN,)
        return (_SWORN_AT_BRAND if scene.is_addressed else _SWORN_IN_ANGER,)


def _joint(cues: Sequence[Cue], scene: Scene) -> float:
    """Return the joint weight of cues, less what friendly counter-signs and a warm tone take."""
    coldness = 1 / (1 + math.exp(_warmth(scene)))
    left = math.prod(1 - friend.strength for friend in scene.signs.friends)
    left = max(_LEFT_BY_FRIENDS, left * (1 - _TAKEN_BY_WARMTH * max(0.0, 1 - 2 * coldness)))
    calm = 1 - (_FAINT * coldness if scene.words else 0.0)
    for cue in cues:
        calm *= 1 - cue.weight * _kept(cue, left)
    return 1 - calm


def _kept(cue: Cue, left: float) -> float:
    if cue.group is CueGroup.THREAT:
        return 1.0
    return math.sqrt(left) if cue.group is CueGroup.OUTRAGE or cue.name in STRUCTURES else left


def _warmth(scene: Scene) -> float:
    """Return how warm the tone is: who praises, thanks or tells of himself at some length is seldom hostile.

    The weights are rounded from a logistic regression on the invented replies of the tests; 0 is as likely as not.
    """
    return (
        0.7 * scene.has_praise
        + 0.5 * scene.is_of_oneself
        + 1.5 * bool(scene.signs.friends)
        + 0.4 * ("!" in scene.text)
        + 1.0 * (scene.p_positive - scene.p_negative)
        + 0.05 * min(len(scene.words), _LONG_REPLY)
        - 1.5 * (BAD_NEWS in scene.context)
        - 0.5 * (CONTRAST in scene.context)
        - 0.5 * scene.is_denying
        - 0.5 * scene.text.endswith(".")
        - 1.0 * scene.is_reply
    )
