"""Acknowledge links as people, mail scanners and strangers open them."""

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from alerts.ack_links import AckLinks
from alerts.message import from_json
from dashboard.ack_page import ack_page
from dashboard.context import Context
from stormcone.acting import Acting
from stormcone.clock import SystemClock
from stormcone.models import Moment, Notice, State, Transition
from stormcone.store import Store
from tests.dashboard.test_serving import running
from tests.fakes import make_incident, make_transition

NOW = datetime.now(UTC).replace(microsecond=0)
CONFIG = """
[dashboard]
public_url = "https://storm.example.org"
[[brand]]
name = "acme"
[[people]]
id = "ann"
channels = ["pager"]
[[channels]]
id = "pager"
type = "console"
[[channels]]
id = "team"
type = "console"
[rota]
people = ["ann"]
"""
CONFIRM = {"confirm": "yes"}
HOSTILE = '<script>alert(1)</script> http://evil.test/x \u202e"&'


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    path = tmp_path / "config.toml"
    path.write_text(CONFIG, encoding="utf-8")
    opened = Context(path)
    opened.create()
    yield opened
    opened.close()


@pytest.fixture
def client(context: Context) -> TestClient:
    route = Route("/ack/{token:path}", ack_page(context), methods=["GET", "POST"])
    return TestClient(Starlette(routes=[route]), raise_server_exceptions=True)


def store_of(context: Context) -> Store:
    return context.open().store


def open_incident(context: Context, **changes: object) -> list[Notice]:
    """Open an incident as the watcher does; return its notices, the shared channel's first."""
    acting = Acting(config=context.config, store=store_of(context), clock=SystemClock())
    incident = make_incident(opened_at=NOW, updated_at=NOW, **changes)
    done = acting.apply(Transition(at=NOW, moment=Moment.OPENED, incident=incident))
    return sorted(store_of(context).notices.of_incident(done.incident.id or 0), key=lambda each: each.channel != "team")


def path_of(notice: Notice) -> str:
    return (from_json(notice.message_json).links.acknowledge or "").removeprefix("https://storm.example.org")


def state_of(context: Context) -> tuple[State, str | None, int]:
    incident = store_of(context).incidents.get(1)
    acknowledged = [each for each in store_of(context).incidents.events(1) if each.moment is Moment.ACKNOWLEDGED]
    return incident.state, incident.acknowledged_by, len(acknowledged)


def test_fifty_prefetches_acknowledge_nothing_and_the_form_still_works(context: Context, client: TestClient) -> None:
    _, anns = open_incident(context)
    for _ in range(25):
        assert client.get(path_of(anns)).status_code == 200
        assert client.head(path_of(anns)).status_code == 200
    assert state_of(context) == (State.OPEN, None, 0)
    done = client.post(path_of(anns), data=CONFIRM)
    assert done.status_code == 200
    assert "Acknowledged" in done.text
    assert state_of(context) == (State.ACK, "ann", 1)


def test_page_has_one_form_that_needs_no_script_and_leaves_no_trace(context: Context, client: TestClient) -> None:
    _, anns = open_incident(context, headline=HOSTILE, brand="acme")
    page = client.get(path_of(anns))
    assert page.text.count('<form method="post">') == 1
    assert page.text.count("<form") == 1
    assert "<script" not in page.text
    assert "http://evil" not in page.text
    assert "\u202e" not in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert 'name="viewport"' in page.text
    assert not re.search(r"\b(src|href|action)=", page.text)


def test_sending_the_form_again_says_so_and_records_nothing(context: Context, client: TestClient) -> None:
    _, anns = open_incident(context)
    client.post(path_of(anns), data=CONFIRM)
    before = state_of(context)
    notices = len(store_of(context).notices.of_incident(1))
    for again in (client.post(path_of(anns), data=CONFIRM), client.get(path_of(anns))):
        assert "used already" in again.text
        assert "<form" not in again.text
        assert "acme" not in again.text
    assert state_of(context) == before
    assert len(store_of(context).notices.of_incident(1)) == notices


def test_what_sends_no_form_field_records_nothing(context: Context, client: TestClient) -> None:
    _, anns = open_incident(context)
    assert client.post(path_of(anns)).status_code == 400
    assert client.post(path_of(anns), json=CONFIRM).status_code == 400
    assert client.post(path_of(anns), content=b"confirm=yes&x=" + b"a" * 5_000).status_code == 400
    assert client.post(path_of(anns), content=b"confirm=yes" + b"&a=b" * 50).status_code == 400
    assert client.put(path_of(anns), data=CONFIRM).status_code == 405
    assert state_of(context) == (State.OPEN, None, 0)


@pytest.mark.parametrize(("typed", "kept"), [("Bo", "Bo"), ("", "somebody via team"), ("B\x00o\u202e\n", "Bo")])
def test_on_a_shared_channel_whoever_follows_the_link_may_give_a_name(
    context: Context, client: TestClient, typed: str, kept: str
) -> None:
    shared, _ = open_incident(context)
    assert 'name="name"' in client.get(path_of(shared)).text
    client.post(path_of(shared), data=CONFIRM | {"name": typed})
    assert state_of(context)[1] == kept


