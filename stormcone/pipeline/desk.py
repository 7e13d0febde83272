"""From detectors to incidents: asks every brand for its verdicts and lets the life cycle make of them what it will.

The second half of the pipeline, run at every tick. A transition, its notices and its evidence are stored in one
transaction. Never sends, never polls; time is handed in.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from analysis.brand_watch import Verdicts
from stormcone import incidents
from stormcone.acting import Acting
from stormcone.advising import advise_with, advisor_of
from stormcone.errors import StaleIncident
from stormcone.journal import verdict_line
from stormcone.models import Axis, Evidence, Gap, Incident, Kind, Level, Moment, Reading, Transition, Trust, Verdict
from stormcone.pipeline.brands import Brands
from stormcone.pipeline.counting import Counting
from stormcone.pipeline.explaining import Explained, Explainer
from stormcone.pipeline.slips import FRESH, Slips
from stormcone.pipeline.surroundings import Gatherer
from stormcone.waves import is_relief

_log = structlog.get_logger(__name__)
_CARRIED = 0.4  # share of the stream from which threads under suspicion are what carries the surge
_STILL_CARRIED = 0.15  # the same while the brand has an incident: what begins then is part of it
_EXPLAINED = {Moment.OPENED, Moment.UPDATED, Moment.REOPENED, Moment.COOLING, Moment.EXPLAINED}


class Desk:
    """Decides, tick by tick."""

    def __init__(
        self, brands: Brands, acting: Acting, around: Gatherer, explainer: Explainer, slips: Slips | None = None
    ) -> None:
        self._slips = slips or Slips(acting.config, acting.store)
        self._counting = Counting(acting.config, acting.store)
        self._config = acting.config
        self._store = acting.store
        self._brands = brands
        self._acting = acting
        self._around = around
        self._explainer = explainer

    def tick(self, now: datetime, *, stale_since: datetime | None = None) -> tuple[Transition, ...]:
        """Look at every brand once.

        Args: stale_since: since when no source has answered, None while one does; that stretch is unknown, not calm.
        Returns: what happened, in order.
        Raises: StoreError: what was not stored is found again at the next tick, but for the verdicts of this one.
        """
        if stale_since is not None:
            self._mark_unknown(stale_since, now)
        trust = Trust.SETTLED if stale_since is None else Trust.STALE
        judged = [
            replace(each, stream=self._counting.weigh(each.stream))
            for brand in self._brands
            if (each := brand.watch.evaluate(now, trust)) is not None
        ]
        if judged:
            self._store.readings.save([(each.stream, verdict_line(each.stream)) for each in judged])
        self._acting.release_held(now)
        current = self._current(now)
        due = self._due(current, now)
        happened = [done for transition in due for done in self._try(transition)]
        if judged and trust is not Trust.STALE:
            current = self._current(now) if due else current
            happened += [
                done
                for each in judged
                for done in self._follow(each, [i for i in current if i.brand == each.stream.brand])
            ]
        happened += self._slipped(now)
        self._tell_watched(current, happened)
        return tuple(happened)

    def escalate(self, now: datetime) -> tuple[Transition, ...]:
        """Tell the next step of every ladder whose time has come; judges nothing.

        For times in which verdicts have to wait. Raises: StoreError.
        """
        self._acting.release_held(now)
        return tuple(done for transition in self._due(self._current(now), now) for done in self._try(transition))

    def _slipped(self, now: datetime) -> list[Transition]:
        """Open an incident for what slipped out, without a reply; one that has an incident is known."""
        found = self._slips.look(now)
        known = {
            (each.brand, each.post)
            for brand in {verdict.brand for verdict in found}
            for each in self._store.incidents.latest(brand=brand, since=now - FRESH)
        }
        return [
            done
            for verdict in found
            if (verdict.brand, verdict.post) not in known
            for done in self._observe(None, verdict)
        ]

    def _current(self, now: datetime) -> tuple[Incident, ...]:
        return self._store.incidents.current(resolved_after=now - timedelta(hours=self._config.detector.reopen_hours))

    def _tell_watched(self, current: Sequence[Incident], happened: Sequence[Transition]) -> None:
        """Name the posts whose replies deserve the dearer reading, and the brands whose talk is no background now:
        those with an incident that is not over.
        """
        newest = {each.id: each for each in (*current, *(transition.incident for transition in happened))}
        live = [each for each in newest.values() if each.state.is_live]
        self._around.watch(each.post for each in live if each.post is not None)
        self._brands.note_incidents({each.brand for each in live})

    def _follow(self, judged: Verdicts, current: Sequence[Incident]) -> list[Transition]:
        """Match verdicts with incidents, so that one pile-on is one incident.

        A thread that carries the surge has the incident, also one that began as the stream's; the stream keeps what
        no thread carries.
        """
        judged = _without_waves(judged, current)
        by_post = {incident.post: incident for incident in reversed(current)}
        posts = self._threads(judged, current)
        loudest = max(judged.posts, key=lambda verdict: verdict.velocity_per_minute, default=None)
        is_told = any(each.state.is_live for each in current)
        carrier = loudest if judged.carried_share >= (_STILL_CARRIED if is_told else _CARRIED) else None
        if carrier is not None and carrier.post not in by_post:
            begun = by_post.pop(None, None)
            if begun is not None and begun.state.is_live:
                by_post[carrier.post] = replace(begun, post=carrier.post)
            elif begun is not None:
                by_post[None] = begun
        if carrier is not None:
            posts[carrier.post] = _lifted(carrier, judged.stream)
        happened = [done for post, verdict in posts.items() for done in self._observe(by_post.get(post), verdict)]
        of_stream = by_post.get(None)
        has_incident = of_stream is not None and of_stream.state.is_live
        if carrier is None and not has_incident and is_relief(judged.stream, current, self._config.detector):
            return happened
        if carrier is None:
            happened += self._observe(of_stream, judged.stream)
        elif of_stream is not None and of_stream.state.is_live:
            happened += self._observe(of_stream, replace(judged.stream, level=Level.CALM, is_settling=True))
        return happened

    def _threads(self, judged: Verdicts, current: Sequence[Incident]) -> dict[tuple[str, str] | None, Verdict]:
        """Return the verdicts on threads, also on quiet ones that have an incident; a slip that stands is not quiet."""
        posts = {verdict.post: verdict for verdict in judged.posts}
        for incident in current:
            if incident.post is None or not incident.state.is_live:
                continue
            verdict = posts.get(incident.post) or _calm_again(judged.stream, incident)
            slip = self._slips.standing(incident, judged.stream.at)
            posts[incident.post] = slip if slip is not None and verdict.level < slip.level else verdict
        return posts

    def _observe(self, incident: Incident | None, verdict: Verdict) -> list[Transition]:
        config = self._config
        change = incidents.observe(incident, verdict, config.detector, config.escalation)
        if change.transition is not None:
            return self._try(change.transition)
        current = change.incident or incident
        if current is not None and verdict.level >= Level.WARN and self._explainer.is_due(current, verdict.at):
            self._explainer.note_refreshed(current, verdict.at)
            return self._try(Transition(at=verdict.at, moment=Moment.EXPLAINED, incident=current, verdict=verdict))
        if change.incident is not None:
            try:
                self._store.incidents.touch(change.incident)
            except StaleIncident:
                _note_stale(change.incident)
        return []

    def _due(self, current: Sequence[Incident], now: datetime) -> list[Transition]:
        return [each for incident in current if (each := incidents.escalate(incident, self._config.escalation, at=now))]

    def _try(self, transition: Transition) -> list[Transition]:
        """Store a transition, unless a person acted between our reading and our writing."""
        try:
            pieces: tuple[Evidence, ...] = ()
            transition = self._answered(transition)
            if transition.moment in _EXPLAINED:
                explained = self._explainer.explain(transition)
                transition, pieces = explained.transition, _evidence(explained)
            return [self._acting.apply(transition, pieces=pieces)]
        except StaleIncident:
            _note_stale(transition.incident)
            return []

    def _answered(self, transition: Transition) -> Transition:
        """Return a transition whose advice knows what people have answered about its incident."""
        verdict, identifier = transition.verdict, transition.incident.id
        answers = self._store.answers.of(identifier) if verdict and identifier is not None else ()
        if verdict is None or not answers:
            return transition
        advised = advise_with(advisor_of(self._config.advice), verdict.facts, answers)
        return replace(transition, verdict=replace(verdict, advice=advised.advice))

    def _mark_unknown(self, since: datetime, now: datetime) -> None:
        for brand in self._brands:
            brand.watch.note_gap(Gap(platform="every source", brand=None, started_at=min(since, now), ended_at=now))


def _without_waves(judged: Verdicts, current: Sequence[Incident]) -> Verdicts:
    """Return the verdicts without those that an arranged wave alone made, where the brand has a storm to deal with.

    Among many who are angry some say the same; that is no second incident, and does not make the storm an arranged one.
    """
    storms = [each for each in current if each.state.is_live and each.kind in {Kind.BACKLASH, Kind.SERVICE}]
    if not storms:
        return judged

    def quieted(verdict: Verdict) -> Verdict:
        if not verdict.is_wave:
            return verdict
        return replace(verdict, level=Level.CALM, kind=storms[0].kind, is_settling=True, is_rare=False)

    return replace(judged, stream=quieted(judged.stream), posts=tuple(map(quieted, judged.posts)))


def _lifted(post: Verdict, stream: Verdict) -> Verdict:
    """Return the verdict on the thread that carries the surge, at the level that the brand's stream has reached.

    A storm that people talk about everywhere may be loud in the stream before its own thread says enough. What its own
    thread shows to be arranged, praise or news stays as low as that kind is held.
    """
    if stream.level <= post.level or not stream.is_angry or post.kind not in {Kind.BACKLASH, Kind.SERVICE}:
        return post
    told = Reading(
        signal="stream",
        axis=Axis.VOLUME,
        value=stream.voices_now,
        expected=stream.voices_usual,
        text=f"everywhere: {stream.voices_now:.0f} voices, {stream.against_now:.0f} of them against, "
        f"usually {stream.voices_usual:.1f}",
    )
    return replace(post, level=stream.level, is_rare=post.is_rare or stream.is_rare, reasons=(told, *post.reasons))


def _evidence(explained: Explained) -> tuple[Evidence, ...]:
    """Return the mentions an explanation rests on as they are kept, also when a post is deleted."""
    transition = explained.transition
    return tuple(
        Evidence(
            incident_id=transition.incident.id or 0,  # the store puts the real one
            captured_at=transition.at,
            platform=each.mention.platform,
            mention_id=each.mention.id,
            author=each.mention.author,
            author_followers=each.mention.author_followers,
            text=each.mention.text,
            url=each.mention.url,
            p_against=each.scores.p_against,
            cues=each.scores.cues,
            confidence=each.scores.confidence,
            lang=each.scores.lang,
        )
        for each in explained.kept
    )


def _note_stale(incident: Incident) -> None:
    """The next step starts from what the person left."""
    _log.info("incident_changed_meanwhile", incident=incident.id)


def _calm_again(stream: Verdict, incident: Incident) -> Verdict:
    """Return the verdict on a thread that is no longer worth a word of its own."""
    return replace(
        stream,
        level=Level.CALM,
        kind=incident.kind,
        severity=1,
        headline=incident.headline,
        reasons=(),
        post=incident.post,
        voices_now=0.0,
        against_now=0.0,
        velocity_per_minute=0.0,
        step=None,
        is_settling=True,
    )
