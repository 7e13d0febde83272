from stormcone.models import Batch, Volume
from stormcone.store import Store
from tests.fakes import AT, at


def volume(minutes: float, mentions: int, brand: str = "acme", platform: str = "x") -> Volume:
    return Volume(platform=platform, brand=brand, minute=at(minutes), mentions=mentions)


def test_the_newest_count_of_a_minute_holds(store: Store) -> None:
    store.mentions.save([], Batch(volumes=(volume(0, 3), volume(1, 1), volume(1, 2))))
    store.mentions.save([], Batch(volumes=(volume(1, 7), volume(2, 0))))
    assert store.volumes.since("acme", AT) == (volume(0, 3), volume(1, 7), volume(2, 0))
    assert store.volumes.since("acme", at(1), until=at(2)) == (volume(1, 7),)


def test_brands_and_platforms_are_counted_apart(store: Store) -> None:
    store.mentions.save([], Batch(volumes=(volume(0, 3), volume(0, 4, "bolt"), volume(0, 5, platform="bluesky"))))
    assert store.volumes.since("acme", AT) == (volume(0, 5, platform="bluesky"), volume(0, 3))
    assert store.volumes.since("nobody", AT) == ()
