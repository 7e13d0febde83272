"""From a transition to the notices that tell of it: routing and messages together.

Called inside the transaction that stores the transition, by the pipeline and by whoever records a person's act. Pure:
what is written is decided by the store, what is sent by the sender.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from alerts.message import build_message, to_json, told_levels
from alerts.routing import recipients_for
from stormcone.config import Config
from stormcone.models import Evidence, Incident, Notice, Transition


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcer:
    """Writes notices by the rules of the settings."""

    config: Config

    def notices(
        self,
        transition: Transition,
        stored: Incident,
        *,
        earlier: Sequence[Notice],
        evidence: Sequence[Evidence],
    ) -> tuple[Notice, ...]:
        """Return the notices of a transition, none where nobody is to be told.

        Args: stored: the incident as it is stored now, with id and version. earlier: the incident's notices so far,
            for whom to tell of its end. evidence: what may be quoted, most telling first.
        """
        config, identifier = self.config, stored.id
        if identifier is None:
            raise ValueError("an incident has an id before it is announced")
        settled = Transition(
            at=transition.at,
            moment=transition.moment,
            incident=stored,
            verdict=transition.verdict,
            by=transition.by,
            why=transition.why,
        )
        recipients = recipients_for(
            settled,
            config_people=config.people,
            config_channels=config.channels,
            rota=config.rota,
            escalation=config.escalation,
            at=transition.at,
            told=told_levels(earlier),
        )
        messages = [
            build_message(
                settled,
                incident_id=identifier,
                recipient=recipient,
                public_url=config.dashboard.public_url,
                step=stored.step,
                evidence=evidence,
            )
            for recipient in recipients
        ]
        return tuple(
            Notice(
                key=message.key,
                incident_id=identifier,
                moment=transition.moment,
                to=message.to,
                channel=recipient.channel,
                message_json=to_json(message),
                created_at=transition.at,
            )
            for recipient, message in zip(recipients, messages, strict=True)
        )
