"""When a notice that did not arrive is tried again.

Pure; used by delivery. Doubling waits spare a receiver that is down, the cap keeps a page from being forgotten, the
jitter keeps notices that failed together from coming back together.
"""

import random

from stormcone.errors import DeliveryError

FIRST_WAIT_SECONDS = 5.0
LONGEST_WAIT_SECONDS = 300.0
# From the second try on that may have arrived unanswered: nobody need read the same every few seconds.
UNSURE_WAIT_SECONDS = 60.0
JITTER_SHARE = 0.2
# What a receiver may ask for at most: a page must not be parked for days by one header.
LONGEST_ASKED_SECONDS = 3600.0


def wait_seconds(attempts: int, error: DeliveryError, jitter: random.Random, *, unsure: int = 0) -> float | None:
    """Return seconds until the next try, or None where trying again cannot help.

    Args: attempts: tries made so far, this one included, >= 1. jitter: source of the +-20 %. unsure: how many tries
        may have arrived although nobody said so.
    Returns: what the receiver asked for, at most an hour; else 5, 10, 20 ... at most 300, +-20 %; from 60 on where two
        tries or more may have arrived.
    >>> failed = DeliveryError("hook", "the receiver answered 500")
    >>> [round(wait_seconds(n, failed, random.Random(1)) or 0) for n in (1, 2, 3, 40)]
    [4, 9, 17, 256]
    >>> wait_seconds(1, DeliveryError("hook", "busy", retry_after_seconds=30), random.Random(1))
    30
    """
    if error.permanent:
        return None
    if error.retry_after_seconds is not None:
        return min(error.retry_after_seconds, LONGEST_ASKED_SECONDS)
    doublings = min(max(attempts, 1) - 1, 10)
    wait = min(FIRST_WAIT_SECONDS * 2.0**doublings, LONGEST_WAIT_SECONDS)
    if unsure >= 2:  # noqa: PLR2004 - one repeat is what a receiver must bear
        wait = max(wait, UNSURE_WAIT_SECONDS)
    return wait * jitter.uniform(1 - JITTER_SHARE, 1 + JITTER_SHARE)
