"""Has a chart drawn in a process of its own, within a bound; a message whose chart fails goes out without it.

Used by channels that show pictures. Drawing takes half a second and 90 MB, so it is done beside the watcher, killed
when it takes too long, and left alone where messages follow each other so fast that it would hold them up. Never
raises.
"""

import json
import os
import subprocess
import sys
import time
from collections import deque

import structlog

from alerts.chart import chart_spec
from stormcone.models.courses import Course

_log = structlog.get_logger(__name__)

MOST_PER_MINUTE = 12  # a storm of messages goes out without pictures rather than late
MAX_BYTES = 1_000_000  # usually 160,000
_PNG = b"\x89PNG\r\n\x1a\n"
_MINUTE_SECONDS = 60.0
# All that the process gets of our environment: no secret, no proxy.
_KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT")


class ChartDrawer:
    """Draws for one channel. Args: channel: its id, for the log. seconds: after which a drawing is given up."""

    def __init__(self, channel: str, *, seconds: float) -> None:
        self._channel = channel
        self._seconds = seconds
        self._begun: deque[float] = deque(maxlen=MOST_PER_MINUTE)
        self._last: tuple[Course, str, bytes] | None = None

    def png(self, course: Course, *, brand: str) -> bytes | None:
        """Return the picture of a course, None where there is none in time.

        The last one is kept: a message that is tried again has the same.
        """
        if self._last is not None and self._last[:2] == (course, brand):
            return self._last[2]
        now = time.monotonic()
        if len(self._begun) == MOST_PER_MINUTE and now - self._begun[0] < _MINUTE_SECONDS:
            _log.info("chart_left_out", channel=self._channel, reason="many messages a minute")
            return None
        self._begun.append(now)
        picture = self._drawn(json.dumps(chart_spec(course, brand=brand)).encode())
        if picture is not None:
            self._last = (course, brand, picture)
        return picture

    def _drawn(self, specification: bytes) -> bytes | None:
        environment = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
        try:
            done = subprocess.run(
                [sys.executable, "-P", "-m", "alerts.channels._chart_child"],
                input=specification,
                env={**environment, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=self._seconds,
                check=False,
            )
        except (subprocess.TimeoutExpired, OSError) as error:
            _log.warning("chart_left_out", channel=self._channel, reason=type(error).__name__)
            return None
        if done.returncode != 0 or not done.stdout.startswith(_PNG) or len(done.stdout) > MAX_BYTES:
            _log.warning("chart_left_out", channel=self._channel, reason=f"drawing ended with {done.returncode}")
            return None
        return done.stdout
