"""An invented course of mentions: a calm afternoon, a post, and what came of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from stormcone.models.courses import Course

AT = datetime(2026, 11, 21, 22, 12, tzinfo=UTC)
STARTS_AT = datetime(2026, 11, 21, 16, 10, tzinfo=UTC)


def make_course(**changes: Any) -> Course:
    facts: dict[str, Any] = {
        "at": AT,
        "starts_at": STARTS_AT,
        "bin_minutes": 5,
        "mentions": (*[4] * 66, 9, 20, 45, 90, 180, 247),
        "low": (*[None] * 6, *[2.0] * 66),
        "high": (*[None] * 6, *[9.0] * 66),
        "not_collected": (20, 21),
        "post_at": STARTS_AT + timedelta(hours=4, minutes=42),
    }
    return Course(**{**facts, **changes})
