"""The process in which apprise runs: one errand from standard input, how it ended as the exit code.

Started by the apprise channel, killed by it when time is up. Says nothing on any output: the library's log lines may
hold the address. A hook of the interpreter sees every connection with the address it really goes to, after all names
are resolved, and refuses those inside; nothing the library does can pass it by.
"""

import ipaddress
import json
import logging
import sys
from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import Any

from alerts.connecting import is_public

_WATCHED = ("socket.connect", "socket.sendto")


class Ending(IntEnum):
    """How an errand ended; the child's exit code. Codes below ten are Python's and apprise's own."""

    ARRIVED = 0
    NOT_ACCEPTED = 10
    BAD_ADDRESS = 11
    PRIVATE_ADDRESS = 12
    TOO_LATE = 13
    BROKE = 14

    @property
    def meaning(self) -> str:
        """What is said of it; holds nothing of the address."""
        return _MEANINGS[self]

    @classmethod
    def of(cls, exit_code: int) -> "Ending":
        """Return the ending that an exit code stands for.

        >>> Ending.of(11), Ending.of(-9)
        (<Ending.BAD_ADDRESS: 11>, <Ending.BROKE: 14>)
        """
        return cls(exit_code) if exit_code in cls.__members__.values() else cls.BROKE


_MEANINGS = {
    Ending.ARRIVED: "the service accepted it",
    Ending.NOT_ACCEPTED: "the service did not accept it, or did not answer",
    Ending.BAD_ADDRESS: "apprise does not understand the address; see docs/channels/apprise.md",
    Ending.PRIVATE_ADDRESS: "the address is private or loopback; set allow_private = true if that is meant",
    Ending.TOO_LATE: "the service did not answer in time",
    Ending.BROKE: "apprise ended unexpectedly",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What the child is to do. body: None only looks whether the address is understood. seconds: of one wait."""

    url: str
    body: str | None
    allow_private: bool
    seconds: float

    def as_words(self) -> dict[str, Any]:
        """Return the fields for JSON."""
        return asdict(self)


class _Guard:
    """Refuses connections to addresses inside, and remembers that it did."""

    def __init__(self) -> None:
        self.has_refused = False

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in _WATCHED and not _is_open(arguments[1]):
            self.has_refused = True
            raise PermissionError("the address is private or loopback")


def _is_open(target: object) -> bool:
    """Tell whether a socket's target is in the open internet; a path or a name that was not resolved is not."""
    if not isinstance(target, tuple):
        return False
    try:
        return is_public(str(ipaddress.ip_address(str(target[0]).partition("%")[0])))
    except ValueError:
        return False


def run(errand: Errand) -> Ending:
    """Do the errand in this process; its guard stays for the rest of the process's life."""
    import apprise  # noqa: PLC0415 - half a second and 50 MB that only the child shall spend

    guard = _Guard()
    if not errand.allow_private:
        sys.addaudithook(guard)
    asset = apprise.AppriseAsset(storage_mode=apprise.PersistentStoreMode.MEMORY)
    asset.http_redirects = False
    sender = apprise.Apprise(asset=asset)
    if not sender.add(errand.url) or len(sender) != 1:
        return Ending.BAD_ADDRESS
    if errand.body is None:
        return Ending.ARRIVED
    for service in sender:
        service.socket_connect_timeout = service.socket_read_timeout = errand.seconds
    # TEXT: everything else lets markup through that calls people.
    result = sender.notify(body=errand.body, body_format=apprise.NotifyFormat.TEXT)
    if result:
        return Ending.ARRIVED
    return Ending.PRIVATE_ADDRESS if guard.has_refused else Ending.NOT_ACCEPTED


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    sys.exit(run(Errand(**json.load(sys.stdin))))
