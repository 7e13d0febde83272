"""Asks each source whether it would answer: one cheap request each, side by side, for `stormcone doctor`.

Says what was found and nothing else: a source that was not asked is not called ready. Saves nothing.
"""

import os
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum

import structlog

from stormcone.clock import Clock
from stormcone.collecting import hide_secrets
from stormcone.config import Config
from stormcone.errors import CollectError, RateLimited, Refused
from stormcone.pipeline.building import build_collectors, missing_secret
from stormcone.ports import Collector

_log = structlog.get_logger(__name__)
_POLL_TIMEOUTS = 2  # a probe may need a token first


class Readiness(StrEnum):
    """What came of asking a source."""

    READY = "ready"
    WAITING = "waiting"  # it answers, and asks for patience
    NEEDS_KEY = "needs key"
    NOT_READY = "not ready"  # something in the settings keeps it from working
    REFUSED = "refused"  # it answers, and will not serve us until a person acts
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """One source, and one line about it."""

    name: str
    readiness: Readiness
    line: str


def probe_sources(config: Config, clock: Clock, environment: Mapping[str, str] = os.environ) -> tuple[Probed, ...]:
    """Return what each enabled source says, in the order of the settings."""
    collectors = build_collectors(config, clock, environment=environment)
    if not collectors:
        return ()
    pool = ThreadPoolExecutor(len(collectors), thread_name_prefix="probe")
    asked = {
        name: (each, pool.submit(_probe, name, each, missing_secret(each.settings, environment)))
        for name, each in collectors.items()
    }
    found = tuple(_in_time(name, each, future) for name, (each, future) in asked.items())
    pool.shutdown(wait=False, cancel_futures=True)
    return found


def _in_time(name: str, collector: Collector, future: "Future[Probed]") -> Probed:
    seconds = _POLL_TIMEOUTS * collector.settings.timeout_seconds
    try:
        return future.result(timeout=seconds)
    except TimeoutError:
        line = f"did not answer within {seconds:g} seconds; check base_url and the network"
        return Probed(name=name, readiness=Readiness.UNREACHABLE, line=line)


def _probe(name: str, collector: Collector, missing: str | None) -> Probed:
    readiness, line = (
        _asked(collector)
        if missing is None
        else (Readiness.NEEDS_KEY, f"{missing}; docs/sources/{collector.platform}.md says how to get the key")
    )
    return Probed(
        name=name, readiness=readiness, line=hide_secrets(line.removeprefix(f"{name}: "), collector.context.secrets)
    )


def _asked(collector: Collector) -> tuple[Readiness, str]:
    trouble = collector.check()
    if trouble is not None:
        return Readiness.NOT_READY, trouble
    try:
        collector.probe()
    except RateLimited as error:
        return Readiness.WAITING, str(error)
    except Refused as error:
        return Readiness.REFUSED, str(error)
    except CollectError as error:
        return Readiness.UNREACHABLE, str(error)
    return Readiness.READY, "answers" if type(collector).probe is not Collector.probe else "can be polled"
