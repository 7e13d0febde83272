from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stormcone.models import Batch, Confidence, ScoredMention
from stormcone.store import Store
from tests.fakes import at, make_mention, make_scored
from tests.sums import kept, recomputed

_numbers = count()

# Figures are multiples of a quarter, so that sums are exact in whatever order they are made.
_shares = st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0])
_mentions = st.builds(
    lambda identifier, minute, seconds, thread, own, **scored: make_scored(
        make_mention(
            str(identifier),
            posted_at=at(minute + seconds / 60),
            root_id=thread,
            parent_id="p" if thread else None,
            is_own_post=own,
        ),
        **scored,
    ),
    identifier=st.integers(0, 12),
    minute=st.integers(-2, 2),
    seconds=st.sampled_from([0, 1, 59]),
    thread=st.sampled_from([None, "p", "q"]),
    own=st.booleans(),
    hostility=_shares,
    voice=st.sampled_from([0.0, 1.0]),
    is_copy=st.booleans(),
    confidence=st.sampled_from(Confidence),
    is_stranger=st.sampled_from([None, False, True]),
    is_personal=st.sampled_from([None, False, True]),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(_mentions, max_size=8), min_size=1, max_size=3))
def test_rollups_are_what_the_stored_mentions_add_up_to(store: Store, batches: list[list[ScoredMention]]) -> None:
    brand = f"brand {next(_numbers)}"
    for batch in batches:
        branded = [
            make_branded(each, brand) for each in batch
        ]  # a brand of its own for each example: the database is made once
        store.mentions.save(branded, Batch())
    stored = list(store.reads.mentions_since(at(-10), brand=brand))
    assert kept(store, brand) == recomputed(stored)
    minutes = [row.minute for row in store.reads.brand_minutes(brand, since=at(-10), until=at(10))]
    assert minutes == sorted(minutes)


def make_branded(each: ScoredMention, brand: str) -> ScoredMention:
    m = each.mention
    mention = make_mention(
        m.id,
        brand=brand,
        posted_at=m.posted_at,
        root_id=m.root_id,
        parent_id=m.parent_id,
        is_own_post=m.is_own_post,
    )
    return ScoredMention(mention=mention, scores=each.scores, vote=each.vote)


@pytest.mark.parametrize(("hostility", "hostile"), [(0.5, 1), (0.25, 0)])
def test_a_mention_is_hostile_from_one_half_on(store: Store, hostility: float, hostile: int) -> None:
    store.mentions.save([make_scored(hostility=hostility)], Batch())
    (minute,) = store.reads.brand_minutes("acme", since=at(0), until=at(1))
    assert minute.hostile == hostile
