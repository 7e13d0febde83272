"""The YouTube Data API as a loopback server: channels, uploads, videos, threads, answers, lookups, and their errors."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from collectors.youtube import YouTubeCollector, YouTubeSettings
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

KEY = "planted-key-AIzaXYZ"
CHANNEL = "UCaaaaaaaaaaaaaaaaaaaaaa"


def comment(comment_id: str, at: str, text: str, **given: object) -> dict[str, object]:
    plain: dict[str, object] = {
        "textDisplay": text,
        "authorDisplayName": f"@{comment_id}",
        "authorChannelId": {"value": f"UC{comment_id}"},
        "likeCount": 1,
        "publishedAt": at,
        "updatedAt": at,
    }
    return {"kind": "youtube#comment", "id": comment_id, "snippet": plain | given}


def error(status: int, reason: str, message: str = "said no") -> Reply:
    body = {"error": {"code": status, "message": message, "errors": [{"reason": reason, "domain": "youtube"}]}}
    return Reply(status=status, body=json.dumps(body).encode())


@dataclass
class FakeYouTube:
    """threads: (channel, video, top comment, answers), any order. closed: video or channel id -> reason."""

    channels: dict[str, str] = field(default_factory=lambda: {"acme": CHANNEL})
    videos: dict[str, dict[str, object]] = field(default_factory=dict)
    threads: list[tuple[str, str, dict[str, object], list[dict[str, object]]]] = field(default_factory=list)
    closed: dict[str, str] = field(default_factory=dict)
    faults: dict[str, list[Reply | None]] = field(default_factory=dict)

    def video(self, video_id: str, at: str, title: str, *, channel: str = CHANNEL, **counts: object) -> None:
        snippet = {"title": title, "description": "", "channelId": channel, "publishedAt": at}
        self.videos[video_id] = {"id": video_id, "snippet": snippet, "statistics": counts}

    def thread(self, top: dict[str, object], *answers: dict[str, object], video: str, channel: str = CHANNEL) -> None:
        self.threads.append((channel, video, top, list(answers)))

    def __call__(self, asked: Asked) -> Reply:
        if asked.headers.get("x-goog-api-key") != KEY:
            return error(400, "keyInvalid", "API key not valid.")
        what = asked.path.removeprefix("/youtube/v3/")
        waiting = self.faults.get(what, [])
        fault = waiting.pop(0) if waiting else None
        if fault is not None:
            return fault
        answers = {
            "i18nRegions": lambda _: listed([{"id": "US"}]),
            "channels": self._channels,
            "playlistItems": self._uploads,
            "videos": self._videos,
            "commentThreads": self._threads,
            "comments": self._comments,
        }
        return answers[what](asked.query) if what in answers else Reply(status=404)

    def _channels(self, query: Mapping[str, str]) -> Reply:
        known = query.get("id") or self.channels.get(query.get("forHandle", "").removeprefix("@"))
        if known is None:
            return Reply(body=b'{"kind": "youtube#channelListResponse", "pageInfo": {"totalResults": 0}}')
        uploads = {"relatedPlaylists": {"uploads": f"UU{known[2:]}"}}
        return listed([{"id": known, "contentDetails": uploads}])

    def _uploads(self, query: Mapping[str, str]) -> Reply:
        channel = f"UC{query['playlistId'][2:]}"
        own = [each for each in self.videos.values() if snippet_of(each)["channelId"] == channel]
        own.sort(key=_published, reverse=True)
        details = [{"videoId": each["id"], "videoPublishedAt": _published(each)} for each in own]
        return listed([{"contentDetails": each} for each in details], query)

    def _videos(self, query: Mapping[str, str]) -> Reply:
        return listed([self.videos[each] for each in query["id"].split(",") if each in self.videos])

    def _threads(self, query: Mapping[str, str]) -> Reply:
        place = query.get("videoId") or query.get("allThreadsRelatedToChannelId") or ""
        if place in self.closed:
            return error(404 if self.closed[place].endswith("NotFound") else 403, self.closed[place])
        wanted = query.get("id", "").split(",")
        found = [each for each in self.threads if place in each[:2] or each[2]["id"] in wanted]
        found.sort(key=lambda each: _published(each[2]), reverse=True)
        shaped = [
            {
                "id": top["id"],
                "snippet": {"videoId": video, "topLevelComment": top, "totalReplyCount": len(answers)},
                **({"replies": {"comments": answers[:2]}} if answers else {}),
            }
            for _, video, top, answers in found
        ]
        return listed(shaped, query)

    def _comments(self, query: Mapping[str, str]) -> Reply:
        if "parentId" in query:
            return listed(
                [each for *_, top, all_ in self.threads if top["id"] == query["parentId"] for each in all_], query
            )
        there = {each["id"] for *_, top, answers in self.threads for each in (top, *answers)}
        return listed([{"id": each} for each in query["id"].split(",") if each in there])


def snippet_of(item: Mapping[str, object]) -> Mapping[str, object]:
    snippet = item["snippet"]
    return snippet if isinstance(snippet, dict) else {}


def _published(item: Mapping[str, object]) -> str:
    return str(snippet_of(item)["publishedAt"])


def listed(items: list[dict[str, object]], query: Mapping[str, str] | None = None) -> Reply:
    size, start = int((query or {}).get("maxResults", 100)), 0
    token = (query or {}).get("pageToken")
    if token is not None:
        if not token.startswith("page"):
            return error(400, "invalidPageToken")
        start = int(token.removeprefix("page"))
    answer: dict[str, object] = {"kind": "youtube#someListResponse", "items": items[start : start + size]}
    if start + size < len(items):
        answer["nextPageToken"] = f"page{start + size}"
    return Reply(body=json.dumps(answer).encode())


NOW = datetime(2026, 11, 3, 15, 0, tzinfo=UTC)
ACME = WatchedBrand(name="Acme", keywords=("acme",), accounts=(WatchedAccount(handle="acme"),))
BOLT = WatchedBrand(name="Bolt", keywords=("bolt",))
OWN = "ownvideo001"
NAMED = "othervideo1"


def at(seconds: float, now: datetime = NOW) -> str:
    return (now + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Shelf(EmptyArchive):
    own: list[StoredPost] = field(default_factory=list)
    due: list[StoredPost] = field(default_factory=list)

    def own_posts(self, *, since: datetime) -> Sequence[StoredPost]:
        return self.own

    def due_for_check(self, *, checked_before: datetime, limit: int) -> Sequence[StoredPost]:
        return self.due[:limit]


class Watch:
    """A collector, its clock, its cursor and everything that was stored."""

    def __init__(
        self,
        url: str,
        *brands: WatchedBrand,
        videos: tuple[str, ...] = (),
        archive: Archive | None = None,
        key: str | None = KEY,
        timeout: float = 5,
    ) -> None:
        self.clock = ManualClock(NOW)
        context = CollectorContext(
            brands=brands or (ACME,),
            clock=self.clock,
            base_folder=".",
            secrets={} if key is None else {"YOUTUBE_API_KEY": key},
            archive=archive or EmptyArchive(),
        )
        self.source = YouTubeCollector(YouTubeSettings(base_url=url, videos=videos, timeout_seconds=timeout), context)
        self.cursor: str | None = None
        self.stored: dict[tuple[str, str], Mention] = {}

    def poll(self, *, requests: int = 100, thrift: Thrift = Thrift.NONE, is_saved: bool = True) -> Batch:
        deadline = self.clock.now() + timedelta(seconds=60)
        batch = self.source.poll(self.cursor, Allowance(requests=requests, thrift=thrift), deadline)
        if is_saved:
            self.cursor = batch.cursor
            for mention in batch.mentions:
                self.stored.setdefault((mention.id, mention.brand), mention)
        return batch

    def later(self, **delta: float) -> None:
        self.clock.move_to(self.clock.now() + timedelta(**delta))

    @property
    def ids(self) -> set[str]:
        return {post_id for post_id, _ in self.stored}
