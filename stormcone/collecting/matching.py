"""Which brands a public text mentions: by keyword, hashtag or handle.

For sources that deliver more than was asked for, or answer loosely (case, word parts). Pure; never judges a text.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from stormcone.ports import WatchedBrand

_WORD: Final = re.compile(r"\w+")


class Matcher:
    """Finds brands in texts; built once from the settings.

    A keyword counts as whole words, whatever their case; a hashtag also counts where the platform lists it apart.
    Only the brands of which a whole word stands in the text are looked at closely, so that a thousand brands cost
    hardly more than one.
    >>> find = Matcher([WatchedBrand(name="Acme", keywords=("acme tools",), hashtags=("AcmeDay",))]).brands_in
    >>> find("My ACME  Tools broke"), find("acme toolsmith"), find("so much fun #acmeday")
    (('Acme',), (), ('Acme',))
    """

    def __init__(self, brands: Sequence[WatchedBrand]) -> None:
        self._names = [brand.name for brand in brands]
        self._patterns = [pattern_of(brand) for brand in brands]
        self._by_word: defaultdict[str, list[int]] = defaultdict(list)
        self._by_hashtag: defaultdict[str, list[int]] = defaultdict(list)
        self._always: list[int] = []  # brands named by signs alone: no word could point to them
        for number, brand in enumerate(brands):
            self._index(number, brand)

    def brands_in(self, text: str, hashtags: Iterable[str] = ()) -> tuple[str, ...]:
        """Return the names of the brands a text mentions, in the order of the settings.

        Args: text: as the platform gave it. hashtags: without the #, where the platform lists them apart.
        """
        said = plain(text)
        candidates = set(self._always)
        for word in set(_WORD.findall(said)):
            if word in self._by_word:
                candidates.update(self._by_word[word])
        found = {number for number in candidates if self._is_named(number, said)}
        for tag in hashtags:
            found.update(self._by_hashtag.get(plain(tag.removeprefix("#")), ()))
        return tuple(dict.fromkeys(self._names[number] for number in sorted(found)))

    def _is_named(self, number: int, said: str) -> bool:
        pattern = self._patterns[number]
        return pattern is not None and pattern.search(said) is not None

    def _index(self, number: int, brand: WatchedBrand) -> None:
        for name in _names_of(brand):
            words: list[str] = _WORD.findall(plain(name))
            if words:
                self._by_word[max(words, key=len)].append(number)
            else:
                self._always.append(number)
        for tag in brand.hashtags:
            self._by_hashtag[plain(tag.removeprefix("#"))].append(number)


def pattern_of(brand: WatchedBrand) -> re.Pattern[str] | None:
    """Return one pattern for everything that names a brand in a `plain` text, or None where nothing does."""
    names = [rf"(?<!\w){_words(keyword)}(?!\w)" for keyword in brand.keywords if keyword.strip()]
    names += [rf"(?<![\w&])[#\uff03]{_words(tag.removeprefix('#'))}(?!\w)" for tag in brand.hashtags if tag.strip("# ")]
    names += [rf"(?<![\w.@])@{_words(handle)}(?![\w-])" for handle in brand.handles if handle]
    return re.compile("|".join(names)) if names else None


def plain(text: str) -> str:
    """Return a text without differences of case and of writing the same letter."""
    return unicodedata.normalize("NFKC", text).casefold()


def _names_of(brand: WatchedBrand) -> Iterator[str]:
    """Yield everything of which each run of letters and digits stands as a whole word in a text that it names."""
    yield from (keyword for keyword in brand.keywords if keyword.strip())
    yield from (tag.removeprefix("#") for tag in brand.hashtags if tag.strip("# "))
    yield from (handle for handle in brand.handles if handle)


def _words(phrase: str) -> str:
    return r"\s+".join(map(re.escape, plain(phrase).split()))
