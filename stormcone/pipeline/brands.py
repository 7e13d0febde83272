"""The brands under watch, each with its detectors and its ballot; made when first heard of.

Used by ingest and desk. A brand that the settings do not name gets the defaults. Holds state in memory only; see
restoring.py for how it comes back after a restart.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.brand_watch import BrandWatch
from analysis.verdicts import Judge
from analysis.voting import Ballot
from stormcone.config import Config


@dataclass(frozen=True, slots=True)
class WatchedBrand:
    """One brand's detectors and its ballot."""

    watch: BrandWatch
    ballot: Ballot


class Brands:
    """All brands, by name."""

    def __init__(self, config: Config, judge: Judge) -> None:
        self._config = config
        self._judge = judge
        self._brands: dict[str, WatchedBrand] = {}

    def get(self, name: str) -> WatchedBrand:
        """Return the brand, made now if it is new."""
        if name not in self._brands:
            watch = BrandWatch(
                self._config.brand_named(name),
                self._config.detector,
                self._judge,
                step_minutes=self._config.watch.bin_minutes,
            )
            self._brands[name] = WatchedBrand(watch, Ballot())
        return self._brands[name]

    @property
    def missed_history(self) -> bool:
        """True once a brand was told of a past too old to be learned on the way."""
        return any(brand.watch.missed_history for brand in self._brands.values())

    def forget_votes(self) -> None:
        """Empty every ballot, before the votes that are really stored are cast again; the detectors stay."""
        self._brands = {name: WatchedBrand(brand.watch, Ballot()) for name, brand in self._brands.items()}

    def forget(self) -> None:
        """Drop everything that was learned, before it is restored from a history that changed."""
        self._brands.clear()

    def __iter__(self) -> Iterator[WatchedBrand]:
        return iter(self._brands.values())
