"""A runner without a process, for the states of the Back-test page; imported from tests.dashboard.backtests."""

from dataclasses import replace
from datetime import datetime

from dashboard.backtest_runner import Question, Run, Stage
from stormcone.backtest import Replayed
from stormcone.models import Kind, Level

KEY = "run1"


class ScriptedRuns:
    """Says what it is told to say, and keeps what it was asked."""

    def __init__(self, *runs: Run, current: Run | None = None) -> None:
        self._runs = {run.key: run for run in runs}
        self.current = current
        self.asked: list[Question] = []
        self.cancelled: list[str] = []

    def start(self, question: Question) -> Run | None:
        self.asked.append(question)
        if self.current is not None:
            return None
        self.current = self._runs[KEY] = Run(key=KEY, question=question)
        return self.current

    def look(self, key: str) -> Run | None:
        return self._runs.get(key)

    def cancel(self, key: str) -> None:
        self.cancelled.append(key)
        self._runs[key] = replace(self._runs[key], stage=Stage.CANCELLED)
        self.current = None


def replayed(opened_at: datetime, told_at: datetime, level: Level, *, headline: str, post: str | None) -> Replayed:
    """Return an incident of a replay, paged once if it got that far."""
    return Replayed(
        incident=int(level),
        brand="Acme",
        post=post,
        opened_at=opened_at,
        told_at=told_at,
        ended_at=None,
        level=level,
        kind=Kind.BACKLASH,
        severity=3,
        headline=headline,
        paged_at=(told_at,) if level is Level.PAGE else (),
    )
