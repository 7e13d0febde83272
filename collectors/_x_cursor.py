"""How far collectors/x.py has come: marks of its walks, threads it watches, accounts it knows, gaps it owes.

Travels as JSON through the store. Holds ids, handles and times only; never a text or a key.
"""

from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from stormcone.collecting import Cursor, Stretch

THREAD_DAYS: Final = 6.9  # X searches seven days back; a little less, because clocks differ
_RESTLESS: Final = timedelta(minutes=5)  # search shows a reply half a minute after its count, late ones after two more
_YOUNG: Final = timedelta(hours=2)
_FRESH: Final = timedelta(hours=24)
_PAUSE_FRESH: Final = timedelta(minutes=5)
_PAUSE_OLD: Final = timedelta(hours=1)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Mark(_Part):
    """How far a walk has come. post_id: of the newest post seen. walked_at: when the walk was last completed."""

    post_id: int
    walked_at: datetime


class Thread(_Part):
    """The thread of an own post. answers: replies and quotes by X's own count; more of them make it restless."""

    brand: str
    account: str
    posted_at: datetime
    mark: int
    versions: tuple[str, ...]
    answers: int = 0
    looked_at: datetime | None = None
    restless_until: datetime | None = None

    def is_watched(self, now: datetime) -> bool:
        """Tell whether X still finds its answers."""
        return now - self.posted_at < timedelta(days=THREAD_DAYS)

    def is_due(self, now: datetime, *, is_hot: bool) -> bool:
        """Tell whether its answers are to be searched: at each poll while young, hot or restless, else more rarely."""
        age = now - self.posted_at
        if is_hot or self.looked_at is None or age < _YOUNG or (self.restless_until and now < self.restless_until):
            return True
        return now - self.looked_at >= (_PAUSE_FRESH if age < _FRESH else _PAUSE_OLD)

    def seen(self, *, answers: int | None, versions: tuple[str, ...], now: datetime) -> "Thread":
        """Return the thread after its post was read again."""
        changes: dict[str, object] = {"versions": max(versions, self.versions, key=len)}
        if answers is not None and answers != self.answers:
            changes["answers"] = answers
            if answers > self.answers:
                changes["restless_until"] = now + _RESTLESS
        return self.model_copy(update=changes)


class Stranger(_Part):
    """A hot thread that hangs on a post of somebody else. mark: id of the newest answer seen."""

    brand: str
    mark: int
    hot_until: datetime


class Unknown(_Part):
    """A handle that X does not know, or does not show: what it says, and when it was asked."""

    asked_at: datetime
    said: str


class XCursor(Cursor):
    """The cursor of collectors.x.

    accounts: lower-case handle -> id. owner: id of the account whose token we use, "" where it has none, None before
    it was asked. held: endpoint -> until when its requests are used up. pauses: polls in a row that met a 429 without
    a time. first_step: the step that met a refusal and is tried before all others. paused: gaps while only counts
    could be paid for. checked_day, checks_billed: look-ups of others' posts that cost money, on that UTC day.
    strangers_day, strangers_billed: likewise, what was read below others' posts.
    """

    accounts: dict[str, str] = Field(default_factory=dict)
    unknown: dict[str, Unknown] = Field(default_factory=dict)
    owner: str | None = None
    marks: dict[str, Mark] = Field(default_factory=dict)
    threads: dict[str, Thread] = Field(default_factory=dict)
    stretches: tuple[Stretch, ...] = ()
    held: dict[str, datetime] = Field(default_factory=dict)
    liked: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    liked_at: datetime | None = None
    counted_at: datetime | None = None
    checked_day: str = ""
    checks_billed: int = 0
    strangers: dict[str, Stranger] = Field(default_factory=dict)
    strangers_day: str = ""
    strangers_billed: int = 0
    pauses: int = 0
    first_step: str | None = None
    paused: tuple[Stretch, ...] = ()
    polled_at: datetime | None = None
