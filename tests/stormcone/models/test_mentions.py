from dataclasses import FrozenInstanceError
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from stormcone.models import Scores
from stormcone.models.mentions import require_utc
from tests.fakes import AT, make_mention, make_own_post


@pytest.mark.parametrize(
    ("parent", "root", "is_own_post", "thread"),
    [
        ("p", "r", False, "r"),
        ("p", None, False, "p"),
        (None, "r", False, "r"),
        (None, None, False, None),
        ("p", "r", True, None),
    ],
)
def test_a_mention_belongs_to_its_root_and_an_own_post_to_none(
    parent: str | None, root: str | None, thread: str | None, *, is_own_post: bool
) -> None:
    assert make_mention(parent_id=parent, root_id=root, is_own_post=is_own_post).thread_id == thread


@pytest.mark.parametrize("name", ["posted_at", "seen_at"])
@pytest.mark.parametrize(
    "instant",
    [AT.replace(tzinfo=None), AT.astimezone(timezone(timedelta(hours=2)))],
    ids=["naive", "Helsinki"],
)
def test_a_time_that_is_not_utc_is_refused(name: str, instant: datetime) -> None:
    changes: dict[str, Any] = {name: instant}
    with pytest.raises(ValueError, match=f"{name} must be an aware UTC datetime"):
        make_mention(**changes)


def test_utc_by_any_name_is_utc() -> None:
    require_utc("at", AT.replace(tzinfo=timezone(timedelta(0), "Z")))
    require_utc("at", datetime.now(UTC))


def test_a_mention_does_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        make_own_post().text = "never said that"  # type: ignore[misc]  # what is tested


@pytest.mark.parametrize(("negative", "hostility", "against"), [(0.9, 0.1, 0.9), (0.1, 0.8, 0.8), (0.0, 0.0, 0.0)])
def test_a_text_is_against_by_polarity_or_hostility_whichever_is_more(
    negative: float, hostility: float, against: float
) -> None:
    scores = Scores(
        p_negative=negative,
        p_neutral=1 - negative,
        p_positive=0.0,
        compound=None,
        hostility=hostility,
        cues=(),
        lang=None,
        scorer="invented 1",
    )
    assert scores.p_against == against
