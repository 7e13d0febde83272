"""A small stateful Reddit on loopback, for the real praw: listings, trees, lookups, a token, and faults on order.

It keeps the habits that hurt: pages of a hundred and a depth of a thousand, comments that are listed late, stubs in
trees, deleted things that stay as shells, rate-limit headers. Times come from the clock it is given.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

PAGE, DEPTH = 100, 1000
TOKEN = "t0ken-that-nobody-may-read"
Answer = dict[str, Any] | list[Any]


@dataclass(slots=True)
class Post:
    """A submission (no parent) or a comment."""

    name: str
    at: datetime
    author: str
    text: str
    subreddit: str
    title: str = ""
    parent: str | None = None
    root: str | None = None
    score: int = 1
    listed_at: datetime | None = None
    edited_at: datetime | None = None
    gone_by: str | None = None


@dataclass(slots=True)
class Fault:
    """What goes wrong with requests whose path holds `path`, after the first `skip` of them."""

    path: str
    times: int = 1
    skip: int = 0
    status: int = 0
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    hang_seconds: float = 0
    drip: bool = False
    truncate: bool = False
    drop: bool = False
    change: Callable[[Any], Any] | None = None


class FakeReddit:
    """The world that is served; change it between polls."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.posts: dict[str, Post] = {}
        self.faults: list[Fault] = []
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.headers_seen: list[dict[str, str]] = []
        self.closed: dict[str, int] = {}  # "/r/gone" -> status
        self.inline = 200
        self.secret_ok = True
        self.tokens_ok = True
        self.lock = threading.Lock()
        self.halt = threading.Event()
        self._number = 36**5

    def submit(self, subreddit: str, title: str, author: str = "someone", text: str = "", **given: Any) -> str:
        return self._add("t3_", subreddit=subreddit, title=title, author=author, text=text, **given)

    def comment(self, parent: str, text: str, author: str = "someone", **given: Any) -> str:
        above = self.posts[parent]
        root = above.root or above.name
        return self._add("t1_", subreddit=above.subreddit, parent=parent, root=root, text=text, author=author, **given)

    def _add(self, kind: str, *, at: datetime | None = None, late: timedelta | None = None, **given: Any) -> str:
        with self.lock:
            self._number += 1
            name = kind + _base36(self._number)
            when = at or self.now()
            self.posts[name] = Post(name=name, at=when, listed_at=when + (late or timedelta()), **given)
            return name

    def paths(self, part: str = "") -> list[str]:
        return [path for path, _ in self.requests if part in path]

    def answer(self, path: str, query: dict[str, str]) -> tuple[int, Answer]:
        for prefix, status in self.closed.items():
            if path.startswith(prefix):
                return status, {"message": "closed", "error": status, "reason": "banned"}
        rows = self._rows(path, query)
        if rows is not None:
            return 200, self._page(rows, query)
        match path.strip("/").split("/"):
            case ["comments", root, *below]:
                return self._tree(root, below[1] if len(below) > 1 else None)
            case ["api", "info"]:
                names = query["id"].split(",")
                return 200, _listing([self._shown(self.posts[name]) for name in names if name in self.posts])
            case ["api", "morechildren"]:
                names = ["t1_" + each for each in query["children"].split(",")]
                things = [self._shown(self.posts[name]) for name in names if name in self.posts]
                return 200, {"json": {"errors": [], "data": {"things": things}}}
        return 404, {"message": "Not Found", "error": 404}

    def _rows(self, path: str, query: dict[str, str]) -> list[Post] | None:
        """Return everything of a listing, newest first; None where the path is no listing."""
        match path.strip("/").split("/"):
            case ["r", "all", "search"]:
                words = query["q"].strip('"').lower()
                return [p for p in self._listed("t3_") if words in f"{p.title} {p.text}".lower() and not p.gone_by]
            case ["r", "all", "new"]:
                return self._listed("t3_")
            case ["r", sub, "new" | "comments" as what]:
                kind = "t3_" if what == "new" else "t1_"
                return [p for p in self._listed(kind) if p.subreddit.lower() == sub.lower()]
            case ["user", author, "submitted" | "comments" as what]:
                kind = "t3_" if what == "submitted" else "t1_"
                return [p for p in self._listed(kind) if p.author.lower() == author.lower() and not p.gone_by]
        return None

    def feed(self, path: str, query: dict[str, str]) -> tuple[int, str]:
        """Return the listing of a path that ends in .rss as Atom."""
        path = path.removesuffix(".rss")
        status, listing = self.answer("/r/all/search" if path == "/search" else path, query)
        if status != 200 or not isinstance(listing, dict):
            return status, ""
        entries = "".join(_entry(child["data"]) for child in listing["data"]["children"])
        head = '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>f</title>'
        return 200, f"{head}{entries}</feed>"

    def _listed(self, kind: str) -> list[Post]:
        now = self.now()
        rows = [p for p in self.posts.values() if p.name.startswith(kind) and (p.listed_at or p.at) <= now]
        return sorted(rows, key=lambda p: (p.at, p.name), reverse=True)

    def _page(self, rows: list[Post], query: dict[str, str]) -> Answer:
        rows = rows[:DEPTH]
        names = [row.name for row in rows]
        start = names.index(query["after"]) + 1 if query.get("after") in names else 0
        size = min(int(query.get("limit", 25)), PAGE)
        part = rows[start : start + size]
        after = part[-1].name if start + size < len(rows) else None
        return _listing([self._shown(row) for row in part], after)

    def _tree(self, root: str, comment: str | None) -> tuple[int, Answer]:
        head = self.posts.get("t3_" + root)
        if head is None:
            return 404, {"message": "Not Found", "error": 404}
        room = [self.inline]
        if comment is not None:
            post = self.posts["t1_" + comment]
            children = [self._shown(post, replies=self._below(post, room, self._by_parent()))]
        else:
            children = self._below(head, room, self._by_parent())
        return 200, [_listing([self._shown(head)]), _listing(children)]

    def _by_parent(self) -> dict[str | None, list[Post]]:
        found: dict[str | None, list[Post]] = {}
        for post in self._listed("t1_"):
            found.setdefault(post.parent, []).append(post)
        return found

    def _below(self, above: Post, room: list[int], answers: dict[str | None, list[Post]]) -> list[dict[str, Any]]:
        shown: list[dict[str, Any]] = []
        left: list[str] = []
        for child in answers.get(above.name, []):
            if room[0] <= 0:
                left += [name.removeprefix("t1_") for name in _all_below(child, answers)]
                continue
            room[0] -= 1
            shown.append(self._shown(child, replies=self._below(child, room, answers)))
        if left:
            body = {"name": "t1_" + left[0], "id": left[0], "parent_id": above.name, "children": left}
            shown.append({"kind": "more", "data": {**body, "count": len(left)}})
        return shown

    def _shown(self, post: Post, replies: list[dict[str, Any]] | None = None) -> dict[str, Any]:
        shell = {"user": "[deleted]", "moderator": "[removed]"}.get(post.gone_by or "")
        body: dict[str, Any] = {
            "name": post.name,
            "id": post.name[3:],
            "author": "[deleted]" if shell else post.author,
            "created_utc": post.at.timestamp(),
            "edited": post.edited_at.timestamp() if post.edited_at else False,
            "score": post.score,
            "subreddit": post.subreddit,
            "permalink": f"/r/{post.subreddit}/comments/{(post.root or post.name)[3:]}/_/"
            + (f"{post.name[3:]}/" if post.root else ""),
        }
        if post.root is None:
            count = sum(p.root == post.name for p in self._listed("t1_"))
            body |= {"title": post.title, "selftext": shell or post.text, "num_comments": count, "num_crossposts": 0}
        else:
            below = _listing(replies) if replies else ""
            body |= {"body": shell or post.text, "parent_id": post.parent, "link_id": post.root, "replies": below}
        return {"kind": post.name[:2], "data": body}


