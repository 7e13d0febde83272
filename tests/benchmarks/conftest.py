"""Runs a benchmark as a person does: as a command of its own, from the repository's root."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

_ROOT = Path(__file__).parents[2]
_LIMIT_SECONDS = 300  # the sizes of these tests take a few; the machine may be busy


@dataclass(frozen=True, slots=True)
class Ran:
    """What a benchmark left behind; `figures` is its last line, where that is JSON."""

    status: int
    out: str
    err: str

    @property
    def figures(self) -> Any:
        return json.loads(self.out.splitlines()[-1])


@pytest.fixture
def run_benchmark() -> Callable[..., Ran]:
    """Return a function that runs `python -m benchmarks.NAME` with some options."""

    def run(name: str, *options: object) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", f"benchmarks.{name}", *map(str, options)],
            cwd=_ROOT,
            capture_output=True,
            text=True,
            timeout=_LIMIT_SECONDS,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return run
