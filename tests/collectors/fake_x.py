"""X on loopback: a small stateful world that answers as API v2 does, and fails when told to.

For the tests of collectors/x.py. Time is the test's own clock. Every text in it is invented.
"""

import json
import re
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from collectors._x_ids import id_at
from stormcone.clock import ManualClock

TOKEN = "planted-token-8d1f"
_PRICES = {"post": 0.005, "owned": 0.001, "user": 0.010, "counts": 0.005}
_NEW_NAMES = {
    "referenced_tweets": "referenced_posts",
    "edit_history_tweet_ids": "edit_history_post_ids",
    "retweet_count": "repost_count",
    "tweet_count": "post_count",
}


@dataclass(kw_only=True)
class FakePost:
    id: int
    author_id: str
    text: str
    at: datetime
    indexed_at: datetime
    conversation: int
    replied_to: int | None = None
    quoted: int | None = None
    likes: int = 0
    is_gone: bool = False
    is_superseded: bool = False
    history: list[int] = field(default_factory=list)


@dataclass(kw_only=True)
class Fault:
    """What happens instead of (or to) an answer, the next `times` times that a path holds `path`."""

    path: str = "/2/"
    times: int = 1
    spared: int = 0  # so many requests pass before
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    hang: threading.Event | None = None
    drip: bool = False
    truncate: bool = False


