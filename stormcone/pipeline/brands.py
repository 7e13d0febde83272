"""The brands under watch, each with its detectors and its ballot; made when first heard of.

Used by ingest and desk. A brand that the settings do not name gets the defaults. Holds state in memory only; see
restoring.py for how it comes back after a restart.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from analysis.background_feed import BackgroundFeed
from analysis.brand_watch import BrandWatch
from analysis.verdicts import Judge
from analysis.voting import Ballot
from stormcone.config import BrandSettings, Config


@dataclass(frozen=True, slots=True)
class WatchedBrand:
    """One brand's detectors, its ballot, and what feeds its background."""

    watch: BrandWatch
    ballot: Ballot
    feed: BackgroundFeed


class Brands:
    """All brands, by name."""

    def __init__(self, config: Config, judge: Judge) -> None:
        self._config = config
        self._judge = judge
        self._brands: dict[str, WatchedBrand] = {}

    def get(self, name: str) -> WatchedBrand:
        """Return the brand, made now if it is new."""
        if name not in self._brands:
            settings = self._config.brand_named(name)
            watch = BrandWatch(
                settings,
                self._config.detector,
                self._judge,
                step_minutes=self._config.watch.bin_minutes,
                competitors=[self._config.brand_named(each) for each in settings.competitors],
            )
            self._brands[name] = WatchedBrand(watch, Ballot(), BackgroundFeed(brand_words=_words_of(settings)))
        return self._brands[name]

    def apart(self) -> "Brands":
        """Return an empty registry with the same rules, for what must not be seen beside the brands under watch."""
        return Brands(self._config, self._judge)

    @property
    def missed_history(self) -> bool:
        """True once a brand was told of a past too old to be learned on the way."""
        return any(brand.watch.missed_history for brand in self._brands.values())

    def note_incidents(self, live: Collection[str]) -> None:
        """Learn which brands have a live incident: meanwhile what is said against them is no background."""
        for name, brand in self._brands.items():
            brand.feed.note_incident(is_live=name in live)

    def forget_votes(self) -> None:
        """Empty every ballot, before the votes that are really stored are cast again; the detectors stay.

        Who has spoken is still known: that somebody did so at an instant is as true where the row was not stored.
        """
        self._brands = {
            name: replace(brand, ballot=Ballot(brand.ballot.authors)) for name, brand in self._brands.items()
        }

    def forget(self) -> None:
        """Drop everything that was learned, before it is restored from a history that changed."""
        self._brands.clear()

    def __iter__(self) -> Iterator[WatchedBrand]:
        return iter(self._brands.values())


def _words_of(settings: BrandSettings) -> tuple[str, ...]:
    """Return the words that every mention of a brand holds anyway."""
    handles = (account.handle for account in settings.accounts)
    return (settings.name, *settings.keywords, *settings.hashtags, *handles)