@contextmanager
def served(world: FakeReddit) -> Iterator[str]:
    """Serve a world on a free port of 127.0.0.1; its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (_Handler,), {"world": world}))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        world.halt.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # headers and body are two writes; the second would wait 40 ms
    world: FakeReddit

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the parent's name
        pass

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        world, url = self.world, urlsplit(self.path)
        form = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        query = dict(parse_qsl(url.query)) | dict(parse_qsl(form))
        path = url.path.rstrip("/")
        with world.lock:
            world.requests.append((path, query))
            world.headers_seen.append({name.lower(): value for name, value in self.headers.items()})
            fault = self._fault(path)
        if fault.hang_seconds:
            world.halt.wait(fault.hang_seconds)
        if fault.drop:
            self.close_connection = True
            self.connection.shutdown(2)
            return
        status, body = self._body(path, query)
        status = fault.status or status
        if fault.change is not None:
            body = json.dumps(fault.change(json.loads(body))).encode()
        body = body if fault.body is None else fault.body
        self._send(status, body, fault)

    def _fault(self, path: str) -> Fault:
        for fault in self.world.faults:
            if fault.path in path and fault.times > 0:
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                fault.times -= 1
                return fault
        return Fault(path="", times=0)

    def _body(self, path: str, query: dict[str, str]) -> tuple[int, bytes]:
        world = self.world
        if path == "/api/v1/access_token":
            if not world.secret_ok:
                return 401, b'{"message": "Unauthorized", "error": 401}'
            token = {"access_token": TOKEN, "token_type": "bearer", "expires_in": 3600, "scope": "*"}
            return 200, json.dumps(token).encode()
        with world.lock:
            if path.endswith(".rss"):
                status, text = world.feed(path, query)
                return status, text.encode()
            if not world.tokens_ok or self.headers.get("authorization") != f"bearer {TOKEN}":
                return 401, b'{"message": "Unauthorized", "error": 401}'
            status, answer = world.answer(path, query)
        return status, json.dumps(answer).encode()

    def _send(self, status: int, body: bytes, fault: Fault) -> None:
        limits = {"x-ratelimit-used": "1", "x-ratelimit-remaining": "599.0", "x-ratelimit-reset": "300"}
        self.send_response(status)
        for name, value in {"content-length": str(len(body)), **limits, **fault.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            if fault.drip:
                for byte in body:
                    self.wfile.write(bytes([byte]))
                    if self.world.halt.wait(0.02):
                        break
            else:
                self.wfile.write(body[: len(body) // 2] if fault.truncate else body)
        except OSError:
            self.close_connection = True
        self.close_connection = self.close_connection or fault.truncate


def _listing(children: list[dict[str, Any]], after: str | None = None) -> dict[str, Any]:
    return {"kind": "Listing", "data": {"children": children, "after": after, "before": None}}


def _entry(body: dict[str, Any]) -> str:
    at = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(body["created_utc"]))
    words = body.get("body", body.get("selftext", ""))
    content = f'&lt;div class="md"&gt;&lt;p&gt;{words}&lt;/p&gt;&lt;/div&gt; submitted by /u/{body["author"]}'
    link = "https://www.reddit.com" + body["permalink"]
    return (
        f'<entry><author><name>/u/{body["author"]}</name></author><content type="html">{content}</content>'
        f'<id>{body["name"]}</id><link href="{link}"/><updated>{at}</updated>'
        f"<title>{body.get('title', 'on')}</title></entry>"
    )


def _all_below(post: Post, answers: dict[str | None, list[Post]]) -> Iterator[str]:
    yield post.name
    for child in answers.get(post.name, []):
        yield from _all_below(child, answers)


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + digits
    return digits
