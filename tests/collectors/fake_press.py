"""News feeds as a loopback server, and a stand-in for the watcher that polls them."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from collectors.news import NewsCollector, NewsSettings
from stormcone.clock import ManualClock
from stormcone.models import Batch
from stormcone.ports import Allowance, CollectorContext, Thrift, WatchedBrand
from tests.collectors.loopback import Asked, Loopback, Reply

NOW = datetime(2026, 11, 3, 15, 0, tzinfo=UTC)
ACME = WatchedBrand(name="Acme", keywords=("acme",))


def item(link: str, title: str, *, at: datetime | None = NOW - timedelta(hours=1), summary: str = "") -> str:
    date = f"<pubDate>{format_datetime(at)}</pubDate>" if at else ""
    return f"<item><title>{title}</title><link>{link}</link>{date}<description>{summary}</description></item>"


def rss(*items: str, title: str = "The Daily", head: str = '<?xml version="1.0" encoding="utf-8"?>') -> bytes:
    inner = "".join(items)
    return f'{head}<rss version="2.0"><channel><title>{title}</title>{inner}</channel></rss>'.encode()


def atom(*entries: str, title: str = "The Weekly") -> bytes:
    inner = "".join(entries)
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>{title}</title>{inner}</feed>'.encode()


WHOLE = item("https://daily.example/1", "Acme caf\u00e9")


class Press:
    """Feeds by path; what a test puts there is served."""

    def __init__(self) -> None:
        self.feeds: dict[str, Reply] = {}

    def __call__(self, asked: Asked) -> Reply:
        reply = self.feeds.get(asked.path, Reply(status=404))
        etag = reply.headers.get("ETag")
        if etag is not None and asked.headers.get("if-none-match") == etag:
            return Reply(status=304, headers=reply.headers)
        return reply


class Watch:
    """A collector, its clock and its cursor."""

    def __init__(
        self, server: Loopback, *paths: str, brands: tuple[WatchedBrand, ...] = (ACME,), timeout: float = 5
    ) -> None:
        self.clock = ManualClock(NOW)
        self.cursor: str | None = None
        feeds = tuple(f"{server.url}{path}" for path in paths)
        context = CollectorContext(brands=brands, clock=self.clock, base_folder=".", secrets={})
        self.source = NewsCollector(NewsSettings(feeds=feeds, timeout_seconds=timeout), context)

    def poll(self, *, thrift: Thrift = Thrift.NONE, requests: int = 100) -> Batch:
        deadline = self.clock.now() + timedelta(seconds=60)
        batch = self.source.poll(self.cursor, Allowance(thrift=thrift, requests=requests), deadline)
        self.cursor = batch.cursor
        return batch

    def later(self, **delta: float) -> None:
        self.clock.move_to(self.clock.now() + timedelta(**delta))


def ids(batch: Batch) -> list[str]:
    return [mention.id for mention in batch.mentions]
