"""What one poll of Reddit has gathered so far, and whether it may go on: shared by its steps, thrown away with it.

A failure of one place or request is noted and the poll goes on; a source that does not answer, refuses us or asks for
patience ends it. Never talks to Reddit.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, TypeVar

from collectors._reddit_brands import Attribution, Records
from collectors._reddit_client import PLATFORM, BoundsReached, Closed, RedditClient, Unreachable
from collectors._reddit_items import Thing
from collectors._reddit_walks import RedditCursor, ThreadState
from stormcone.collecting import Stretch
from stormcone.errors import CollectError, RateLimited, Refused
from stormcone.models import Batch, Gap, Skip
from stormcone.ports import StoredPost

_MOST_STRETCHES: Final = 50
_MOST_THREADS: Final = 500
_MOST_FAILURES: Final = 5  # named in one line

Result = TypeVar("Result")


class Notes:
    """The memory of one poll. submissions: those seen, with their newest counts. own: the brand's posts by name.

    brands_below: fullname -> brands whose matter everything below it is.
    """

    def __init__(
        self, client: RedditClient, attribution: Attribution, own: dict[str, StoredPost], now: datetime
    ) -> None:
        self._client = client
        self.now = now
        self.own = own
        self.records = Records(attribution, now)
        self.submissions: dict[str, Thing] = {}
        self.brands_below = {name: frozenset({post.brand}) for name, post in own.items()}
        self.marks: dict[str, datetime] = {}
        self.threads: dict[str, ThreadState] = {}
        self.stretches: list[Stretch] = []
        self.skipped: list[Skip] = []
        self.gaps: list[Gap] = []
        self.filled: list[Gap] = []
        self._attribution = attribution
        self._failures: list[CollectError] = []
        self._is_over = False
        self._has_answer = False

    def attempt(self, step: Callable[[], Result], otherwise: Result) -> Result:
        """Return what a step returns; `otherwise` where it fails or the poll is over."""
        if self._is_over:
            return otherwise
        sent = self._client.requests_sent
        try:
            result = step()
        except (BoundsReached, CollectError) as error:
            self.stop_at(error)
            return otherwise
        self._has_answer = self._has_answer or self._client.requests_sent > sent
        return result

    def stop_at(self, error: Exception | None) -> None:
        """Note what stopped a step, None: nothing did."""
        if isinstance(error, CollectError):
            self._failures.append(error)
        self._is_over = self._is_over or isinstance(error, BoundsReached | RateLimited | Refused | Unreachable)

    def see(self, thing: Thing) -> None:
        """Take a thing in. What stands below a submission that a brand wrote, or is titled with, is its matter."""
        if thing.is_submission:
            self.submissions[thing.name] = thing
            own = frozenset(self._attribution.posted_by(thing.author))
            about = own or frozenset(self._attribution.named_in(thing.title))
            self.brands_below[thing.name] = self.brands_below.get(thing.name, frozenset()) | about
        elif thing.parent in self.brands_below:
            self.brands_below[thing.name] = (
                self.brands_below.get(thing.name, frozenset()) | self.brands_below[thing.parent]
            )
        self.records.see(thing, self.brands_below)

    def leave(self, stretch: Stretch) -> None:
        """Note a stretch that is left for later polls, and the gap that it is until then."""
        self.stretches.append(stretch)
        self.gaps.append(stretch.gap(PLATFORM))

    def batch(self, cursor: RedditCursor) -> Batch:
        """Return everything. Raises: RateLimited, Refused, CollectError: nothing came at all."""
        failure = self._worst()
        if failure is not None and not self._has_answer and not self.records.mentions:
            raise failure.after(self._client.requests_sent)
        newest = sorted(self.threads.items(), key=lambda item: item[1].read_at)[-_MOST_THREADS:]
        stretches = sorted(self.stretches, key=lambda each: each.started_at)[-_MOST_STRETCHES:]
        kept = cursor.model_copy(update={"marks": self.marks, "threads": dict(newest), "stretches": tuple(stretches)})
        return Batch(
            mentions=self.records.mentions,
            engagements=self.records.engagements,
            checks=self.records.checks,
            edits=self.records.edits,
            gaps=tuple(self.gaps),
            filled=tuple(self.filled),
            skipped=tuple(self.skipped),
            cursor=kept.written(),
            requests=self._client.requests_sent,
            throttle_until=self._client.pause_until or self._asked_until(),
            is_saturated=bool(self.gaps),
            trouble=self._trouble(),
        )

    def _worst(self) -> CollectError | None:
        """Return the failure that says most: patience, then a refusal, then places all closed, then anything."""
        for kind in (RateLimited, Refused, Unreachable):
            found = next((each for each in self._failures if isinstance(each, kind)), None)
            if found is not None:
                return found
        if self._failures and all(isinstance(each, Closed) for each in self._failures):
            return Refused(PLATFORM, self._trouble() or "", remedy="nothing that is asked for is open to this key")
        return self._failures[0] if self._failures else None

    def _asked_until(self) -> datetime | None:
        seconds = [each.retry_after_seconds for each in self._failures if isinstance(each, RateLimited)]
        return self.now + timedelta(seconds=seconds[0]) if seconds and seconds[0] is not None else None

    def _trouble(self) -> str | None:
        told = dict.fromkeys(str(each).removeprefix(f"{PLATFORM}: ") for each in self._failures)
        named = list(told)[:_MOST_FAILURES]
        more = [f"and {len(told) - len(named)} more"] if len(told) > len(named) else []
        return "; ".join(named + more) or None
