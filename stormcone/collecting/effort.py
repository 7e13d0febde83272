"""What one poll may still ask, and what went wrong so far: one place for the rule of when a poll ends early.

Used by collectors that ask many questions in one poll. A question that fails is noted and the next one asked, unless
the next would only fail like it: the source asks for patience, or does not answer at all. Never retries, never sleeps.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol, TypeVar

from stormcone.clock import Clock
from stormcone.errors import CollectError, RateLimited

Answer = TypeVar("Answer")


class NotThereError(Exception):
    """The source says that what was asked for does not exist (any more). An answer, not a failure."""


class Wire(Protocol):
    """What an effort must know of the client that sends its questions."""

    @property
    def requests(self) -> int:
        """How many requests were sent since the client was made."""
        ...

    @property
    def got_answer(self) -> bool:
        """True if the last request was answered, with whatever status."""
        ...

    @property
    def is_nearly_throttled(self) -> bool:
        """True if the source says that hardly a request is left in its window."""
        ...

    def seconds_to_wait(self) -> float | None:
        """Return how long the last answer asks to stay away, None where it does not say."""
        ...


class Effort:
    """The questions of one poll. answers: how many were answered. wait_seconds: asked for before we had to be told."""

    def __init__(self, wire: Wire, clock: Clock, *, deadline: datetime, requests: int) -> None:
        self._wire = wire
        self._clock = clock
        self._deadline = deadline
        self._last_request = wire.requests + requests
        self._is_stopped = False
        self.failures: list[CollectError] = []
        self.answers = 0
        self.wait_seconds: float | None = None

    @property
    def is_out(self) -> bool:
        """True once nothing more may be asked in this poll."""
        is_spent = self._wire.requests >= self._last_request
        return self._is_stopped or is_spent or self._clock.now() >= self._deadline

    def ask(self, question: Callable[[], Answer]) -> Answer | None:
        """Return the answer; None where it failed or nothing more may be asked. Raises: NotThereError."""
        if self.is_out:
            return None
        try:
            answer = question()
        except CollectError as error:
            self.failures.append(error)
            self._is_stopped = isinstance(error, RateLimited) or not self._wire.got_answer
            return None
        except NotThereError:
            self.answers += 1
            raise
        self.answers += 1
        if self._wire.is_nearly_throttled:
            self._is_stopped, self.wait_seconds = True, self._wire.seconds_to_wait()
        return answer