class FakeX:
    """The world and its server; a context manager that always shuts down."""

    def __init__(
        self, clock: ManualClock, *, search_lag: timedelta = timedelta(seconds=30), new_names: bool = False
    ) -> None:
        self.clock, self.search_lag, self.new_names = clock, search_lag, new_names
        self.users: dict[str, dict[str, Any]] = {}
        self.posts: dict[int, FakePost] = {}
        self.liked: dict[str, list[int]] = {}
        self.faults: list[Fault] = []
        self.log: list[tuple[str, dict[str, str]]] = []
        self.keys: set[str] = set()
        self.owner = ""
        self.limit: dict[str, tuple[int, datetime]] = {}  # part of a path -> requests left, reset
        self._billed: dict[tuple[str, str, str], str] = {}
        self._counted = 0
        self._lock = threading.RLock()
        self._serial = 0
        self.clock_ahead_seconds = 0.0  # of the Date it tells
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"world": self}))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for fault in self.faults:
            if fault.hang:
                fault.hang.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def user(self, name: str, *, followers: int = 100, is_owner: bool = False) -> str:
        user_id = str(5_000_000 + len(self.users))
        self.users[user_id] = {"id": user_id, "username": name, "followers": followers}
        if is_owner:
            self.owner = user_id
        return user_id

    def post(
        self,
        author: str,
        text: str,
        *,
        at: datetime | None = None,
        indexed_at: datetime | None = None,
        reply_to: int | None = None,
        quote_of: int | None = None,
    ) -> int:
        at = at or self.clock.now()
        self._serial += 1
        number = id_at(at) + self._serial
        self.posts[number] = FakePost(
            id=number,
            author_id=self._id_of(author) or self.user(author),
            text=text,
            at=at,
            indexed_at=indexed_at or at,
            conversation=self.posts[reply_to].conversation if reply_to else number,
            replied_to=reply_to,
            quoted=quote_of,
            history=[number],
        )
        return number

    def edit(self, number: int, text: str) -> int:
        old = self.posts[number]
        new = self.post("x", text)
        old.is_superseded = True
        old.history.append(new)
        made = self.posts[new]
        made.author_id, made.at, made.history, made.conversation = old.author_id, old.at, old.history, old.conversation
        made.replied_to, made.quoted = old.replied_to, old.quoted
        return new

    def fail(self, fault: Fault) -> Fault:
        self.faults.append(fault)
        return fault

    def served(self) -> set[str]:
        """Ids (of the first version) of all that is public now."""
        return {str(post.history[0]) for post in self._listed()}

    def cost(self) -> float:
        return round(sum(_PRICES[kind] for kind in self._billed.values()) + _PRICES["counts"] * self._counted, 6)

    def asked(self, part: str) -> list[dict[str, str]]:
        """Queries of the requests whose path holds `part`."""
        return [query for path, query in self.log if part in path]

    def answer(self, path: str, query: dict[str, str]) -> tuple[int, object]:
        """Return status and body."""
        parts = path.strip("/").split("/")[1:]
        body: object = {"title": "Not Found"}
        status = 404
        match parts:
            case ["usage", "tweets"]:
                status, body = 200, {"data": {"project_usage": "1"}}
            case ["users", "me"]:
                status, body = (200, self._users([self.owner], "id")) if self.owner else (403, {"title": "Unsupported"})
            case ["users", "by"]:
                status, body = 200, self._users(query["usernames"].split(","), "username")
            case ["users", user_id, kind]:
                status, body = 200, self._timeline(user_id, kind, query)
            case ["tweets"]:
                status, body = 200, self._looked_up([int(each) for each in query["ids"].split(",")])
            case ["tweets", "search", "recent"]:
                status, body = self._searched(query)
            case ["tweets", "counts", "recent"]:
                status, body = 200, self._counts(query)
        return status, body

    def _listed(self) -> list[FakePost]:
        now = self.clock.now()
        found = [each for each in self.posts.values() if not (each.is_gone or each.is_superseded)]
        return sorted((each for each in found if max(each.at, each.indexed_at) <= now), key=lambda each: -each.id)

    def _id_of(self, name: str) -> str | None:
        return next((i for i, user in self.users.items() if user["username"].lower() == name.lower()), None)

    def _users(self, wanted: list[str], key: str) -> dict[str, Any]:
        known = {user[key].lower(): user for user in self.users.values()}
        found = [known[name.lower()] for name in wanted if name.lower() in known]
        for user in found:
            self._bill("user", user["id"])
        errors = [_problem(name, "user") for name in wanted if name.lower() not in known]
        data: object = [self._shown_user(user) for user in found]
        if key == "id" and found:
            data = self._shown_user(found[0])
        return {**({"data": data} if found else {}), **({"errors": errors} if errors else {})}

    def _timeline(self, user_id: str, kind: str, query: dict[str, str]) -> object:
        if user_id not in self.users:
            return {"errors": [{"detail": "User has been suspended: [" + user_id + "].", "title": "Forbidden"}]}
        name = re.compile(rf"@{re.escape(self.users[user_id]['username'])}(?!\w)", re.IGNORECASE)
        filters: dict[str, Callable[[FakePost], object]] = {
            "tweets": lambda post: post.author_id == user_id,
            "mentions": lambda post: name.search(post.text),
            "liked_tweets": lambda post: post.id in self.liked.get(user_id, []),
        }
        rows = [post for post in self._listed() if filters[kind](post)]
        rows = rows[:800] if kind == "mentions" else rows
        is_owned = user_id == self.owner and kind != "liked_tweets"
        return self._page(rows, query, "pagination_token", "owned" if is_owned else "post")

    def _searched(self, query: dict[str, str]) -> tuple[int, object]:
        week_ago = id_at(self.clock.now() - timedelta(days=7))
        if int(query.get("since_id", week_ago)) < week_ago:
            message = "'since_id' must be a tweet id created after last week. Please use a 'since_id' that is larger."
            return 400, {"errors": [{"message": message}], "title": "Invalid Request"}
        return 200, self._page(self._matching(query["query"]), query, "next_token", "post")

    def _matching(self, words: str) -> list[FakePost]:
        assert len(words) <= 512
        terms = re.findall(r'"[^"]*"|[^\s()]+', words.removesuffix(" -is:retweet"))
        end = self.clock.now() - self.search_lag
        rows = [post for post in self._listed() if end - timedelta(days=7) < post.at <= end]
        return [post for post in rows if any(_matches(term, post) for term in terms if term != "OR")]

    def _counts(self, query: dict[str, str]) -> dict[str, Any]:
        self._counted += 1
        end = self.clock.now() - self.search_lag
        start = datetime.fromisoformat(query["start_time"])
        rows, bins = self._matching(query["query"]), []
        while start < end:
            until = min(start + timedelta(minutes=1), end)
            count = sum(start <= post.at < until for post in rows)
            bins.append(self._named({"start": _iso(start), "end": _iso(until), "tweet_count": count}))
            start = until
        return {"data": bins, "meta": self._named({"total_tweet_count": len(rows)})}

    def _looked_up(self, ids: list[int]) -> dict[str, Any]:
        there = [self.posts[number] for number in ids if number in self.posts and not self.posts[number].is_gone]
        gone = set(ids) - {post.id for post in there}
        errors = [_problem(str(number), "tweet") for number in sorted(gone)]
        return self._shown(there, "post") | ({"errors": errors} if errors else {})

    def _page(self, rows: list[FakePost], query: dict[str, str], token_name: str, kind: str) -> dict[str, Any]:
        since, until = int(query.get("since_id", 0)), int(query.get("until_id", 1 << 63))
        start = int(query.get(token_name, 1 << 63))
        rows = [post for post in rows if since < post.id < min(until, start)]
        cut = rows[: int(query.get("max_results", 10))]
        meta: dict[str, Any] = {"result_count": len(cut)}
        if len(rows) > len(cut):
            meta["next_token"] = str(cut[-1].id)
        body = self._shown(cut, kind) | {"meta": meta}
        if "author_id" in query.get("expansions", "") and cut:
            users = {post.author_id: self._shown_user(self.users[post.author_id]) for post in cut}
            body["includes"] = {"users": list(users.values())}
            for user_id in users:
                self._bill("user", user_id)
        return body

    def _shown(self, rows: list[FakePost], kind: str) -> dict[str, Any]:
        for post in rows:
            self._bill(kind, str(post.id))
        answered = Counter(each.replied_to for each in self._listed())
        quoted = Counter(each.quoted for each in self._listed())
        return {"data": [self._shown_post(post, answered, quoted) for post in rows]} if rows else {}

    def _shown_post(self, post: FakePost, answered: Counter[int | None], quoted: Counter[int | None]) -> dict[str, Any]:
        pairs = (("replied_to", post.replied_to), ("quoted", post.quoted))
        references = [{"type": kind, "id": str(number)} for kind, number in pairs if number]
        metrics = {
            "like_count": post.likes,
            "reply_count": sum(answered[each] for each in post.history),
            "quote_count": sum(quoted[each] for each in post.history),
        }
        shown = {
            "id": str(post.id),
            "text": post.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
            "author_id": post.author_id,
            "created_at": _iso(post.at),
            "conversation_id": str(post.conversation),
            "lang": "en",
            "edit_history_tweet_ids": [str(each) for each in post.history],
            "public_metrics": self._named(
                {**metrics, "retweet_count": 0, "bookmark_count": 0, "impression_count": 7 * post.likes}
            ),
        }
        return self._named(shown | ({"referenced_tweets": references} if references else {}))

    def _shown_user(self, user: dict[str, Any]) -> dict[str, Any]:
        metrics = self._named(
            {"followers_count": user["followers"], "following_count": 1, "tweet_count": 1, "listed_count": 0}
        )
        made = _iso(datetime(2019, 5, 1, tzinfo=UTC))
        name = user["username"]
        return {"id": user["id"], "username": name, "name": name, "created_at": made, "public_metrics": metrics}

    def _named(self, shown: dict[str, Any]) -> dict[str, Any]:
        return {_NEW_NAMES.get(key, key): value for key, value in shown.items()} if self.new_names else shown

    def _bill(self, kind: str, identifier: str) -> None:
        thing = "user" if kind == "user" else "post"
        self._billed.setdefault((self.clock.now().date().isoformat(), thing, identifier), kind)

    def respond(self, path: str, query: dict[str, str], key: str) -> tuple[int, dict[str, str], bytes, Fault | None]:
        """Return status, headers, body and what goes wrong."""
        with self._lock:
            self.log.append((path, query))
            self.keys.add(key)
            fault = next((each for each in self.faults if each.times > 0 and each.path in path), None)
            if fault and fault.spared:
                fault.spared, fault = fault.spared - 1, None
            if fault:
                fault.times -= 1
            if key != f"Bearer {TOKEN}":
                return 401, {}, b'{"title": "Unauthorized", "status": 401}', fault
            headers = self._window(path)
            if fault and (fault.status != 200 or fault.body is not None):
                return fault.status, fault.headers, fault.body or b'{"title": "Fault", "detail": "a fault"}', fault
            status, body = self.answer(path, query)
            return status, headers, json.dumps(body).encode(), fault

    def _window(self, path: str) -> dict[str, str]:
        for part, (left, reset) in self.limit.items():
            if part in path:
                self.limit[part] = (left - 1, reset)
                return {"x-rate-limit-remaining": str(max(0, left - 1)), "x-rate-limit-reset": str(epoch(reset))}
        return {"x-rate-limit-remaining": "300", "x-rate-limit-reset": str(epoch(self.clock.now()) + 900)}


