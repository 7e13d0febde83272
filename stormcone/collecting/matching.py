"""Which brands a public text mentions: by keyword, hashtag or handle.

For sources that deliver more than was asked for, or answer loosely (case, word parts). Pure; never judges a text.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from stormcone.ports import WatchedBrand


class Matcher:
    """Finds brands in texts; built once from the settings.

    A keyword counts as whole words, whatever their case; a hashtag also counts where the platform lists it apart.
    >>> find = Matcher([WatchedBrand(name="Acme", keywords=("acme tools",), hashtags=("AcmeDay",))]).brands_in
    >>> find("My ACME  Tools broke"), find("acme toolsmith"), find("so much fun #acmeday")
    (('Acme',), (), ('Acme',))
    """

    def __init__(self, brands: Sequence[WatchedBrand]) -> None:
        self._patterns = [(brand.name, pattern) for brand in brands if (pattern := _pattern(brand)) is not None]
        self._hashtags = [(brand.name, {_plain(tag.removeprefix("#")) for tag in brand.hashtags}) for brand in brands]

    def brands_in(self, text: str, hashtags: Iterable[str] = ()) -> tuple[str, ...]:
        """Return the names of the brands a text mentions, in the order of the settings.

        Args: text: as the platform gave it. hashtags: without the #, where the platform lists them apart.
        """
        plain, given = _plain(text), {_plain(tag.removeprefix("#")) for tag in hashtags}
        found = {name for name, pattern in self._patterns if pattern.search(plain)}
        found |= {name for name, tags in self._hashtags if not given.isdisjoint(tags)}
        return tuple(name for name, _ in self._hashtags if name in found)


def _pattern(brand: WatchedBrand) -> re.Pattern[str] | None:
    """Return one pattern for everything that names a brand, or None where nothing does."""
    names = [rf"(?<!\w){_words(keyword)}(?!\w)" for keyword in brand.keywords if keyword.strip()]
    names += [rf"(?<![\w&])[#\uff03]{_words(tag.removeprefix('#'))}(?!\w)" for tag in brand.hashtags if tag.strip("# ")]
    names += [rf"(?<![\w.@])@{_words(handle)}(?![\w-])" for handle in brand.handles if handle]
    return re.compile("|".join(names)) if names else None


def _words(phrase: str) -> str:
    return r"\s+".join(map(re.escape, _plain(phrase).split()))


def _plain(text: str) -> str:
    """Return a text without differences of case and of writing the same letter."""
    return unicodedata.normalize("NFKC", text).casefold()
