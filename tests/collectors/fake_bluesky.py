"""A Bluesky of two small servers on loopback: XRPC over HTTP, and a Jetstream over a websocket.

State is set by the tests; every request is kept. Answers have the form of the public network's own; faults are answers
the test puts in front of a method.
"""

import base64
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

POSTS = "app.bsky.feed.post"
PASSWORD = "planted-app-password"

Query = dict[str, list[str]]


@dataclass(kw_only=True)
class Answer:
    """What one request gets. hang: until the server is closed."""

    body: Any = field(default_factory=dict)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    hang: bool = False


@dataclass
class FakeBluesky:
    """What the network holds. posts: views by uri; handles: by did; faults: by method."""

    now: datetime
    base_url: str = ""
    jetstream_url: str = ""
    handles: dict[str, str] = field(default_factory=dict)
    posts: dict[str, dict[str, Any]] = field(default_factory=dict)
    notified: list[str] = field(default_factory=list)
    stream: list[Any] = field(default_factory=list)
    faults: dict[str, Answer] = field(default_factory=dict)
    page_size: int = 50
    token_number: int = 0
    valid_tokens: set[str] = field(default_factory=set)
    requests: list[tuple[str, Query]] = field(default_factory=list)
    stream_queries: list[Query] = field(default_factory=list)
    stream_status: int | None = None
    closes_stream: bool = False
    closed: threading.Event = field(default_factory=threading.Event)

    def post(self, did: str, key: str, text: str, *, at: datetime | None = None, **more: Any) -> str:
        """Put a post into the network and return its address. Args: reply_to, root: addresses of what it answers."""
        uri, made = f"at://{did}/{POSTS}/{key}", at or self.now
        record = {"$type": POSTS, "text": text, "createdAt": stamp(made), "langs": ["en"]}
        if "reply_to" in more:
            parent = more.pop("reply_to")
            record["reply"] = {"parent": {"uri": parent}, "root": {"uri": more.pop("root", parent)}}
            self.posts[parent]["replyCount"] += 1
        self.posts[uri] = {
            "uri": uri,
            "cid": "bafy",
            "author": {"did": did, "handle": self.handles.get(did, "handle.invalid")},
            "record": record | more,
            "indexedAt": stamp(made + timedelta(seconds=1)),
            "replyCount": 0,
            "likeCount": 0,
            "repostCount": 0,
            "quoteCount": 0,
        }
        return uri

    def message(self, uri: str, operation: str = "create") -> dict[str, Any]:
        """Return what Jetstream says of a post."""
        did, _, key = uri.removeprefix("at://").split("/")
        view = self.posts[uri]
        seen_at = datetime.fromisoformat(view["indexedAt"])
        commit = {"rev": "1", "operation": operation, "collection": POSTS, "rkey": key}
        if operation != "delete":
            commit |= {"record": view["record"], "cid": "bafy"}
        return {"did": did, "time_us": int(seen_at.timestamp() * 1_000_000), "kind": "commit", "commit": commit}

    def asked(self, method: str) -> list[Query]:
        """Return the queries that a method was asked with."""
        return [query for asked, query in self.requests if asked.endswith(method)]

    def answer(self, method: str, query: Query, token: str) -> Answer:
        """Return what a request gets."""
        self.requests.append((method, query))
        name = method.rpartition(".")[2]
        if name in self.faults:
            return self.faults[name]
        if name in {"createSession", "refreshSession"}:
            return self._session()
        if token and token not in self.valid_tokens:
            return Answer(status=400, body={"error": "ExpiredToken", "message": "Token has expired"})
        if name in {"listNotifications", "searchPosts"} and not token:
            return Answer(status=401, body={"error": "AuthMissing", "message": "Authentication Required"})
        answering: dict[str, Callable[[Query], Answer]] = {
            "getProfiles": self._profiles,
            "getAuthorFeed": self._feed,
            "getPosts": self._posts,
            "getPostThread": self._thread,
            "listNotifications": self._notifications,
            "searchPosts": self._search,
        }
        return answering[name](query)

    def _session(self) -> Answer:
        self.token_number += 1
        expires = int((datetime.now(self.now.tzinfo) + timedelta(hours=2)).timestamp())
        tokens = [_jwt({"exp": expires, "jti": f"{kind}{self.token_number}"}) for kind in ("access", "refresh")]
        self.valid_tokens |= set(tokens)
        session = {"did": "did:plc:login", "handle": "login.example", "accessJwt": tokens[0], "refreshJwt": tokens[1]}
        return Answer(body=session)

    def _profiles(self, query: Query) -> Answer:
        wanted = {actor.lower() for actor in query.get("actors", [])}
        found = [
            {"did": did, "handle": handle, "followersCount": 1200, "createdAt": "2023-05-01T00:00:00.000Z"}
            for did, handle in self.handles.items()
            if did in wanted or handle in wanted
        ]
        return Answer(body={"profiles": found})

    def _feed(self, query: Query) -> Answer:
        return self._page([{"post": view} for view in self._newest(query["actor"][0])], "feed", query)

    def _posts(self, query: Query) -> Answer:
        return Answer(body={"posts": [self.posts[uri] for uri in query["uris"] if uri in self.posts]})

    def _thread(self, query: Query) -> Answer:
        uri = query["uri"][0]
        if uri not in self.posts:
            return Answer(status=400, body={"error": "NotFound", "message": f"Post not found: {uri}"})
        return Answer(body={"thread": self._node(uri)})

    def _node(self, uri: str) -> dict[str, Any]:
        below = [
            other
            for other, view in self.posts.items()
            if view["record"].get("reply", {}).get("parent", {}).get("uri") == uri
        ]
        return {
            "$type": "app.bsky.feed.defs#threadViewPost",
            "post": self.posts[uri],
            "replies": [*map(self._node, below), {"$type": "app.bsky.feed.defs#notFoundPost", "notFound": True}],
        }

    def _notifications(self, query: Query) -> Answer:
        keys = ("uri", "cid", "author", "record", "indexedAt")
        found = [{key: self.posts[uri][key] for key in keys} | {"reason": "mention"} for uri in self.notified]
        like = {"uri": "at://did:plc:fan/app.bsky.feed.like/1", "reason": "like", "author": {}, "record": {}}
        return self._page([*found, like], "notifications", query)

    def _search(self, query: Query) -> Answer:
        """Find parts of words in any time, as loosely as the network's own test servers do."""
        words = query["q"][0].strip('"#')
        return self._page([view for view in self._newest() if words in view["record"]["text"]], "posts", query)

    def _newest(self, did: str | None = None) -> list[dict[str, Any]]:
        views = [view for view in self.posts.values() if did is None or view["author"]["did"] == did]
        return sorted(views, key=lambda view: str(view["indexedAt"]), reverse=True)

    def _page(self, entries: list[Any], key: str, query: Query) -> Answer:
        start = int(query.get("cursor", ["0"])[0])
        stop = start + self.page_size
        body: dict[str, Any] = {key: entries[start:stop]}
        return Answer(body=body | ({"cursor": str(stop)} if stop < len(entries) else {}))

    def play(self, connection: ServerConnection) -> None:
        """Send what Jetstream holds from the asked cursor on, then wait for the reader to leave."""
        query = parse_qs(urlsplit(connection.request.path if connection.request else "").query)
        self.stream_queries.append(query)
        start = int(query.get("cursor", ["0"])[0])
        with suppress(ConnectionClosed):
            for message in list(self.stream):
                at = message.get("time_us") if isinstance(message, dict) else None
                if isinstance(at, int) and at < start:
                    continue
                connection.send(message if isinstance(message, str) else json.dumps(message))
            if self.closes_stream:
                return
            while not self.closed.is_set():
                connection.recv()