def test_a_person_is_named_by_the_link_whatever_the_form_says(context: Context, client: TestClient) -> None:
    _, anns = open_incident(context)
    client.post(path_of(anns), data=CONFIRM | {"name": "mallory"})
    assert state_of(context)[1] == "ann"


def test_who_comes_second_learns_who_has_it(context: Context, client: TestClient) -> None:
    shared, anns = open_incident(context)
    client.post(path_of(anns), data=CONFIRM)
    assert "ann has acknowledged it already" in client.get(path_of(shared)).text
    assert "ann has acknowledged it already" in client.post(path_of(shared), data=CONFIRM).text
    assert state_of(context) == (State.ACK, "ann", 1)
    assert not store_of(context).ack_links.is_used(shared.key)


def test_expired_link_says_so_and_nothing_of_the_incident(context: Context, client: TestClient) -> None:
    _, anns = open_incident(context)
    links = AckLinks(key=store_of(context).ack_links.key(), public_url="", hours=1)
    old = links.link(anns.key, 1, at=NOW - timedelta(hours=2))
    for answer in (client.get(old), client.post(old, data=CONFIRM)):
        assert answer.status_code == 410
        assert "expired" in answer.text
        assert "acme" not in answer.text
    assert state_of(context) == (State.OPEN, None, 0)


def test_strange_tokens_all_get_the_same_answer(context: Context, client: TestClient) -> None:
    _, anns = open_incident(context)
    good = path_of(anns)
    elsewhere = AckLinks(key=b"not ours", public_url="", hours=1).link(anns.key, 1, at=NOW)
    other_notice = AckLinks(key=store_of(context).ack_links.key(), public_url="", hours=1).link("inc:1:x", 1, at=NOW)
    strange = [good[:-1] + ("A" if good[-1] != "A" else "B"), good.replace("/1.", "/2."), elsewhere, other_notice]
    strange += ["/ack/", "/ack/x", "/ack/..%2f..%2fetc", "/ack/1.1.%00", "/ack/" + "9" * 3_000, good + "/more"]
    answers = {(answer.status_code, answer.text) for path in strange for answer in _both(client, path)}
    assert len(answers) == 1
    assert next(iter(answers))[0] == 404
    assert state_of(context) == (State.OPEN, None, 0)


def _both(client: TestClient, path: str) -> list[object]:
    return [client.get(path), client.post(path, data=CONFIRM)]


def test_link_of_what_is_over_says_so(context: Context, client: TestClient) -> None:
    _, anns = open_incident(context)
    current = store_of(context).incidents.get(1)
    ended = make_transition(current, moment=Moment.RESOLVED)
    store_of(context).incidents.touch(type(current)(**_fields(current, state=State.RESOLVED, resolved_at=ended.at)))
    assert "It is over" in client.get(path_of(anns)).text
    assert "nothing is left to decide" in client.post(path_of(anns), data=CONFIRM).text


def _fields(incident: object, **changes: object) -> dict[str, object]:
    return {name: getattr(incident, name) for name in type(incident).__slots__} | changes  # type: ignore[attr-defined]


def test_lost_database_is_no_traceback(context: Context, client: TestClient, tmp_path: Path) -> None:
    _, anns = open_incident(context)
    (tmp_path / "stormcone.db").unlink()
    assert client.post(path_of(anns), data=CONFIRM).status_code == 503


def test_many_at_the_same_instant_acknowledge_once(context: Context, client: TestClient) -> None:
    shared, anns = open_incident(context)
    together = threading.Barrier(8)

    def send(notice: Notice) -> int:
        together.wait(10)
        return client.post(path_of(notice), data=CONFIRM).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(send, [shared, anns] * 4)) <= {200, 409}
    state, _, times = state_of(context)
    assert (state, times) == (State.ACK, 1)


def test_real_server_serves_the_page_beside_the_screens(context: Context, tmp_path: Path) -> None:
    _, anns = open_incident(context)
    with running(tmp_path / "config.toml") as (_, address):
        with urlopen(address + path_of(anns), timeout=10) as page:  # noqa: S310 - loopback
            assert '<form method="post">' in page.read().decode()
            assert page.headers["Cache-Control"] == "no-store"
            assert page.headers["X-Frame-Options"] == "DENY"
        assert state_of(context)[0] is State.OPEN
        sent = Request(address + path_of(anns), data=urlencode(CONFIRM).encode(), method="POST")  # noqa: S310 - loopback
        with urlopen(sent, timeout=10) as done:  # noqa: S310 - loopback
            assert "Acknowledged" in done.read().decode()
        assert state_of(context) == (State.ACK, "ann", 1)
        with urlopen(address + "/robots.txt", timeout=10) as rules:  # noqa: S310 - loopback
            assert "Disallow: /" in rules.read().decode()
