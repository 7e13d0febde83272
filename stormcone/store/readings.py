"""Keeps what the detector saw: the newest verdict on each brand, and the normal band that screens draw.

Written by the watcher once a step, for all brands in one transaction; read by the dashboard. Never judges.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from stormcone.models import Level, Trust, Verdict
from stormcone.store.database import Database
from stormcone.store.tables import brand_now, stream_step
from stormcone.store.upserts import insert_new, insert_or_replace


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamStep:
    """One step of a brand's stream as the detector saw it, at its end; usual_* are None while warming up."""

    brand: str
    at: datetime
    voices: float
    usual_voices: float | None
    spread_voices: float | None
    against: float
    level: Level
    trust: Trust


class ReadingStore:
    """Newest verdicts and past steps."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, verdicts: Sequence[tuple[Verdict, str]]) -> None:
        """Store the newest stream verdicts of several brands, each with its journal line, in one transaction."""
        with self._database.write() as connection:
            insert_new(connection, stream_step, [_step_row(each) for each, _ in verdicts if each.step])
            newest = [{"brand": each.brand, "at": each.at, "verdict_json": line} for each, line in verdicts]
            insert_or_replace(connection, brand_now, newest)

    def newest(self, brand: str) -> str | None:
        """Return the journal line of the newest verdict on a brand, None before the first."""
        with self._database.read() as connection:
            return connection.execute(
                select(brand_now.c.verdict_json).where(brand_now.c.brand == brand)
            ).scalar_one_or_none()

    def steps(self, brand: str, *, since: datetime, until: datetime) -> tuple[StreamStep, ...]:
        """Return the steps that ended in [since, until], oldest first."""
        query = (
            select(stream_step)
            .where(stream_step.c.brand == brand, stream_step.c.at >= since, stream_step.c.at <= until)
            .order_by(stream_step.c.at)
        )
        with self._database.read() as connection:
            return tuple(
                StreamStep(
                    brand=row.brand,
                    at=row.at,
                    voices=row.voices,
                    usual_voices=row.usual_voices,
                    spread_voices=row.spread_voices,
                    against=row.against,
                    level=Level(row.level),
                    trust=Trust(row.trust),
                )
                for row in connection.execute(query)
            )


def _step_row(verdict: Verdict) -> dict[str, Any]:
    step = verdict.step
    return {
        "brand": verdict.brand,
        "at": verdict.at,
        "voices": step.voices if step else 0.0,
        "usual_voices": step.usual_voices if step else None,
        "spread_voices": step.spread_voices if step else None,
        "against": step.against if step else 0.0,
        "level": int(verdict.level),
        "trust": verdict.trust.value,
    }
