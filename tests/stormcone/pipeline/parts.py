"""Small real stand-ins for the pipeline's neighbours, and storms of mentions to feed it with.

Imported by tests as `from tests.stormcone.pipeline.parts import make_pipeline`.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from stormcone.clock import Clock, ManualClock
from stormcone.config import Config
from stormcone.models import NOTHING_KNOWN, Batch, Mention, Scores, Surroundings, Transition
from stormcone.pipeline import Pipeline, build_pipeline
from stormcone.ports import Allowance, Collector, CollectorContext, SourceSettings
from stormcone.store import MEMORY_URL, Store, open_store
from tests.fakes import AT, at, make_mention, make_own_post

ANGRY = "shame on you, delete this"


class WordScorer:
    """Calls a text hostile that holds the word shame."""

    name = "words 1"

    def score(self, mentions: Sequence[Mention], around: Surroundings = NOTHING_KNOWN) -> list[Scores]:
        return [self._score("shame" in mention.text) for mention in mentions]

    def _score(self, is_angry: bool) -> Scores:
        negative = 0.75 if is_angry else 0.125
        return Scores(
            p_negative=negative,
            p_neutral=0.875 - negative,
            p_positive=0.125,
            compound=None,
            hostility=0.875 if is_angry else 0.0,
            cues=("contempt",) if is_angry else (),
            lang="en",
            scorer=self.name,
        )


class Failing:
    """Stands before a door of the store; the named method raises the given errors first, one a call."""

    def __init__(self, door: object, method: str, *errors: Exception) -> None:
        self._door, self._method, self._errors = door, method, list(errors)

    def fail_next(self, error: Exception) -> None:
        """Raise `error` at the next call."""
        self._errors.append(error)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._door, name)
        if name != self._method or not self._errors:
            return found

        def fail(*_: object, **__: object) -> None:
            raise self._errors.pop(0)

        return fail


class ScriptedSettings(SourceSettings):
    """[collectors.scripted]."""

    poll_seconds: float = 60


class Scripted(Collector):
    """Answers each poll with the next batch or error of its script, then with nothing new."""

    platform = "scripted"
    Settings = ScriptedSettings

    def __init__(self, *answers: Batch | Exception, clock: Clock, poll_seconds: float = 60) -> None:
        context = CollectorContext(brands=(), clock=clock, base_folder=".", secrets={})
        super().__init__(ScriptedSettings(poll_seconds=poll_seconds), context)
        self._answers = list(answers)
        self.cursors: list[str | None] = []
        self.allowances: list[Allowance] = []

    def poll(self, cursor: str | None, allowance: Allowance, deadline: datetime) -> Batch:
        self.cursors.append(cursor)
        self.allowances.append(allowance)
        answer = self._answers.pop(0) if self._answers else Batch(cursor=cursor)
        if isinstance(answer, Exception):
            raise answer
        return answer


def make_pipeline(
    store: Store | None = None, *, start: datetime = AT, config: Config | None = None
) -> tuple[Pipeline, ManualClock]:
    """Return a pipeline on a store (in memory where none is given) and the clock that it goes by."""
    clock = ManualClock(start)
    return build_pipeline(config or Config(), store or open_store(MEMORY_URL), clock, scorer=WordScorer()), clock


def spoil(store: Store, door: str, method: str, *errors: Exception) -> Store:
    """Return the store with a door that fails first."""
    doors: dict[str, Any] = {door: Failing(getattr(store, door), method, *errors)}
    return replace(store, **doors)


def make_calm(days: float, until: datetime = AT) -> list[Mention]:
    """Return a mention every quarter of an hour, each by somebody else, oldest first."""
    count = int(days * 96)
    return [
        make_mention(
            f"calm-{n}",
            author=f"neighbour-{n}",
            text=f"number {n} was at the harbour",
            parent_id=None,
            root_id=None,
            **_at(until - timedelta(minutes=15 * (count - n))),
        )
        for n in range(count)
    ]


def make_storm(
    replies: int, since: datetime = AT, *, seconds: float = 10, change: Callable[[int], dict[str, Any]] = lambda _: {}
) -> list[Mention]:
    """Return an own post and angry replies by as many people, one every few seconds."""
    hostile = [
        make_mention(
            f"reply-{n}",
            **{
                "author": f"stranger-{n}",
                "text": f"{ANGRY} {n * 7919}",
                **_at(since + timedelta(minutes=1, seconds=seconds * n)),
                **change(n),
            },
        )
        for n in range(replies)
    ]
    return [make_own_post(**_at(since)), *hostile]


def play(pipeline: Pipeline, mentions: list[Mention], *, until: float) -> list[Transition]:
    """Let the mentions come in as a live watcher would see them, a tick every five minutes; return what happened."""
    happened: list[Transition] = []
    waiting = sorted(mentions, key=lambda mention: mention.seen_at)
    now = waiting[0].seen_at
    while now < at(until):
        now += timedelta(minutes=5)
        due = [each for each in waiting if each.seen_at <= now]
        waiting = waiting[len(due) :]
        pipeline.ingest.take(Batch(mentions=tuple(due)))
        happened += pipeline.desk.tick(now)
    return happened


def _at(instant: datetime) -> dict[str, Any]:
    return {"posted_at": instant, "seen_at": instant}
