"""A person asks the scheduler to pause its queue, or to go on: sent, and kept in the incident's timeline.

The one way in which command line and dashboard do it. Nothing else ever calls it: Stormcone advises a pause, a person
asks for it. Keeps what became of the request, whatever that is; tells nobody, never takes the incident over.
"""

import os
from collections.abc import Mapping
from typing import Final

from alerts.cleaning import clean_for_sink
from alerts.pausing import QueueAnswer, QueueEvent, QueueRequest, Reception, ask_queue
from stormcone.clock import Clock, DrillClock
from stormcone.config import Config, gather_secrets
from stormcone.errors import StaleIncident, StoreError, UsageError
from stormcone.models import Moment, Transition
from stormcone.store import Store

_TRIES: Final = 5  # a watcher writes to a live incident at every tick
_NAME_CHARS: Final = 60
_WHY_CHARS: Final = 1000
EVENT_WORDS: Final = {QueueEvent.PAUSE: "pause the queue", QueueEvent.RESUME: "resume the queue"}
RECEPTION_WORDS: Final = {
    Reception.ACCEPTED: "accepted",
    Reception.REFUSED: "refused",
    Reception.UNREACHABLE: "not reached",
    Reception.UNSURE: "no answer",
}


def ask_scheduler(
    config: Config,
    store: Store,
    clock: Clock,
    incident_id: int,
    event: QueueEvent,
    *,
    by: str,
    why: str,
    environment: Mapping[str, str] = os.environ,
) -> QueueAnswer:
    """Ask the scheduler, and keep who asked, why, and what became of it.

    Args: by, why: as typed; cleaned and cut here. environment: holds address and key.
    Raises: UsageError: no such incident, nobody is named, no reason is given, or it is a drill; ConfigError: no
        scheduler is configured. Nothing was sent then. StoreError: it was sent and could not be kept; says what
        became of it.
    """
    who, reason = clean_for_sink(by, max_chars=_NAME_CHARS), clean_for_sink(why, max_chars=_WHY_CHARS)
    if not who:
        raise UsageError("--by '': say who; the team reads it")
    if not reason:
        raise UsageError("--why '': say why in a few words; the scheduler and the team read it")
    if isinstance(clock, DrillClock):
        raise UsageError("this is a drill: nothing was sent, the queue of the scheduler is real")
    at = clock.now()
    request = QueueRequest(
        event=event,
        brand=store.incidents.get(incident_id).brand,
        incident_id=incident_id,
        by=who,
        why=reason,
        at=at,
    )
    answer = ask_queue(config.playbook.pause, gather_secrets([config.playbook.pause], environment), request)
    try:
        _keep(store, request, f"{told(answer)}. {reason}")
    except StoreError as error:
        raise StoreError(f"{told(answer)}; this could not be recorded: {error}") from error
    return answer


def told(answer: QueueAnswer) -> str:
    """Return one sentence that says what was asked and what became of it.

    >>> told(QueueAnswer(event=QueueEvent.PAUSE, reception=Reception.REFUSED, sentence="the receiver answered 403"))
    'pause the queue: refused (the receiver answered 403)'
    """
    return f"{EVENT_WORDS[answer.event]}: {RECEPTION_WORDS[answer.reception]} ({answer.sentence})"


def _keep(store: Store, request: QueueRequest, said: str) -> None:
    """Write it into the timeline, however often a watcher is faster; the incident itself stays as it is."""
    for tries_left in reversed(range(_TRIES)):
        current = store.incidents.get(request.incident_id)
        kept = Transition(at=request.at, moment=Moment.DECIDED, incident=current, by=request.by, why=said)
        try:
            store.incidents.apply(kept, notices_for=lambda _: ())
        except StaleIncident:
            if not tries_left:
                raise
        else:
            return
