"""Invented scenes in a real database, written through the store's own doors: what the dashboard's tests look at."""

import random
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from stormcone.config import EscalationSettings, load_config
from stormcone.config.detector import DetectorSettings
from stormcone.incidents import observe
from stormcone.journal import transition_line, verdict_line
from stormcone.models import (
    Action,
    Advice,
    Avoid,
    Axis,
    Batch,
    Because,
    Confidence,
    Engagement,
    Evidence,
    Forecast,
    ForecastBand,
    Gap,
    Incident,
    Kind,
    Level,
    Mention,
    Reading,
    ScoredMention,
    Scores,
    StepReading,
    Trust,
    Verdict,
    Vote,
)
from stormcone.store import Store, open_store

BRAND = "Acme"
POST = ("bluesky", "own-storm")
CONFIG = """
[store]
url = "sqlite:///stormcone.db"
[dashboard]
refresh_seconds = {refresh_seconds}
[[brand]]
name = "Acme"
time_zone = "Europe/Helsinki"
[collectors.file]
path = "drop"
{more}
"""
PEOPLE = """
[[people]]
id = "ann"
channels = ["hook"]
[[channels]]
id = "hook"
type = "webhook"
url = "http://127.0.0.1:9/hook"
secret_env = "HOOK_SECRET"
allow_private = true
[rota]
people = ["ann"]
"""
ANGRY = (
    "who approved this? read the room",
    "deleting my account after this one",
    "not a good look, apologise",
    "you are laughing at your own customers",
)
MILD = ("picked up my order today", "does the shop open on Sunday?", "nice colours", "still waiting for a reply")


REASONS = (
    Reading(
        signal="velocity",
        axis=Axis.VOLUME,
        value=412,
        expected=4.2,
        text="412 voices in 30 min where 4.2 are usual",
    ),
    Reading(
        signal="against_share",
        axis=Axis.COMPOSITION,
        value=0.8,
        expected=0.22,
        text="80 % against where 22 % are usual",
    ),
    Reading(
        signal="reach",
        axis=Axis.HARM,
        value=1_200_000,
        expected=None,
        text="angry_7 has 1,200,000 followers",
    ),
)
STORM_FORECAST = Forecast(
    bands=(
        ForecastBand(horizon=timedelta(hours=1), low=1200, mid=1900, high=3100),
        ForecastBand(horizon=timedelta(hours=3), low=2100, mid=5000, high=9800),
    )
)
CALM_FORECAST = Forecast(bands=(ForecastBand(horizon=timedelta(hours=1), low=5, mid=12, high=30),))
STORM_ADVICE = Advice(
    action=Action.HOLD,
    within_minutes=30,
    because=(
        Because(
            rule="serious-unknown-cause",
            text="Severity 4 and the cause is not known yet: hold, find out, prepare a statement.",
            source="Stormcone's own threshold",
        ),
    ),
    also=(Action.PREPARE_STATEMENT, Action.PAUSE_QUEUE),
    avoid=(Avoid.SILENT_DELETE,),
)
CALM_ADVICE = Advice(action=Action.NONE, within_minutes=0, because=())


def write_config(folder: Path, *, refresh_seconds: float = 5, more: str = "") -> Path:
    path = folder / "config.toml"
    path.write_text(CONFIG.format(refresh_seconds=refresh_seconds, more=more), encoding="utf-8")
    return path


