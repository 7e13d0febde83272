"""What becomes of notices that had to wait: each recipient gets one message instead of many.

Pure; asked at every tick for notices whose time has come, the result is written by the store in one transaction. What
waited alone goes alone. What a silence held back of an incident that is over meanwhile is told to nobody: it stands on
the screen. Nor is what waited told to anybody who was told of the end. Never decides that a notice waits (see
announcing).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from alerts.cleaning import quote
from alerts.message import HEADLINE_CHARS, from_json, to_json
from alerts.outage import digest_of
from stormcone.models import HeldFor, Moment, Notice, Recipient, Release

_WHY = {
    HeldFor.QUIET_HOURS: "waited for the end of your quiet hours",
    HeldFor.SILENCE: "waited for the end of a silence",
    HeldFor.BUNDLE: "came within minutes of each other",
    HeldFor.STORM: "page at once, more than can be told one by one",
}


def released(
    due: Sequence[Notice], *, over: Collection[int], now: datetime, ended: Collection[tuple[Recipient, int]] = ()
) -> tuple[Release, ...]:
    """Return what becomes of the notices whose time has come, one answer for each recipient and reason.

    Args: due: oldest first. over: ids of those of their incidents that are resolved. ended: whose end, by
        incident, does not wait with them: it was told, or is being told.
    """
    groups: dict[tuple[Recipient, HeldFor], list[Notice]] = {}
    for each in due:
        recipient = Recipient(channel=each.channel, person=each.to)
        groups.setdefault((recipient, each.held_for or HeldFor.BUNDLE), []).append(each)
    return tuple(
        _release(held_for, waited, _told_no_more(recipient, held_for, over, ended), now)
        for (recipient, held_for), waited in groups.items()
    )


def _told_no_more(
    recipient: Recipient, held_for: HeldFor, over: Collection[int], ended: Collection[tuple[Recipient, int]]
) -> Collection[int]:
    known = {incident for who, incident in ended if who == recipient}
    return {*known, *over} if held_for is HeldFor.SILENCE else known


def _release(held_for: HeldFor, waited: Sequence[Notice], over: Collection[int], now: datetime) -> Release:
    """Return what becomes of what one recipient waited for. Args: over: incidents of which nothing is told any more."""
    dropped = [each for each in waited if each.incident_id in over]
    told = [each for each in waited if each not in dropped]
    if len(told) < 2:  # noqa: PLR2004 - one alone is told as it is
        return Release(freed=_keys(told), dropped=_keys(dropped))
    return Release(message=_bundle(held_for, told, now), folded=_keys(told), dropped=_keys(dropped))


def _bundle(held_for: HeldFor, told: Sequence[Notice], now: datetime) -> Notice:
    """Return the one message: a summary of a storm's pages, a digest of all else."""
    event = Moment.SUMMARY if held_for is HeldFor.STORM else Moment.DIGEST
    notice = digest_of(told, now)
    message = from_json(notice.message_json)
    count = len({each.incident_id for each in told})
    news = "1 incident" if count == 1 else f"{count} incidents"
    storm = "storm: " if event is Moment.SUMMARY else ""
    key = f"{event.value}:{notice.key.partition(':')[2]}"
    headline = quote(f"{message.brand}: {storm}{news} {_WHY[held_for]}", max_chars=HEADLINE_CHARS)
    said = replace(message, key=key, event=event, headline=headline)
    return replace(notice, key=key, moment=event, message_json=to_json(said))


def _keys(notices: Iterable[Notice]) -> tuple[str, ...]:
    return tuple(each.key for each in notices)
