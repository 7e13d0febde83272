"""Who is told of a transition, over which channels.

Pure: a transition and the settings in, recipients out; called by the pipeline in the transaction that saves the
transition. The rules, and why:

* watch stays on the screen: it is common by design, and a message that is common is not read.
* warn goes to shared channels (those no person owns): worth reading, not worth waking anybody. Without a shared channel
  it goes to the primary, because a warning that reaches nobody does not exist; with nobody on call it stays on the
  screen.
* page goes to the shared channels and to the people of the first escalation step, whatever that step's delay: a page
  that waits is not a page. If a step names nobody who exists (an empty rota), everybody is told: too many awake is
  repaired by a setting, nobody awake is not.
* updated is told again only to those for whom the level is new; changes below that are on the screen.
* escalated and reminder go to the people of the current step: they are asked to act, others need not know.
* acknowledged, cooling and resolved go to exactly those who were told: nobody hears the end of a story without its
  beginning, and nobody is left waiting for it.
* reopened goes to those who were told, and at page to the page's recipients as well: another may be on call by now.
* explained is told to nobody: what is known of a storm grows while it lasts, and the screen shows it.
* a decision is told only where it ends the incident (false alarm), and then like resolved.

Never reads a clock, never writes a text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.rota import on_call
from stormcone.config import Config, EscalationSettings, PersonSettings, RotaSettings
from stormcone.models import Level, Moment, Recipient, State, Transition
from stormcone.ports import ChannelSettings


def recipients_for(
    transition: Transition,
    *,
    config_people: Sequence[PersonSettings],
    config_channels: Sequence[ChannelSettings],
    rota: RotaSettings,
    escalation: EscalationSettings,
    at: datetime,
    told: Mapping[Recipient, Level],
) -> tuple[Recipient, ...]:
    """Return who is told of `transition`, each once, shared channels first.

    Args: at: the instant the rota is asked for, aware. told: who has been told of this incident before, with
        the highest level each was told of (alerts.message.told_levels).
    """
    directory = _Directory(
        people=tuple(config_people), channels=tuple(config_channels), rota=rota, escalation=escalation, at=at
    )
    incident = transition.incident
    match transition.moment:
        case Moment.OPENED:
            chosen = directory.of_level(incident.level)
        case Moment.UPDATED:
            chosen = [who for who in directory.of_level(incident.level) if told.get(who, Level.CALM) < incident.level]
        case Moment.ESCALATED | Moment.REMINDER:
            chosen = directory.of_step(incident.step)
        case Moment.REOPENED:
            chosen = [*told, *(directory.of_level(incident.level) if incident.level is Level.PAGE else ())]
        case Moment.ACKNOWLEDGED | Moment.COOLING | Moment.RESOLVED:
            chosen = list(told)
        case Moment.DECIDED:
            chosen = list(told) if incident.state is State.RESOLVED else []
        case Moment.EXPLAINED | Moment.SOURCE_LOST | Moment.SOURCE_BACK:  # of a source: see source_notices
            chosen = []
        case Moment.TEST:
            chosen = [*directory.shared(), *directory.channels_of([person.id for person in config_people])]
    return tuple(dict.fromkeys(chosen))


def recipients_of_level(config: Config, level: Level, at: datetime) -> tuple[Recipient, ...]:
    """Return who is told of something new at `level`, each once, shared channels first."""
    directory = _Directory(
        people=config.people, channels=config.channels, rota=config.rota, escalation=config.escalation, at=at
    )
    return tuple(dict.fromkeys(directory.of_level(level)))


def escalation_due_at(escalation: EscalationSettings, step_index: int, paged_at: datetime) -> datetime | None:
    """Return when the step is told if nobody acknowledges; None where the ladder has no such step.

    >>> from datetime import UTC
    >>> escalation_due_at(EscalationSettings(), 1, datetime(2026, 1, 1, 22, 0, tzinfo=UTC)).isoformat()
    '2026-01-01T22:05:00+00:00'
    """
    if not 0 <= step_index < len(escalation.steps):
        return None
    return paged_at + timedelta(seconds=escalation.steps[step_index].delay_seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Directory:
    """The settings that names are looked up in, at one instant."""

    people: tuple[PersonSettings, ...]
    channels: tuple[ChannelSettings, ...]
    rota: RotaSettings
    escalation: EscalationSettings
    at: datetime

    def of_level(self, level: Level) -> list[Recipient]:
        shared = self.shared()
        if level is Level.PAGE:
            return [*shared, *self.of_step(0)]
        if level is Level.WARN:
            return shared or self.channels_of(self._ids("primary"))
        return []

    def of_step(self, index: int) -> list[Recipient]:
        step = self.escalation.steps[min(index, len(self.escalation.steps) - 1)]
        ids = [person_id for name in step.notify for person_id in self._ids(name)]
        return self.channels_of(ids) or self.channels_of(self._ids("everyone"))

    def shared(self) -> list[Recipient]:
        owned = {channel for person in self.people for channel in person.channels}
        return [Recipient(channel=channel.id) for channel in self.channels if channel.id not in owned]

    def channels_of(self, person_ids: Sequence[str]) -> list[Recipient]:
        by_id = {person.id: person for person in self.people}
        return [
            Recipient(channel=channel, person=person_id)
            for person_id in person_ids
            if person_id in by_id
            for channel in by_id[person_id].channels
        ]

    def _ids(self, name: str) -> list[str]:
        """Resolve a name of the ladder. Nobody to be secondary falls to the lead: a step is never skipped silently."""
        duty = on_call(self.rota, self.at)
        lead = self.rota.catch_all or (self.rota.people[-1] if self.rota.people else None)
        match name:
            case "everyone":
                return [person.id for person in self.people]
            case "primary":
                found = duty.primary if duty else None
            case "secondary":
                found = (duty.secondary if duty else None) or lead
            case "lead":
                found = lead
            case _:
                found = name
        return [found] if found else []
