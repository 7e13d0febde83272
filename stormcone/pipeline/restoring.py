"""After a restart: teaches the detectors what the store remembers, as if they had never stopped.

Used once at start, and again when history was rewritten (import, rescore). Reads rollups for the long past and single
mentions only for the last two days. Never writes.
"""

from collections import defaultdict
from datetime import datetime, timedelta

from analysis.post_prior import WATCHED_MINUTES
from analysis.strangers import KEPT, MOST_AUTHORS
from analysis.threads import PostKey
from stormcone.models import PostMinute
from stormcone.pipeline.brands import Brands, WatchedBrand
from stormcone.pipeline.explaining import restore_background
from stormcone.pipeline.surroundings import Gatherer
from stormcone.store import Store

_STREAM_DAYS = 28  # four weeks: every hour of the week four times
_POSTS_DAYS = 30
_EXPLAINED = timedelta(hours=3)  # as far back as the press is looked for
_VOTES = timedelta(minutes=WATCHED_MINUTES)
LEARNED = timedelta(days=max(_STREAM_DAYS, _POSTS_DAYS))  # older history teaches a starting watcher nothing


def restore(store: Store, brands: Brands, around: Gatherer, now: datetime) -> None:
    """Teach `brands` and `around` what the store knows of the time before `now`."""
    for name in store.reads.brands():
        brand = brands.get(name)
        minutes = store.reads.brand_minutes(name, since=now - timedelta(days=_STREAM_DAYS), until=now)
        for gap in store.sources.gaps(since=now - timedelta(days=_STREAM_DAYS), brand=name):
            brand.watch.note_gap(gap)
        brand.watch.restore(minutes, until=now)
        _restore_threads(store, brand, name, now)
        restore_background(store, brand.feed, name, minutes, now)
    restore_votes(store, brands, around, now)


def restore_votes(store: Store, brands: Brands, around: Gatherer, now: datetime) -> None:
    """Teach the ballots who has spoken lately and who ever did, the gatherer in which language, and the detectors what
    explains a surge that is going on.
    """
    for name in store.reads.brands():
        _restore_authors(store, brands.get(name), name, now)
    for scored in store.reads.mentions_since(now - _VOTES):
        around.learn((scored,))
        brand = brands.get(scored.mention.brand)
        brand.ballot.restore(scored.mention, scored.scores)
        brand.watch.remember_crossing(scored)
        if scored.mention.posted_at >= now - _EXPLAINED:
            brand.watch.remember(scored)


def _restore_authors(store: Store, brand: WatchedBrand, name: str, now: datetime) -> None:
    for heard in store.reads.authors_heard(name, since=now - timedelta(seconds=KEPT), limit=MOST_AUTHORS):
        brand.ballot.restore_author(
            (heard.platform, heard.author), heard.first_at, last_at=heard.last_at, seen_at=heard.seen_at
        )


def recount_votes(store: Store, brands: Brands, now: datetime) -> None:
    """Empty the ballots and cast what is stored: votes for mentions that were not stored after all are taken back."""
    brands.forget_votes()
    for scored in store.reads.mentions_since(now - _VOTES):
        brands.get(scored.mention.brand).ballot.restore(scored.mention, scored.scores)


def _restore_threads(store: Store, brand: WatchedBrand, name: str, now: datetime) -> None:
    since = now - timedelta(days=_POSTS_DAYS)
    by_post: defaultdict[PostKey, list[PostMinute]] = defaultdict(list)
    for minute in store.reads.post_minutes(name, since=since, until=now):
        by_post[minute.platform, minute.post_id].append(minute)
    opened = {
        (post.mention.platform, post.mention.id): post.mention.posted_at
        for post in store.reads.own_posts(name, since=since, limit=1_000)
        if post.mention.parent_id is None
    }
    unseen = {key: minutes[0].minute for key, minutes in by_post.items() if key not in opened}
    looks = defaultdict(list)
    for seen in store.reads.engagements_since(since, brand=name):
        looks[seen.platform, seen.post_id].append(seen)
    for key, posted_at in sorted((opened | unseen).items(), key=lambda item: item[1]):
        brand.watch.restore_thread(
            key, posted_at, minutes=by_post[key], looks=looks[key], is_seen=key in opened, until=now
        )
