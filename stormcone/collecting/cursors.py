"""Where the next poll of a source continues: a small record that travels as JSON through the store.

Base of every collector's own cursor. Written with the batch it belongs to, in one transaction; never holds a text, an
author or a secret. A cursor that cannot be read is named and replaced by an empty one: the overlap of the next walk
and the store's keys see to it that nothing comes twice.
"""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from stormcone.models import Gap, Skip


class Stretch(BaseModel):
    """A part of the past that a walk left out and a later poll fills. token: where the platform lets it go on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    started_at: datetime
    ended_at: datetime
    brand: str | None = None  # None: every brand of the platform
    token: str | None = None
    place: str = ""  # which of the source's walks left it: "search", "r/acme"

    def gap(self, platform: str) -> Gap:
        """Return the gap that people and detectors see."""
        return Gap(
            platform=platform,
            brand=self.brand,
            started_at=self.started_at,
            ended_at=self.ended_at,
            place=self.place,
        )


class Cursor(BaseModel):
    """Base of a collector's cursor; its fields have defaults, so that an empty one is a first poll.

    >>> class Feed(Cursor):
    ...     newest: str | None = None
    >>> Feed(newest="7").written()
    '{"newest":"7"}'
    >>> Feed.read("feed", '{"newest":"7"}')
    (Feed(newest='7'), ())
    >>> Feed.read("feed", "???")[1][0].place
    'cursor of collectors.feed'
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    @classmethod
    def read(cls, platform: str, written: str | None) -> tuple[Self, tuple[Skip, ...]]:
        """Return the cursor, and one Skip where it cannot be read and an empty one stands in."""
        if written is None:
            return cls(), ()
        try:
            return cls.model_validate_json(written), ()
        except ValidationError:
            reason = "is not one this collector wrote; the source is walked from its start again"
            return cls(), (Skip(place=f"cursor of collectors.{platform}", reason=reason),)

    def written(self) -> str:
        """Return the cursor as text for the store."""
        return self.model_dump_json(exclude_defaults=True)
