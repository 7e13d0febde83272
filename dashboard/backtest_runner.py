"""Runs back-tests for the Back-test page: `stormcone replay --stored` in a process of its own, one at a time.

However many people look at the page, one process plays; the others are told. A run is bounded in time, can be
cancelled, and leaves nothing behind but its answer, kept in memory until newer ones push it out. Imports nothing of
the pipeline, passes no secret on its command line (the child reads settings and environment itself), writes no store.
"""

import atexit
import json
import subprocess
import sys
import threading
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import IO, Protocol

import streamlit as st

from stormcone.backtest import Ledger, Replayed, read_told
from stormcone.journal import iso

_MOST_SECONDS = 900.0
_KEPT_RUNS = 16
_REASON_CHARS = 300
_NO_REASON = "it ended without a word; run `stormcone replay --stored` to see why"


class Stage(StrEnum):
    """Where a run stands."""

    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    TOO_LONG = "too long"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked: this brand, collected in [since, until), with so many false pages a month."""

    brand: str
    since: datetime
    until: datetime
    budget: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A back-test as it stands.

    done, of: mentions played, and how many there are (0 before that is known). at: simulated instant reached.
    incidents, mentions: the answer, complete once the stage is DONE. reason: one line, where it FAILED.
    """

    key: str
    question: Question
    stage: Stage = Stage.RUNNING
    done: int = 0
    of: int = 0
    at: datetime | None = None
    incidents: tuple[Replayed, ...] = ()
    mentions: int = 0
    reason: str = ""


class Runs(Protocol):
    """What the page needs of a runner."""

    @property
    def current(self) -> Run | None:
        """The run that is under way, whoever started it."""
        ...

    def start(self, question: Question) -> Run | None:
        """Begin a run; None while another one is under way."""
        ...

    def look(self, key: str) -> Run | None:
        """Return a run by its key, None where it is not known any more."""
        ...

    def cancel(self, key: str) -> None:
        """End a run that is under way."""
        ...


class BacktestRunner:
    """Runs one process at a time. command: what to start, up to the words that ask the question."""

    def __init__(self, command: Sequence[str], *, most_seconds: float = _MOST_SECONDS) -> None:
        self._command = tuple(command)
        self._most_seconds = most_seconds
        self._lock = threading.Lock()
        self._runs: dict[str, Run] = {}
        self._process: subprocess.Popen[str] | None = None
        self._current: str | None = None
        atexit.register(self.close)

    @property
    def current(self) -> Run | None:
        """The run that is under way, whoever started it."""
        with self._lock:
            return None if self._current is None else self._runs[self._current]

    def start(self, question: Question) -> Run | None:
        """Begin a run; None while another one is under way."""
        run = Run(key=uuid.uuid4().hex[:12], question=question)
        with self._lock:
            if self._current is not None:
                return None
            self._current = run.key
            self._runs[run.key] = run
            while len(self._runs) > _KEPT_RUNS:
                del self._runs[next(iter(self._runs))]
        threading.Thread(target=self._play, args=(run,), name="backtest", daemon=True).start()
        return run

    def look(self, key: str) -> Run | None:
        """Return a run by its key, None where it is not known any more."""
        with self._lock:
            return self._runs.get(key)

    def cancel(self, key: str) -> None:
        """End a run that is under way; another one is left alone."""
        self._end(key, Stage.CANCELLED)

    def close(self) -> None:
        """End whatever is under way."""
        run = self.current
        if run is not None:
            self._end(run.key, Stage.CANCELLED)

    def _end(self, key: str, stage: Stage) -> None:
        with self._lock:
            if self._current != key or self._runs[key].stage is not Stage.RUNNING:
                return
            self._runs[key] = replace(self._runs[key], stage=stage)
            if self._process is not None:
                self._process.kill()  # it holds nothing that would have to be saved

    def _play(self, run: Run) -> None:
        try:
            process = self._spawn(run)
            if process is not None:
                with process:
                    self._follow(run, process)
        finally:
            with self._lock:
                self._process = self._current = None

    def _spawn(self, run: Run) -> subprocess.Popen[str] | None:
        """Start the process; None where it was cancelled before, or cannot be started."""
        with self._lock:
            if self._runs[run.key].stage is not Stage.RUNNING:
                return None
            try:
                self._process = subprocess.Popen(  # noqa: S603 - our own command, each word made here
                    [*self._command, *_words(run.question)],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                    encoding="utf-8",
                    errors="replace",
                )
            except OSError as error:
                reason = f"cannot be started: {error.strerror or error}"
                self._runs[run.key] = replace(self._runs[run.key], stage=Stage.FAILED, reason=reason)
            return self._process

    def _follow(self, run: Run, process: subprocess.Popen[str]) -> None:
        limit = threading.Timer(self._most_seconds, self._end, args=(run.key, Stage.TOO_LONG))
        limit.daemon = True
        limit.start()
        said: list[str] = []
        listener = threading.Thread(target=self._listen, args=(run.key, process.stderr, said), daemon=True)
        listener.start()
        try:
            answer = _read_answer(process.stdout)
        except ValueError as error:
            answer, said = None, [str(error)]
            process.kill()
        code = process.wait()
        listener.join()
        limit.cancel()
        with self._lock:
            now = self._runs[run.key]
            if now.stage is not Stage.RUNNING:
                return
            if code == 0 and answer is not None:
                mentions, incidents = answer
                self._runs[run.key] = replace(now, stage=Stage.DONE, incidents=incidents, mentions=mentions)
            else:
                reason = said[-1] if said else _NO_REASON
                self._runs[run.key] = replace(now, stage=Stage.FAILED, reason=reason[:_REASON_CHARS])

    def _listen(self, key: str, stream: IO[str] | None, said: list[str]) -> None:
        """Take in progress; keep the newest line that is none."""
        for line in stream or ():
            progress = _progress(line)
            if progress is None:
                said[:] = [line.strip().removeprefix("stormcone: ")]
                continue
            done, of, at = progress
            with self._lock:
                self._runs[key] = replace(self._runs[key], done=done, of=of, at=at)


def _words(question: Question) -> list[str]:
    return [
        f"--brand={question.brand}",
        f"--since={iso(question.since)}",
        f"--until={iso(question.until)}",
        f"--false-pages-per-month={question.budget:g}",
    ]


def _read_answer(stream: IO[str] | None) -> tuple[int, tuple[Replayed, ...]] | None:
    """Return mentions and incidents of a replay's output, None where it has no end. Raises: ValueError: it is none."""
    ledger = Ledger()
    for line in stream or ():
        told = read_told(line)
        if told is None:
            return int(json.loads(line)["summary"]["mentions"]), ledger.incidents
        ledger.enter(told)
    return None


def _progress(line: str) -> tuple[int, int, datetime] | None:
    """Return done, of and instant of a line of progress, None for any other line."""
    try:
        found = json.loads(line)["progress"]
        return int(found["done"]), int(found["of"]), datetime.fromisoformat(found["at"])
    except (ValueError, KeyError, TypeError):
        return None


@st.cache_resource(max_entries=4, show_spinner=False)
def shared_runner(config_path: str) -> BacktestRunner:
    """Return the runner that all viewers of this server share."""
    command = (sys.executable, "-m", "stormcone", "replay", "--stored", "--json", "--progress", "--config", config_path)
    return BacktestRunner(command)
