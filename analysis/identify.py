"""Names the language of one text from its words alone, with one of two packages.

Used by analysis/language.py, which knows what stands around the text and has the last word. `eldc` (C) is taken where
it is installed; it has no wheels for some systems, and there `py3langid` (numpy) does the same work, slower and
somewhat less surely. Which one is at work is part of `name`. Never reads a tag, never inherits, never raises on a text.

Both know languages that are not configured. One of those is answered only if it beats the configured ones clearly, in
a text that is long enough or in a script none of them is written in: a film title must not turn Spanish into Catalan.

Thresholds were chosen on XED subtitles (5,896 texts in 15 languages, the first one, two and three words of each too):
of eldc's sure answers 99.4 % were right for single words, 99.9 % for two, 99.9 % for whole subtitles below 20 letters.
"""

import importlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.metadata import version
from types import ModuleType
from typing import Any, Final, Protocol

# Written forms and regional forms, which packages and platforms tell apart or not as they like.
SAME_LANGUAGE: Final[Mapping[str, str]] = {"nb": "no", "nn": "no", "ary": "ar", "arz": "ar", "wuu": "zh", "yue": "zh"}

_ENOUGH_LETTERS: Final = 20  # from here on 99.7 % of eldc's answers are right, whatever their margin
_FEW_LETTERS: Final = 4  # below, one chance hit decides
_LIKELY_LETTERS: Final = 8

_READ_LIMIT: Final = 300  # characters; more of them settle nothing
_UNREADABLE: Final = re.compile("[\x00\ud800-\udfff]")  # no encoder takes half a pair, and C stops reading at NUL
_HASHTAG: Final = re.compile(r"#\w+")
_PRODUCT: Final = re.compile(r"[a-z]+[A-Z]\w*")  # iPhone, eBay
_UPPER: Final = "A-Z" + "".join(letter for letter in map(chr, range(0xC0, 0x250)) if letter.isupper())
# A capital inside a sentence: a name in most languages, and any noun in German, which has words enough without.
_NAME: Final = re.compile(rf" (?<=[\w,;] )[{_UPPER}]\w+")
_WITHOUT_NAMES: Final = 12  # letters that have to be left; else the names are all there is
# With letters dressed up as mathematics, in which people write bold.
_LATIN: Final = re.compile(
    "[A-Za-z\u00aa\u00ba\u00c0-\u024f\u1e00-\u1eff\ufb00-\ufb06\uff21-\uff5a\U0001d400-\U0001d7ff]+"
)
_BRAND_WORD: Final = re.compile(r"\w{3,}")  # a shorter word of a brand's name is a word of some language, too


