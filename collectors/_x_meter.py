"""What one poll of X may still ask for, and what it has cost so far.

Asked before every request of collectors/x.py. Prices are X's of 2026; the same thing read twice on one UTC day is
billed once, so what this process has read today is remembered: to estimate, never to decide what was collected.
"""

from datetime import datetime
from typing import Final

from stormcone.clock import Clock
from stormcone.models import BilledRead
from stormcone.ports import Allowance, Thrift

POST_USD: Final = 0.005
OWNED_POST_USD: Final = 0.001  # own posts and mentions of the account that owns the developer app
USER_USD: Final = 0.010
COUNT_USD: Final = 0.005  # a request, whatever it counts
_MOST_REMEMBERED: Final = 200_000  # things of a day, about 20 MB


class EnoughError(Exception):
    """Nothing more may be asked of one endpoint (`is_final` false), or of X at all in this poll.

    is_trouble: a person should know; an allowance that is used up is no trouble, it is what was wanted.
    """

    def __init__(self, reason: str, *, is_final: bool = True, is_trouble: bool = True) -> None:
        super().__init__(reason)
        self.is_final, self.is_trouble = is_final, is_trouble


class ReadToday:
    """Things this process has paid for on the current UTC day."""

    def __init__(self) -> None:
        self._day = ""
        self._things: set[str] = set()

    def knows(self, thing: str) -> bool:
        """Tell whether reading `thing` again costs nothing more today."""
        return thing in self._things

    def add(self, thing: str, now: datetime) -> bool:
        """Remember `thing`; return whether it is the first time today."""
        day = now.date().isoformat()
        if day != self._day or len(self._things) >= _MOST_REMEMBERED:
            self._day, self._things = day, set()
        is_first = thing not in self._things
        self._things.add(thing)
        return is_first


class Meter:
    """Counts one poll's requests and dollars against its allowance and its deadline."""

    def __init__(self, *, allowance: Allowance, deadline: datetime, clock: Clock, read_today: ReadToday) -> None:
        self._allowance, self._deadline, self._clock, self._read_today = (
            allowance,
            deadline,
            clock,
            read_today,
        )
        self.requests = 0
        self.flat_usd = 0.0
        self.answered = 0
        self._spent_usd = 0.0
        self._billed: dict[str, float] = {}

    @property
    def billed(self) -> tuple[BilledRead, ...]:
        """Everything that was read, each thing once."""
        return tuple(BilledRead(thing=thing, price_usd=price) for thing, price in self._billed.items())

    @property
    def seconds_left(self) -> float:
        """Seconds until the deadline."""
        return (self._deadline - self._clock.now()).total_seconds()

    def take(self, held: dict[str, datetime], endpoint: str) -> None:
        """Count one request. Raises: EnoughError: it may not be sent."""
        # Counts go on when the money is spent: they are what is left to see a storm by.
        limit = None if self._allowance.thrift is Thrift.COUNTS_ONLY else self._allowance.cost_usd
        until = held.get(endpoint)
        if until is not None and self._clock.now() < until:
            raise EnoughError(f"X allows no more {endpoint} until {until:%H:%M:%S} UTC", is_final=False)
        if self.seconds_left <= 0:
            raise EnoughError("the time for one poll is over")
        if self.requests >= self._allowance.requests:
            raise EnoughError(f"the {self._allowance.requests} requests of this poll are used up", is_trouble=False)
        if limit is not None and self._spent_usd >= limit:
            raise EnoughError(f"the ${limit:.2f} of this poll are spent", is_trouble=False)
        self.requests += 1

    def reserve(self, price_usd: float) -> None:
        """Have the price of a request in the books before it is sent."""
        self._allowance.reserve(price_usd)

    def flat(self, price_usd: float) -> None:
        """Add the price of an answered request."""
        self.flat_usd += price_usd
        self._spent_usd += price_usd

    def read(self, kind: str, identifier: str, price_usd: float) -> None:
        """Add the price of a thing that was read. kind: "post" or "user"."""
        thing = f"{kind} {identifier}"
        self._billed.setdefault(thing, price_usd)
        if self._read_today.add(thing, self._clock.now()):
            self._spent_usd += price_usd

    def is_paid(self, post_id: str) -> bool:
        """Tell whether reading this post again costs nothing more today."""
        return self._read_today.knows(f"post {post_id}")
