"""Hacker News' search as a loopback server: loose matching, tags, time filters, pages, and at most 1,000 hits."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from collectors.hackernews import HackerNewsCollector, HackerNewsSettings
from stormcone.clock import ManualClock
from stormcone.models import Batch, Mention
from stormcone.ports import (
    Allowance,
    Archive,
    CollectorContext,
    EmptyArchive,
    StoredPost,
    Thrift,
    WatchedAccount,
    WatchedBrand,
)
from tests.collectors.loopback import Asked, Reply

WINDOW = 1_000


def story(number: int, at: int, title: str, **given: object) -> dict[str, object]:
    plain: dict[str, object] = {
        "objectID": str(number),
        "created_at_i": at,
        "author": f"author{number}",
        "title": title,
        "url": None,
        "story_text": None,
        "points": 1,
        "num_comments": 0,
        "_tags": ["story", f"author_{given.get('author', f'author{number}')}", f"story_{number}"],
    }
    return plain | given


def comment(number: int, at: int, text: str, *, story_id: int, **given: object) -> dict[str, object]:
    plain: dict[str, object] = {
        "objectID": str(number),
        "created_at_i": at,
        "author": f"author{number}",
        "comment_text": text,
        "story_id": story_id,
        "story_title": "a story",
        "parent_id": story_id,
        "points": None,
        "_tags": ["comment", f"author_{given.get('author', f'author{number}')}", f"story_{story_id}"],
    }
    return plain | given


@dataclass
class FakeSearch:
    """items: what is indexed. faults: replies that stand in for the next answers, None lets one pass."""

    items: list[dict[str, object]] = field(default_factory=list)
    faults: list[Reply | None] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Reply:
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None:
            return fault
        if asked.path != "/api/v1/search_by_date":
            return Reply(status=404, body=b'{"status": 404}')
        per_page, page = int(asked.query["hitsPerPage"]), int(asked.query["page"])
        found = sorted(self._found(asked), key=lambda each: (-_at(each), -int(str(each["objectID"]))))
        shown = found[:WINDOW]
        answer = {
            "hits": shown[page * per_page : (page + 1) * per_page],
            "nbHits": len(found) if page * per_page < WINDOW else 0,
            "nbPages": -(-len(shown) // per_page),
            "page": page,
            "hitsPerPage": per_page,
        }
        return Reply(body=json.dumps(answer).encode())

    def _found(self, asked: Asked) -> list[dict[str, object]]:
        words = asked.query.get("query", "").lower().split()
        tags = [tag for tag in asked.query.get("tags", "").split(",") if tag]
        bounds = re.findall(r"created_at_i([<>])(\d+)", asked.query.get("numericFilters", ""))
        return [
            each
            for each in self.items
            if all(word in json.dumps(each).lower() for word in words)
            and all(tag in each["_tags"] for tag in tags)  # type: ignore[operator]  # a list of texts
            and all(_at(each) > int(bound) if sign == ">" else _at(each) < int(bound) for sign, bound in bounds)
        ]


def _at(item: dict[str, object]) -> int:
    at = item["created_at_i"]
    return at if isinstance(at, int) else 0


NOW = datetime(2026, 11, 3, 15, 0, tzinfo=UTC)
T = int(NOW.timestamp())
ACME = WatchedBrand(name="Acme", keywords=("acme",), accounts=(WatchedAccount(handle="acme_team"),))
QUIET = WatchedBrand(name="Acme", keywords=("acme",))


@dataclass
class Shelf(EmptyArchive):
    """An archive that holds what a test puts into it."""

    own: list[StoredPost] = field(default_factory=list)
    due: list[StoredPost] = field(default_factory=list)

    def own_posts(self, *, since: datetime) -> Sequence[StoredPost]:
        return self.own

    def due_for_check(self, *, checked_before: datetime, limit: int) -> Sequence[StoredPost]:
        return [post for post in self.due if post.posted_at < checked_before][:limit]


class Watch:
    """A collector, its clock, its cursor and everything that was stored: a small stand-in for the watcher."""

    def __init__(self, url: str, *brands: WatchedBrand, archive: Archive | None = None, timeout: float = 5) -> None:
        self.clock = ManualClock(NOW)
        context = CollectorContext(
            brands=brands or (QUIET,),
            clock=self.clock,
            base_folder=".",
            secrets={},
            archive=archive or EmptyArchive(),
        )
        self.source = HackerNewsCollector(HackerNewsSettings(base_url=url, timeout_seconds=timeout), context)
        self.cursor: str | None = None
        self.stored: dict[tuple[str, str], Mention] = {}
        self.texts: dict[str, str] = {}

    def poll(self, *, requests: int = 100, thrift: Thrift = Thrift.NONE, is_saved: bool = True) -> Batch:
        deadline = self.clock.now() + timedelta(seconds=60)
        batch = self.source.poll(self.cursor, Allowance(requests=requests, thrift=thrift), deadline)
        if is_saved:
            self.cursor = batch.cursor
            for mention in batch.mentions:
                self.stored.setdefault((mention.id, mention.brand), mention)
                self.texts.setdefault(mention.id, mention.text)
            self.texts |= {edit.id: edit.text for edit in batch.edits}
        return batch

    def later(self, **delta: float) -> None:
        self.clock.move_to(self.clock.now() + timedelta(**delta))

    @property
    def ids(self) -> set[str]:
        return {post_id for post_id, _ in self.stored}
