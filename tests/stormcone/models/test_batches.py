from typing import Any

import pytest

from stormcone.models import Batch, Deletion, Engagement, Gap, Like, Skip
from tests.fakes import AT, at, make_mention

NAIVE = AT.replace(tzinfo=None)


@pytest.mark.parametrize(
    ("changes", "is_empty"),
    [
        ({}, True),
        ({"cursor": "p2", "requests": 3, "has_more": True}, True),
        ({"skipped": (Skip(place="line 1", reason="no id"),)}, True),
        ({"mentions": (make_mention(),)}, False),
        ({"engagements": (Engagement(platform="x", post_id="1", brand="acme", seen_at=AT),)}, False),
        ({"deletions": (Deletion(platform="x", id="1", brand="acme", seen_at=AT),)}, False),
        ({"likes": (Like(platform="x", id="1", brand="acme", liked_at=AT, text=""),)}, False),
        ({"gaps": (Gap(platform="x", brand=None, started_at=AT, ended_at=AT),)}, False),
    ],
)
def test_a_batch_is_empty_when_it_brought_nothing_to_keep(changes: dict[str, Any], *, is_empty: bool) -> None:
    assert Batch(**changes).is_empty is is_empty


def test_a_gap_does_not_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="a gap ends after it starts"):
        Gap(platform="x", brand=None, started_at=at(1), ended_at=AT)


def test_a_naive_time_is_refused_everywhere() -> None:
    with pytest.raises(ValueError, match="seen_at"):
        Engagement(platform="x", post_id="1", brand="acme", seen_at=NAIVE)
    with pytest.raises(ValueError, match="seen_at"):
        Deletion(platform="x", id="1", brand="acme", seen_at=NAIVE)
    with pytest.raises(ValueError, match="liked_at"):
        Like(platform="x", id="1", brand="acme", liked_at=NAIVE, text="")
    with pytest.raises(ValueError, match="started_at"):
        Gap(platform="x", brand=None, started_at=NAIVE, ended_at=AT)
    with pytest.raises(ValueError, match="ended_at"):
        Gap(platform="x", brand=None, started_at=AT, ended_at=NAIVE)
