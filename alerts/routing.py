"""Who is told of a transition, over which channels.

Pure: a transition and the settings in, recipients out; called by the pipeline in the transaction that saves the
transition. The rules, and why:

* watch stays on the screen: it is common by design, and a message that is common is not read.
* warn goes to shared channels (those no person owns): worth reading, not worth waking anybody. Without a shared channel
  it goes to the primary, because a warning that reaches nobody does not exist; with nobody on call it stays on the
  screen.
* a channel that belongs to nobody and is another's fallback is kept for that, unless `shared = true` or only such are
  left: a way round a broken channel must not be crowded in a storm.
* page goes to the shared channels and to the people of the first escalation step, whatever that step's delay: a page
  that waits is not a page. If a step names nobody who exists (an empty rota), everybody is told: too many awake is
  repaired by a setting, nobody awake is not.
* a person is told of the brands the person is for, from the severity the person asked for; in quiet hours a page may go
  to the next of the rota instead. A page that would reach nobody that way goes up the ladder, and at its end to
  everybody, whatever they asked for.
* updated is told to those for whom the level is new. It is told again, as a page, where there is a named reason (three
  times the mentions, a new platform, a large account); other changes go to the shared channels that know the incident.
* escalated and reminder go to the people of the current step: they are asked to act, others need not know. Who has
  acknowledged is reminded alone.
* while an incident is snoozed nothing is told but its end, who took it over, and what raises its level (which ends it).
* acknowledged, cooling and resolved go to exactly those who were told: nobody hears the end of a story without its
  beginning, and nobody is left waiting for it.
* reopened goes to those who were told, and at page to the page's recipients as well: another may be on call by now.
* explained and snoozed are told to nobody: what is known of a storm grows while it lasts, and the screen shows it.
* a decision is told only where it ends the incident (false alarm), and then like resolved.

Never reads a clock, never writes a text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.quiet_hours import quiet_until
from alerts.rota import next_in_turn, on_call
from stormcone.config import Config, EscalationSettings, PersonSettings, RotaSettings
from stormcone.models import Incident, Level, Moment, Recipient, Rung, State, Transition
from stormcone.ports import ChannelSettings

_HUSHED = {Moment.UPDATED, Moment.ESCALATED, Moment.REMINDER, Moment.COOLING}
_WORST = 5


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
    incident = transition.incident
    if transition.moment in _HUSHED and incident.is_snoozed(at):
        return ()
    directory = _Directory(
        people=tuple(config_people),
        channels=tuple(config_channels),
        rota=rota,
        ladder=incident.ladder or _rungs(escalation),
        at=at,
        brand=incident.brand,
        severity=incident.severity,
    )
    match transition.moment:
        case Moment.OPENED:
            chosen = directory.of_level(incident.level)
        case Moment.UPDATED:
            chosen = _of_update(transition, directory, told)
        case Moment.ESCALATED:
            chosen = directory.of_step(incident.step)
        case Moment.REMINDER:
            chosen = directory.of_owner(incident) or directory.of_step(incident.step)
        case Moment.REOPENED:
            chosen = [*told, *(directory.of_level(incident.level) if incident.level is Level.PAGE else ())]
        case Moment.ACKNOWLEDGED | Moment.COOLING | Moment.RESOLVED:
            chosen = list(told)
        case Moment.DECIDED:
            chosen = list(told) if incident.state is State.RESOLVED else []
        case Moment.TEST:
            chosen = [*directory.shared(), *directory.channels_of([person.id for person in config_people])]
        case _:  # what is for the screen, and what is of no single incident: see source_notices, bundling
            chosen = []
    return tuple(dict.fromkeys(chosen))


def _of_update(transition: Transition, directory: "_Directory", told: Mapping[Recipient, Level]) -> list[Recipient]:
    """Return whom a change of a known incident is told to."""
    incident = transition.incident
    asked = directory.of_level(incident.level)
    new = [who for who in asked if told.get(who, Level.CALM) < incident.level]
    if transition.why is None:
        return [*new, *(who for who in told if who.person is None and who not in new)]
    is_level_new = all(level < incident.level for level in told.values())
    if is_level_new or incident.level is not Level.PAGE:
        return new
    return list(told) if incident.acknowledged_by else [*told, *asked]


def recipients_of_level(config: Config, level: Level, at: datetime) -> tuple[Recipient, ...]:
    """Return who is told of something new at `level`, each once, shared channels first."""
    directory = _Directory(
        people=config.people, channels=config.channels, rota=config.rota, ladder=_rungs(config.escalation), at=at
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


def _rungs(escalation: EscalationSettings) -> tuple[Rung, ...]:
    return tuple(Rung(delay_seconds=step.delay_seconds, notify=step.notify) for step in escalation.steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Directory:
    """The settings that names are looked up in, at one instant.

    brand: None where it is of none. severity: of what is told; what has none is told to everybody asked.
    """

    people: tuple[PersonSettings, ...]
    channels: tuple[ChannelSettings, ...]
    rota: RotaSettings
    ladder: tuple[Rung, ...]
    at: datetime
    brand: str | None = None
    severity: int = _WORST

    def of_level(self, level: Level) -> list[Recipient]:
        shared = self.shared()
        if level is Level.PAGE:
            return [*shared, *self.of_step(0)]
        if level is Level.WARN:
            return shared or self.channels_of(list(filter(self._is_for, self._ids("primary"))))
        return []

    def of_step(self, index: int) -> list[Recipient]:
        """Return the people of a step; where it means nobody the page goes up the ladder, in the end to everybody."""
        first = min(index, len(self.ladder) - 1)
        for step in self.ladder[first:]:
            ids = [person_id for name in step.notify for person_id in self._ids(name)]
            awake = [found for person_id in ids for found in self._awake(person_id)]
            found = self.channels_of([person_id for person_id in awake if self._is_for(person_id)])
            if found:
                return found
        return self.channels_of(self._ids("everyone"))

    def of_owner(self, incident: Incident) -> list[Recipient]:
        """Return the channels of whoever has acknowledged, where that is the id of a person."""
        return self.channels_of([incident.acknowledged_by]) if incident.acknowledged_by else []

    def shared(self) -> list[Recipient]:
        owned = {channel for person in self.people for channel in person.channels}
        spare = {channel.fallback for channel in self.channels}
        free = [channel for channel in self.channels if channel.id not in owned]
        shared = [each for each in free if each.shared or (each.shared is None and each.id not in spare)]
        wanted = shared or [each for each in free if each.shared is not False]
        return [Recipient(channel=channel.id) for channel in wanted]

    def channels_of(self, person_ids: Sequence[str]) -> list[Recipient]:
        by_id = {person.id: person for person in self.people}
        return [
            Recipient(channel=channel, person=person_id)
            for person_id in person_ids
            if person_id in by_id
            for channel in by_id[person_id].channels
        ]

    def _is_for(self, person_id: str) -> bool:
        """Tell whether the person asked for this brand, and for what is as bad as this."""
        person = next((each for each in self.people if each.id == person_id), None)
        if person is None:
            return False
        is_theirs = self.brand is None or not person.brands or self.brand in person.brands
        return is_theirs and self.severity >= person.min_severity

    def _awake(self, person_id: str) -> list[str]:
        """Return who takes a page of the person: the next of the rota in quiet hours, where the person wants it so.

        Where all of them sleep the person is woken after all.
        """
        if not self._passes_on(person_id):
            return [person_id]
        others = next_in_turn(self.rota, self.at, person_id)
        taker = next((each for each in others if self._is_for(each) and not self._passes_on(each)), person_id)
        return [taker]

    def _passes_on(self, person_id: str) -> bool:
        person = next((each for each in self.people if each.id == person_id), None)
        if person is None or person.quiet_pages == "through":
            return False
        return quiet_until(person, self.at) is not None

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
