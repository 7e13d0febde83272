"""Invented mentions to measure on: a dense day and a sparse stretch, written as mention files.

Used by every benchmark, so that all of them run without any outside data. The texts are those of the drills, the same
for the same seed; nobody real wrote them. Never measures anything.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from collectors.drills.generation import generate
from collectors.drills.scenario import load_scenario
from stormcone.mention_file import FileRow, Record, read_rows, write_jsonl
from stormcone.models import Mention

SEED = 7
_START = datetime(2026, 3, 2, 6, tzinfo=UTC)
_HOUR = timedelta(hours=1)
_STORY = "arms-photo-day"  # the first brand has a storm, the others an ordinary time
_CALM = "calm-week"
_STORY_HOURS = 12.0
_STEPS_PER_HOUR = 12.0  # of five minutes, the detectors' own step


def dense_day(mentions: int, *, brands: int = 5, hours: float = 24.0) -> list[Record]:
    """Return rows with about `mentions` mentions within `hours`, evenly shared by `brands`; oldest first."""
    return _rows(mentions / hours / brands, brands=brands, hours=hours)


def sparse_days(days: float, *, brands: int = 5) -> list[Record]:
    """Return rows with about one mention per brand and five-minute step: the shape of a small real data set."""
    return _rows(_STEPS_PER_HOUR, brands=brands, hours=24.0 * days)


def write_input(rows: Sequence[Record], path: Path) -> None:
    """Write rows as a JSONL mention file."""
    with path.open("w", encoding="utf-8") as stream:
        write_jsonl(rows, stream)


def read_input(path: Path) -> list[FileRow]:
    """Return the readable rows of a mention file, read and judged cell by cell like any other."""
    return [row for row in read_rows(path) if isinstance(row, FileRow)]


def _rows(per_hour: float, *, brands: int, hours: float) -> list[Record]:
    rows = [row for number in range(brands) for row in _one_brand(number, per_hour, hours)]
    return [record for _, record in sorted(rows, key=lambda pair: pair[0])]


def _one_brand(number: int, per_hour: float, hours: float) -> Iterator[tuple[datetime, Record]]:
    story_hours = min(_STORY_HOURS, hours)
    scenario = load_scenario(_CALM if number else _STORY).model_copy(
        update={
            "brand": f"Brand {number}",
            "platform": f"drill{number}",  # every drill counts its ids from 1
            "mentions_per_hour": per_hour,
            "live_minutes": int(story_hours * 60),
        }
    )
    starts_at = _START + (hours - story_hours) * _HOUR
    drill = generate(scenario, start=starts_at, seed=SEED + number, history_days=(hours - story_hours) / 24.0)
    yield from ((mention.seen_at, mention) for mention in drill.mentions)
    yield from ((look.seen_at, look) for look in drill.engagements)


def stream_mentions(path: Path) -> Iterator[Mention]:
    """Yield the mentions of a mention file one by one, without keeping any."""
    return (row.record for row in read_rows(path) if isinstance(row, FileRow) and isinstance(row.record, Mention))


def texts_of(rows: Sequence[FileRow]) -> list[str]:
    """Return the texts of the mentions among `rows`, in order."""
    return [row.record.text for row in rows if isinstance(row.record, Mention)]