def stamp(at: datetime) -> str:
    """Return a time as Bluesky writes it."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@contextmanager
def fake_bluesky(now: datetime) -> Iterator[FakeBluesky]:
    """Start both servers on 127.0.0.1 and end them with all their requests."""
    fake = FakeBluesky(now)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(fake))
    server.daemon_threads = True
    fake.base_url = f"http://127.0.0.1:{server.server_port}"

    def refuse(connection: ServerConnection, request: object) -> Any:
        return None if fake.stream_status is None else connection.respond(fake.stream_status, "no\n")  # type: ignore[arg-type] # any status

    with serve(fake.play, "127.0.0.1", 0, process_request=refuse, close_timeout=0.2) as stream:
        fake.jetstream_url = f"ws://127.0.0.1:{stream.socket.getsockname()[1]}/subscribe"
        threads = [
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True),
            threading.Thread(target=stream.serve_forever, daemon=True),
        ]
        for thread in threads:
            thread.start()
        try:
            yield fake
        finally:
            fake.closed.set()
            server.shutdown()
            server.server_close()
            stream.shutdown()
            for thread in threads:
                thread.join(5)


def _handler(fake: FakeBluesky) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
            given = fake.answer(parts.path, parse_qs(parts.query), token)
            if given.hang:
                fake.closed.wait(30)
                return
            body = given.raw if given.raw is not None else json.dumps(given.body).encode()
            self.send_response(given.status)
            for name, value in {"Content-Type": "application/json", **given.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.do_GET()

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    return Handler


def _jwt(claims: dict[str, Any]) -> str:
    parts = ({"typ": "JWT", "alg": "HS256"}, claims)
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return ".".join((*encoded, "c2ln"))