class _Handler(BaseHTTPRequestHandler):
    world: FakeX
    protocol_version = "HTTP/1.1"

    def date_time_string(self, timestamp: float | None = None) -> str:
        return super().date_time_string(self.world.clock.now().timestamp() + self.world.clock_ahead_seconds)

    def log_message(self, *_: object) -> None:
        return

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        query = dict(parse_qsl(address.query))
        status, headers, body, fault = self.world.respond(address.path, query, self.headers.get("authorization", ""))
        if fault and fault.hang:
            fault.hang.wait(10)
        self.send_response(status)
        for name, value in {"content-type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        try:
            if fault and fault.drip:
                self._drip(body)
            is_cut = fault is not None and fault.truncate
            self.wfile.write(body[: len(body) // 2] if is_cut else body)
            self.close_connection = self.close_connection or is_cut
        except OSError:
            self.close_connection = True

    def _drip(self, body: bytes) -> None:
        pause = threading.Event()
        for each in body:
            self.wfile.write(bytes([each]))
            pause.wait(0.05)


def epoch(instant: datetime) -> int:
    return int(instant.timestamp())


def _matches(term: str, post: FakePost) -> bool:
    name, _, value = term.partition(":")
    if name == "conversation_id":
        return str(post.conversation) == value
    if name == "quotes_of_tweet_id":
        return str(post.quoted) == value
    return re.search(rf"(?<![\w@#]){re.escape(term.strip(chr(34)))}(?!\w)", post.text, re.IGNORECASE) is not None


def _problem(identifier: str, what: str) -> dict[str, str]:
    return {
        "value": identifier,
        "resource_id": identifier,
        "resource_type": what,
        "detail": f"Could not find {what}: [{identifier}].",
        "title": "Not Found Error",
        "parameter": "ids",
        "type": "https://api.x.com/2/problems/resource-not-found",
    }


def _iso(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{instant.microsecond // 1000:03d}Z"
