"""What a person does on a screen: decide, acknowledge, ask for quiet. The one place of the dashboard that writes.

Cleans what was typed and hands it to stormcone.acting, the one way an incident is changed. Stormcone records and tells
the team; it never acts on a platform.
"""

from alerts.cleaning import clean_for_sink
from alerts.pausing import QueueAnswer, QueueEvent
from dashboard.context import OpenStore
from stormcone.acting import Acting
from stormcone.advising import Advised
from stormcone.config import Config
from stormcone.models import Decision, Silence, Transition
from stormcone.queue_asking import ask_scheduler

MAX_NAME_CHARS = 60
MAX_WHY_CHARS = 1000


def record_decision(
    opened: OpenStore, config: Config, incident_id: int, decision: Decision, *, by: str, why: str
) -> Transition:
    """Record a person's decision on an incident, with its notices.

    Args: by, why: as typed; cleaned and cut here.
    Returns: the stored transition.
    Raises: StaleIncident: others changed the incident again and again. UsageError: it is over. StoreError: not saved.
    """
    name, reason = _cleaned(by, why)
    return _acting(opened, config).decide(incident_id, decision, by=name, why=reason)


def record_acknowledgement(
    opened: OpenStore, config: Config, incident_id: int, *, by: str, link: str | None = None
) -> Transition:
    """Record that a person has taken an incident over, with its notices.

    Args: link: key of the notice whose acknowledge link was followed; it works no second time.
    Raises: StaleIncident: others changed the incident again and again. UsageError: it is over, somebody has it, or
        the link was used. StoreError: not saved.
    """
    name = clean_for_sink(by, max_chars=MAX_NAME_CHARS)
    return _acting(opened, config).acknowledge(incident_id, by=name, link=link)


def record_answer(opened: OpenStore, config: Config, incident_id: int, fact: str, given: object, *, by: str) -> Advised:
    """Record what a person says of one fact; the advice follows.

    Raises: UsageError: there is no such incident, or the fact cannot have this value. StoreError: not saved.
    """
    name, _ = _cleaned(by, "")
    return _acting(opened, config).answer(incident_id, fact, given, by=name)


def make_evidence(opened: OpenStore, config: Config, incident_id: int) -> bytes:
    """Return the sealed bundle of an incident, with what is there now. Raises: UsageError, StoreError."""
    return _acting(opened, config).bundle(incident_id).content


def record_snooze(
    opened: OpenStore, config: Config, incident_id: int, *, minutes: float, by: str, why: str
) -> Transition:
    """Record that a person wants quiet about an incident for so long.

    Raises: StaleIncident: others changed the incident again and again. UsageError: it is over, or the time is none a
        snooze may last. StoreError: not saved.
    """
    name, reason = _cleaned(by, why)
    return _acting(opened, config).snooze(incident_id, minutes=minutes, by=name, why=reason)


def record_end_of_snooze(opened: OpenStore, config: Config, incident_id: int, *, by: str) -> Transition:
    """Record that a person ends the quiet about an incident.

    Raises: StaleIncident: others changed the incident again and again. UsageError: it is over, or nobody wants quiet
        about it any more. StoreError: not saved.
    """
    name, _ = _cleaned(by, "")
    return _acting(opened, config).end_snooze(incident_id, by=name)


def record_silence(opened: OpenStore, config: Config, brand: str, *, minutes: float, by: str, why: str) -> Silence:
    """Record that nobody is told of a brand's incidents for so long. Raises: UsageError: too long. StoreError."""
    name, reason = _cleaned(by, why)
    return _acting(opened, config).silence(brand=brand, kind=None, minutes=minutes, by=name, why=reason)


def record_end_of_silence(opened: OpenStore, config: Config, silence_id: int) -> Silence:
    """End a silence now. Raises: UsageError: it has ended. StoreError."""
    return _acting(opened, config).lift_silence(silence_id)


def _cleaned(by: str, why: str) -> tuple[str, str]:
    return clean_for_sink(by, max_chars=MAX_NAME_CHARS), clean_for_sink(why, max_chars=MAX_WHY_CHARS)


def ask_scheduler_now(
    opened: OpenStore, config: Config, incident_id: int, event: QueueEvent, *, by: str, why: str
) -> QueueAnswer:
    """Ask the scheduler in use to pause its queue, or to go on, because a person confirmed it.

    Raises: as `stormcone.queue_asking.ask_scheduler`.
    """
    return ask_scheduler(config, opened.store, opened.clock, incident_id, event, by=by, why=why)


def _acting(opened: OpenStore, config: Config) -> Acting:
    return Acting(config=config, store=opened.store, clock=opened.clock)
