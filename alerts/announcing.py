"""From a transition to the notices that tell of it: routing and messages together.

Called inside the transaction that stores the transition, by the pipeline and by whoever records a person's act. Pure:
what is written is decided by the store, what is sent by the sender.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from alerts.ack_links import AckLinks, asks_for_acknowledgement
from alerts.message import build_message, notice_key, to_json, told_levels
from alerts.quiet_hours import quiet_until
from alerts.routing import recipients_for
from alerts.storm_guard import page_held_until
from stormcone.config import Config
from stormcone.models import (
    Evidence,
    HeldFor,
    Incident,
    Lately,
    Level,
    Moment,
    Notice,
    NoticeState,
    Recipient,
    Silence,
    Transition,
)
from stormcone.models.courses import Course

_ASKING = {Moment.OPENED, Moment.UPDATED, Moment.ESCALATED, Moment.REMINDER, Moment.REOPENED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcer:
    """Writes notices by the rules of the settings. links: makes acknowledge links; None: messages carry none."""

    config: Config
    links: AckLinks | None = None

    def notices(
        self,
        transition: Transition,
        stored: Incident,
        *,
        earlier: Sequence[Notice],
        evidence: Sequence[Evidence],
        lately: Sequence[Lately] = (),
        silences: Sequence[Silence] = (),
        course: Course | None = None,
    ) -> tuple[Notice, ...]:
        """Return the notices of a transition, none where nobody is to be told.

        Args: stored: the incident as it is stored now, with id and version. earlier: the incident's notices so far,
            for whom to tell of its end. evidence: what may be quoted, most telling first. lately: what people were told
            within the last hour. silences: that last now. course: of the brand's mentions up to now.
        Returns: some of them held: quiet hours, a silence, the storm guard and the bundling of warns let them wait.
        """
        config = self.config
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
            told=told_levels([_as_told(each) for each in earlier]),
        )
        holding = _Holding(config=config, at=transition.at, incident=stored, earlier=earlier, silences=silences)
        by_recipient = {each: Lately(recipient=each) for each in recipients} | {each.recipient: each for each in lately}
        return tuple(
            holding.held(self._notice(settled, recipient, evidence, course), by_recipient[recipient])
            for recipient in recipients
        )

    def _notice(
        self, transition: Transition, recipient: Recipient, evidence: Sequence[Evidence], course: Course | None
    ) -> Notice:
        """Return what one recipient is told. Raises: ValueError: the incident was not stored."""
        incident_id = transition.incident.id
        if incident_id is None:
            raise ValueError("an incident has an id before it is announced")
        message = build_message(
            transition,
            incident_id=incident_id,
            recipient=recipient,
            public_url=self.config.dashboard.public_url,
            step=transition.incident.step,
            evidence=evidence,
            acknowledge=self._link(transition, incident_id, recipient),
            course=course,
        )
        return Notice(
            key=message.key,
            incident_id=incident_id,
            moment=transition.moment,
            to=message.to,
            channel=recipient.channel,
            message_json=to_json(message),
            created_at=transition.at,
            urgency=_urgency(transition),
        )

    def _link(self, transition: Transition, incident_id: int, recipient: Recipient) -> str | None:
        if self.links is None or not asks_for_acknowledgement(transition.moment, transition.incident):
            return None
        key = notice_key(incident_id, transition.moment, transition.incident.version, recipient)
        return self.links.link(key, incident_id, at=transition.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Holding:
    """Decides which notices of one transition wait, and until when."""

    config: Config
    at: datetime
    incident: Incident
    earlier: Sequence[Notice]
    silences: Sequence[Silence]

    def held(self, notice: Notice, lately: Lately) -> Notice:
        """Return the notice, held where the recipient is not to be told now."""
        until, held_for = self._together(notice) or self._alone(notice, lately) or (None, None)
        return replace(notice, held_until=until, held_for=held_for)

    def _together(self, notice: Notice) -> tuple[datetime, HeldFor] | None:
        """Let an end wait with its beginning: nobody hears of one without the other."""
        theirs = [each for each in self.earlier if (each.channel, each.to) == (notice.channel, notice.to)]
        if notice.urgency is not None or any(each.held_until is None for each in theirs):
            return None
        waiting = [
            (each.held_until, each.held_for)
            for each in theirs
            if each.held_until is not None and each.held_for is not None and each.state is NoticeState.PENDING
        ]
        return max(waiting, default=None)

    def _alone(self, notice: Notice, lately: Lately) -> tuple[datetime, HeldFor] | None:
        silenced = [each.until for each in self.silences if each.covers(self.incident, self.at)]
        if silenced and notice.moment in _ASKING:
            return max(silenced), HeldFor.SILENCE
        if notice.to is None:
            return self._in_bundle(notice, lately)
        if self.incident.level is Level.PAGE:
            is_news = notice.urgency is Level.PAGE
            pages = self.config.escalation.pages_per_hour
            until = page_held_until(lately, self.at, pages_per_hour=pages) if is_news else None
            return (until, HeldFor.STORM) if until else None
        person = next((each for each in self.config.people if each.id == notice.to), None)
        until = quiet_until(person, self.at) if person else None
        return (until, HeldFor.QUIET_HOURS) if until else None

    def _in_bundle(self, notice: Notice, lately: Lately) -> tuple[datetime, HeldFor] | None:
        """Gather the warns to a shared channel that follow one; the first is told at once."""
        if notice.urgency is not Level.WARN or lately.warned_at is None:
            return None
        until = lately.warned_at + timedelta(minutes=self.config.escalation.bundle_minutes)
        return (until, HeldFor.BUNDLE) if until > self.at else None


def _urgency(transition: Transition) -> Level | None:
    """Return the level a notice asks attention at; an end asks for none, nor does a change that nobody is paged for."""
    is_aside = transition.moment is Moment.UPDATED and transition.why is None
    return transition.incident.level if transition.moment in _ASKING and not is_aside else None


def _as_told(notice: Notice) -> Notice:
    """Return a notice that was told as part of another message as what it is: told."""
    return replace(notice, state=NoticeState.SENT) if notice.bundled_into else notice