class Scene:
    """A database beside a config.toml, and what happens in it up to `now`."""

    def __init__(self, config_path: Path, now: datetime, *, brand: str = BRAND) -> None:
        self.config = load_config(config_path)
        self.store: Store = open_store(self.config.store.url, folder=self.config.folder)
        self.now = now
        self.brand = brand
        self._random = random.Random(7)
        self._count = 0

    def close(self) -> None:
        self.store.close()

    def with_source(self, name: str = "file", *, lag_seconds: float = 3, error: str | None = None) -> "Scene":
        answered_at = self.now - timedelta(seconds=lag_seconds)
        self.store.sources.register(name, poll_seconds=60, now=answered_at)
        self.store.sources.record_success(name, at=answered_at)
        if error is not None:
            self.store.sources.record_failure(name, error=error)
        return self

    def with_quiet_days(self, hours: int = 48) -> "Scene":
        """A mention every four minutes or so, a post every nine hours."""
        fresh = [
            self._mention(self.now - timedelta(minutes=minute), hostile=self._random.random() < 0.2)
            for minute in range(35, hours * 60)
            if self._random.random() < 0.25
        ]
        fresh += [
            self._own_post(f"own-{index}", self.now - timedelta(hours=9 * index + 6)) for index in range(hours // 9)
        ]
        self.store.mentions.save(fresh, Batch())
        return self

    def with_steps(
        self, *, level: Level, trust: Trust = Trust.SETTLED, hours: int = 24, ends_ago: timedelta | None = None
    ) -> "Scene":
        """Save the detector's steps; the newest verdict ends `ends_ago` before now."""
        last = self.now - (ends_ago or timedelta(minutes=1))
        verdicts = []
        for index in range(hours * 12, -1, -1):
            known = trust is not Trust.WARMING_UP
            step = StepReading(
                minutes=5,
                voices=1.0,
                against=0.2,
                usual_voices=1.2 if known else None,
                spread_voices=1.1 if known else None,
            )
            at = last - timedelta(minutes=5 * index)
            verdict = self.verdict(at, level if index == 0 else Level.CALM, trust=trust, step=step, post=None)
            verdicts.append((verdict, verdict_line(verdict)))
        self.store.readings.save(verdicts)
        return self

    def with_storm(
        self,
        *,
        minutes: int = 38,
        per_minute: int = 40,
        text: str | None = None,
        confidence: Confidence = Confidence.NORMAL,
    ) -> "Scene":
        """A thread that grows by the minute under an own post, and the engagement of that post."""
        posted_at = self.now - timedelta(minutes=minutes + 9)
        fresh = [self._own_post(POST[1], posted_at)]
        for minute in range(minutes):
            at = self.now - timedelta(minutes=minutes - minute)
            size = max(1, round(per_minute * ((minute + 1) / minutes) ** 2))
            for _ in range(size):
                when = at + timedelta(seconds=self._random.random() * 59)
                fresh.append(self._mention(when, hostile=self._random.random() < 0.8, thread=POST[1], text=text))
        seen = Engagement(
            platform=POST[0],
            post_id=POST[1],
            brand=self.brand,
            seen_at=self.now,
            likes=90,
            replies=len(fresh),
            quotes=40,
        )
        fresh = [replace(each, scores=replace(each.scores, confidence=confidence, lang="hu-HU")) for each in fresh]
        self.store.mentions.save(fresh, Batch(engagements=(seen,)))
        return self

    def with_gap(self, *, minutes_ago: int, minutes: int) -> "Scene":
        started_at = self.now - timedelta(minutes=minutes_ago)
        gap = Gap(platform="file", brand=None, started_at=started_at, ended_at=started_at + timedelta(minutes=minutes))
        self.store.mentions.save([], Batch(gaps=(gap,)))
        return self

    def with_incident(
        self,
        *,
        minutes_ago: int = 30,
        level: Level = Level.PAGE,
        pieces: tuple[Evidence, ...] = (),
        headline: str | None = None,
    ) -> Incident:
        """Open an incident the way the watcher does, first lower, then at `level`."""
        current: Incident | None = None
        for ago, stage in ((minutes_ago, Level(max(1, level - 1))), (minutes_ago - 5, level)):
            at = self.now - timedelta(minutes=ago)
            verdict = self.verdict(at, stage, post=POST, headline=headline)
            change = observe(current, verdict, DetectorSettings(), EscalationSettings())
            assert change.transition is not None
            stored = self.store.incidents.apply(
                change.transition,
                notices_for=lambda _incident: (),
                verdict_json=transition_line(change.transition),
                pieces=pieces,
            )
            current = stored.incident
        assert current is not None
        return current

    def evidence(
        self,
        text: str,
        *,
        author: str = "angry_1",
        url: str | None = None,
        confidence: Confidence = Confidence.NORMAL,
    ) -> Evidence:
        self._count += 1
        return Evidence(
            incident_id=0,
            captured_at=self.now - timedelta(minutes=20),
            platform="bluesky",
            mention_id=f"e{self._count}",
            author=author,
            author_followers=12_000,
            text=text,
            url=url,
            p_against=0.9,
            cues=("read the room",),
            confidence=confidence,
        )

    def verdict(
        self,
        at: datetime,
        level: Level,
        *,
        trust: Trust = Trust.SETTLED,
        step: StepReading | None = None,
        post: tuple[str, str] | None = POST,
        headline: str | None = None,
    ) -> Verdict:
        is_storm = level > Level.CALM
        return Verdict(
            brand=self.brand,
            at=at,
            level=level,
            kind=Kind.BACKLASH if is_storm else Kind.UNCLEAR,
            severity=4 if level is Level.PAGE else 2,
            headline=headline
            or f"{self.brand}: backlash on its post of 21 Nov 13:26, 412 voices in 30 min where 4.2 are usual, "
            "330 of them against",
            reasons=REASONS,
            trust=trust,
            forecast=STORM_FORECAST if is_storm else CALM_FORECAST,
            advice=STORM_ADVICE if is_storm else CALM_ADVICE,
            post=post,
            voices_now=412 if is_storm else 7,
            voices_usual=4.2,
            against_now=330 if is_storm else 2,
            velocity_per_minute=19 if is_storm else 0.3,
            step=step,
        )

    def _own_post(self, identifier: str, at: datetime) -> ScoredMention:
        text = "Our new winter jackets are here. Post a picture of yours!"
        mention = Mention(
            platform=POST[0],
            id=identifier,
            brand=self.brand,
            posted_at=at,
            seen_at=at,
            text=text,
            is_own_post=True,
            likes=400,
        )
        return ScoredMention(mention=mention, scores=_scores(0.05), vote=_vote(0.0))

    def _mention(
        self, at: datetime, *, hostile: bool, thread: str | None = None, text: str | None = None
    ) -> ScoredMention:
        self._count += 1
        author = self._random.randrange(5000)
        mention = Mention(
            platform=POST[0],
            id=f"m{self._count}",
            brand=self.brand,
            posted_at=at,
            seen_at=at,
            text=text
            if text is not None and hostile
            else self._random.choice(ANGRY if hostile else MILD) + f" {self._count}",
            author=f"angry_{author}",
            author_followers=int(self._random.paretovariate(0.9) * 50),
            root_id=thread,
            url=f"https://social.test/p/{self._count}",
        )
        against = 0.85 if hostile else 0.1
        return ScoredMention(mention=mention, scores=_scores(against), vote=_vote(against))


def _scores(against: float) -> Scores:
    return Scores(
        p_negative=against,
        p_neutral=(1 - against) * 0.4,
        p_positive=(1 - against) * 0.6,
        compound=None,
        hostility=against,
        cues=("read the room",) if against > 0.5 else (),
        lang="en",
        scorer="test 1",
    )


def _vote(against: float) -> Vote:
    return Vote(voice=1.0, against=against, thread_voice=1.0, thread_against=against, is_copy=False)