class Strength(StrEnum):
    """How far a guess carries: SURE by itself, LIKELY if nothing else is known, WEAK not at all."""

    SURE = "sure"
    LIKELY = "likely"
    WEAK = "weak"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What of a text may decide its language; `letters` in it, `is_latin` where most letters of the text are."""

    text: str
    letters: int
    is_latin: bool

    @property
    def has_accents(self) -> bool:
        """Whether any letter is not plain English; few languages have the same ones."""
        return not self.text.isascii() and any(letter.isalpha() and not letter.isascii() for letter in self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """The likeliest language of a text, None where the package knows none."""

    lang: str | None
    strength: Strength


NO_IDEA: Final = Guess(lang=None, strength=Strength.WEAK)


class Identifier(Protocol):
    """One package, restricted to some languages; may be asked from any thread."""

    name: str
    readable: frozenset[str]  # the configured languages that the package knows

    def guess(self, words: Words) -> Guess:
        """Return the likeliest language."""
        ...


class EldcIdentifier:
    """The package `eldc`: sums n-gram weights in C, 60 languages; scores lie between 0 and 1."""

    _SURE_SCORE = 0.8
    _SURE_GAP = 0.1
    _LONG_GAP = 0.05
    _FAIR_SCORE = 0.5
    _FAIR_GAP = 0.02
    _FOREIGN_GAP = 0.1  # 4 of 5,000 subtitles and posts with enough letters were sent abroad by it

    def __init__(self, languages: Sequence[str], package: ModuleType) -> None:
        package.init()  # does nothing the second time; in C from end to end, so no thread sees half of it
        self.name = f"eldc-{version('eldc')}"
        self.readable = frozenset(languages) & frozenset(package.LANGUAGES)
        self._ours: Any = package.instance()
        self._ours.set_languages(sorted(_require(self.readable, languages)))
        self._ours.set_scores(2)
        self._all: Any = package.instance()
        self._all.set_scores(1)

    def guess(self, words: Words) -> Guess:
        """Return the likeliest language; see Identifier."""
        ranked = [*self._ours.detect_details(words.text).scores.items()]
        lang, score = ranked[0] if ranked else (None, 0.0)
        if words.letters >= _ENOUGH_LETTERS or not words.is_latin:
            for foreign, foreign_score in self._all.detect_details(words.text).scores.items():
                if foreign not in self.readable and foreign_score - score >= self._FOREIGN_GAP:
                    return Guess(lang=foreign, strength=Strength.SURE)
        gap = score - (ranked[1][1] if len(ranked) > 1 else 0.0)
        return Guess(lang=lang, strength=self._strength(score, gap, words)) if lang else NO_IDEA

    def _strength(self, score: float, gap: float, words: Words) -> Strength:
        if words.letters < _FEW_LETTERS:
            return Strength.WEAK
        is_high = score >= self._SURE_SCORE
        if (words.letters >= _ENOUGH_LETTERS and gap >= self._LONG_GAP) or (is_high and gap >= self._SURE_GAP):
            return Strength.SURE
        is_fair = words.letters >= _LIKELY_LETTERS and score >= self._FAIR_SCORE and gap >= self._FAIR_GAP
        is_likely = is_fair or words.has_accents or (is_high and words.letters > _FEW_LETTERS)
        return Strength.LIKELY if is_likely else Strength.WEAK


class Py3LangidIdentifier:
    """The package `py3langid`: naive Bayes on byte n-grams, 139 languages; scores are shares of 1."""

    _SURE_SHARE = 0.7
    _LONG_SHARE = 0.5
    _FAIR_SHARE = 0.2
    _FOREIGN_RATIO = 7.0  # how much likelier; 5 of 5,000 subtitles and posts were sent abroad by it
    _KNOWS_NOTHING = 0.05  # all languages are about equally likely
    _NEGLIGIBLE = 0.002
    _NO_LANGUAGE = "zxx"
    _READS = 200  # characters; it takes time for each of them

    def __init__(self, languages: Sequence[str], package: ModuleType) -> None:
        self.name = f"py3langid-{version('py3langid')}"
        self._model: Any = package.LanguageIdentifier.from_model_file(package.MODEL_FILE, norm_probs=True)
        known = {SAME_LANGUAGE.get(label, label) for label in self._model.labels}
        self.readable = frozenset(languages) & known
        _require(self.readable, languages)

    def guess(self, words: Words) -> Guess:
        """Return the likeliest language; see Identifier."""
        ranked = self._model.rank(words.text[: self._READS].lower())
        first, first_share = SAME_LANGUAGE.get(ranked[0][0], ranked[0][0]), ranked[0][1]
        if first_share < self._KNOWS_NOTHING or first == self._NO_LANGUAGE:
            return NO_IDEA
        ours: dict[str, float] = {}
        for label, share in ranked:
            if ours and share < self._NEGLIGIBLE:
                break
            lang = SAME_LANGUAGE.get(label, label)
            if lang in self.readable:
                ours[lang] = ours.get(lang, 0.0) + share
        best = max(ours, key=lambda lang: ours[lang])
        if first not in self.readable and first_share >= self._FOREIGN_RATIO * ours[best]:
            is_clear = words.letters >= _ENOUGH_LETTERS or not words.is_latin
            return Guess(lang=first, strength=Strength.SURE) if is_clear else NO_IDEA
        return Guess(lang=best, strength=self._strength(ours[best] / sum(ours.values()), words))

    def _strength(self, share: float, words: Words) -> Strength:
        if words.letters < _FEW_LETTERS:
            return Strength.WEAK
        if share >= self._SURE_SHARE or (words.letters >= _ENOUGH_LETTERS and share >= self._LONG_SHARE):
            return Strength.SURE
        is_fair = words.letters >= _LIKELY_LETTERS and share >= self._FAIR_SHARE
        return Strength.LIKELY if is_fair or words.has_accents else Strength.WEAK


def words_of(text: str, brand: str) -> Words:
    """Return the words of a text that may decide its language.

    Hashtags, the brand's name and, where enough is left, all names are dropped: they are the same in every language.
    Of a text that is mostly in another script, its Latin letters are dropped; those are names, too.
    Args: text: anything, of any length.
    >>> words_of("az új Octavia borzalmas lett #ŠkodaFail", "Škoda")
    Words(text='az új  borzalmas lett  ', letters=17, is_latin=True)
    """
    kept = text[:_READ_LIMIT]
    if not (kept.isascii() and kept.isprintable()):
        kept = _UNREADABLE.sub(" ", kept)
    if "#" in kept:
        kept = _HASHTAG.sub(" ", kept)
    kept = _brand_words(brand).sub(" ", _PRODUCT.sub(" ", kept))
    letters = _letters_in(kept)
    if not kept.isascii():
        latin = len("".join(_LATIN.findall(kept)))
        if 2 * latin < letters:
            return Words(text=_LATIN.sub(" ", kept), letters=letters - latin, is_latin=False)
    if letters >= _WITHOUT_NAMES and not kept.isupper():
        nameless = _NAME.sub(" ", kept)
        rest = letters if nameless == kept else _letters_in(nameless)
        if rest >= _WITHOUT_NAMES:
            return Words(text=nameless, letters=rest, is_latin=True)
    return Words(text=kept, letters=letters, is_latin=True)


def _letters_in(text: str) -> int:
    return sum(map(str.isalpha, text))


@lru_cache(maxsize=1_000)
def _brand_words(brand: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, _BRAND_WORD.findall(brand))) or '(?!)'})\b", re.IGNORECASE)


def best_identifier(languages: Sequence[str]) -> Identifier:
    """Return eldc where it is installed, else py3langid.

    Args: languages: two-letter codes; those the package does not know are left out (see `readable`).
    Raises: ValueError: the package knows none of them. ImportError: neither is installed.
    """
    for identifier in installed_identifiers(languages):
        return identifier
    raise ImportError("no package that tells languages apart is installed; install py3langid")


def installed_identifiers(languages: Sequence[str]) -> Iterator[Identifier]:
    """Yield those that are installed, the better one first; each is loaded when its turn comes."""
    for module, make in (("eldc", EldcIdentifier), ("py3langid.langid", Py3LangidIdentifier)):
        try:
            package = importlib.import_module(module)  # by name, as neither publishes types
        except ImportError:
            continue
        yield make(languages, package)


def _require(readable: frozenset[str], languages: Sequence[str]) -> frozenset[str]:
    if not readable:
        raise ValueError(f"no text can be told to be in any of {list(languages)}; name languages such as 'en' or 'hu'")
    return readable
