"""What a person does on a screen: decide, acknowledge. The one place of the dashboard that writes.

Cleans what was typed and hands it to stormcone.acting, the one way an incident is changed. Stormcone records and tells
the team; it never acts on a platform.
"""

from alerts.cleaning import clean_for_sink
from dashboard.context import OpenStore
from stormcone.acting import Acting
from stormcone.config import Config
from stormcone.models import Decision, Transition

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
    name = clean_for_sink(by, max_chars=MAX_NAME_CHARS)
    reason = clean_for_sink(why, max_chars=MAX_WHY_CHARS)
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


def _acting(opened: OpenStore, config: Config) -> Acting:
    return Acting(config=config, store=opened.store, clock=opened.clock)
