"""X's own contract and a second, independent server: our fake answers as X promises, and nothing is lost there either.

Contract and server are no part of this repository; where they are absent these tests are skipped.
"""

import gzip
import json
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stormcone.clock import ManualClock, SystemClock
from tests.collectors.fake_x import FakeX
from tests.collectors.x_watch import HOURS, MINUTES, START, XWatch, after

jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")

_SHARED = next(
    (each / "shared" for each in Path(__file__).resolve().parents if (each / "shared" / "tools").is_dir()), None
)
_CONTRACT = _SHARED / "data" / "contracts" / "x_openapi.json.gz" if _SHARED else None
_SERVER = _SHARED / "tools" / "fake_x.py" if _SHARED else None

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(_SHARED is None, reason="no folder shared/tools beside or above the repository"),
]


@pytest.fixture(scope="module")
def contract() -> dict[str, Any]:
    if _CONTRACT is None or not _CONTRACT.is_file():
        pytest.skip("no X contract in shared/data/contracts")
    with gzip.open(_CONTRACT) as packed:
        made: dict[str, Any] = _plain(json.load(packed))
        return made


def _plain(schema: Any) -> Any:
    """Return OpenAPI 3.0 as JSON schema: `nullable` spelled out, `discriminator` dropped."""
    if isinstance(schema, list):
        return [_plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: _plain(value) for key, value in schema.items() if key not in {"discriminator", "nullable"}}
    if schema.get("nullable") is True and isinstance(made.get("type"), str):
        made["type"] = [made["type"], "null"]
    return made


def _path(asked: str, known: list[str]) -> str:
    parts = ["{id}" if each.isdigit() and len(each) > 1 else each for each in asked.split("/")]
    return "/".join(parts) if "/".join(parts) in known else asked


def test_our_fake_answers_as_the_contract_promises(contract: dict[str, Any]) -> None:
    clock, checked = ManualClock(START), set()
    with FakeX(clock, new_names=True) as x:
        x.user("acme", is_owner=True)
        own = x.post("acme", "Good morning", at=START - HOURS)
        gone = x.post("acme", "Good night", at=START - 2 * HOURS)
        reply = x.post("someone", "@acme hm", at=START - 20 * MINUTES, reply_to=own)
        x.post("someone", "see this", at=START - 20 * MINUTES, quote_of=own)
        x.liked["5000000"] = [reply]
        watch = XWatch(x.url, clock, resolve_authors=True)
        watch.poll()
        x.posts[gone].is_gone = True
        x.edit(reply, "@acme no")
        after(clock, MINUTES)
        watch.poll()
        for path, query in list(x.log):
            name = _path(path, list(contract["paths"]))
            answer = contract["paths"][name]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
            status, body = x.answer(path, query)
            assert status == 200
            jsonschema.Draft202012Validator({**answer, "components": contract["components"]}).validate(body)
            checked.add(name)
    assert len(checked) == 8


class _Elsewhere:
    """The other server, told what happens there by POST."""

    def __init__(self, url: str) -> None:
        self.url = url

    def tell(self, action: str, **facts: object) -> dict[str, Any]:
        body = json.dumps(facts).encode()
        told: dict[str, Any] = self._ask(urllib.request.Request(f"{self.url}/__{action}", body))  # noqa: S310 - loopback
        return told

    def show(self, what: str) -> Any:
        return self._ask(urllib.request.Request(f"{self.url}/__{what}"))  # noqa: S310 - loopback

    def _ask(self, request: urllib.request.Request) -> Any:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - loopback
            return json.loads(answer.read())


@pytest.fixture
def elsewhere() -> Iterator[_Elsewhere]:
    if _SERVER is None or not _SERVER.is_file():
        pytest.skip("no fake_x.py in shared/tools")
    command = [sys.executable, str(_SERVER), "--port", "0", "--search-delay", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield _Elsewhere(process.stdout.readline().split()[1])
        finally:
            process.terminate()


def test_stored_set_is_the_served_set_at_another_server(elsewhere: _Elsewhere) -> None:
    elsewhere.tell("user", username="acme", owner=True)
    own = [elsewhere.tell("post", author="acme", text=f"Our day {n}", at=f"-{900 * n + 600}")["id"] for n in range(3)]
    texts = ("@acme a disgrace", "how could they", "never again acme", "shame #AcmeDay")
    posts = [
        {"author": f"user{n % 90}", "text": f"{texts[n % 4]} {n}", "reply_to": own[n % 3], "at": f"-{100 + n % 90}"}
        for n in range(300)
    ]
    posts += [{"author": "late", "text": "@acme late", "at": "-110", "indexed_at": "+1.5"}]
    posts += [{"author": "quoting", "text": "look at them", "at": "-100", "quote_of": own[0]}]
    elsewhere.tell("post", posts=posts)
    watch = XWatch(elsewhere.url, SystemClock())
    elsewhere.tell("fault", path="/mentions", times=1, status=500)
    watch.poll()
    edited = elsewhere.tell("edit", id=own[1], text="Our day, corrected")["id"]
    elsewhere.tell("fault", path="search/recent", times=1, truncate=True)
    watch.poll()
    threading.Event().wait(1.6)  # until the late post is there: the other server lives in real time
    for _ in range(2):
        elsewhere.tell("fault", path="/2/", times=3, duplicate=True, shuffle=True)
        watch.poll()
    served = {post["history"][0] for post in elsewhere.show("posts")}
    assert len(served) == 305
    assert edited not in watch.shelf.ids
    assert watch.shelf.ids == served
    assert not watch.shelf.gaps
    billing = elsewhere.show("billing")
    assert watch.shelf.requests == billing["requests"]
    assert watch.shelf.cost == pytest.approx(billing["cost"])
