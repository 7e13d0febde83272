import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from structlog.testing import capture_logs

from stormcone.clock import ManualClock
from stormcone.models.heartbeats import Part
from stormcone.pipeline.heartbeats import Heartbeats, Outside
from stormcone.store import Store
from tests.fakes import AT, at
from tests.stormcone.pipeline.parts import spoil


class Receiver:
    """A dead-man service on loopback: what it was asked, and the status it answers."""

    def __init__(self) -> None:
        receiver = self
        self.asked: list[tuple[str, str]] = []
        self.status = 200

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                receiver.asked.append((self.command, self.path))
                self.send_response(receiver.status)
                self.end_headers()

            do_POST = do_GET  # noqa: N815 - http.server's name

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/ping/planted-secret"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    opened = Receiver()
    yield opened
    opened.close()


def test_a_part_that_beats_all_the_time_is_written_every_ten_seconds(store: Store) -> None:
    clock = ManualClock(AT)
    heartbeats = Heartbeats(store, clock)
    heartbeats.beat(Part.SENDER, every_seconds=1)
    clock.move_to(at(0.1))
    heartbeats.beat(Part.SENDER, every_seconds=1)
    heartbeats.beat(Part.DETECTOR, every_seconds=60)
    newest = store.heartbeats.newest()
    assert {part: (sign.at, sign.every_seconds) for part, sign in newest.items()} == {
        Part.SENDER: (AT, 10),
        Part.DETECTOR: (at(0.1), 60),
    }
    clock.move_to(at(0.2))
    heartbeats.beat(Part.SENDER, every_seconds=1, detail="well")
    assert store.heartbeats.newest()[Part.SENDER].at == at(0.2)
    assert store.heartbeats.newest()[Part.SENDER].detail == "well"


def test_a_sign_that_was_not_stored_is_given_again(sqlite_store: Store) -> None:
    spoilt = spoil(sqlite_store, "heartbeats", "beat", RuntimeError("locked"))
    heartbeats = Heartbeats(spoilt, ManualClock(AT))
    with pytest.raises(RuntimeError):
        heartbeats.beat(Part.SENDER, every_seconds=1)
    heartbeats.beat(Part.SENDER, every_seconds=1)
    assert Part.SENDER in sqlite_store.heartbeats.newest()


def test_outside_is_called_once_a_minute_and_only_while_all_is_well(receiver: Receiver) -> None:
    clock = ManualClock(AT)
    reasons: list[str | None] = ["the detector is silent", None]
    outside = Outside(receiver.url, clock, allow_private=True, why_not=lambda: reasons.pop(0) if reasons else None)
    assert not outside.call_when_due()
    assert receiver.asked == []
    assert outside.call_when_due()
    for seconds in (5, 30, 58):
        clock.move_to(at(seconds / 60))
        assert not outside.call_when_due()
    clock.move_to(at(1))
    assert outside.call_when_due()
    assert receiver.asked == [("GET", "/ping/planted-secret")] * 2


def test_a_call_that_is_not_answered_well_is_made_again_and_told_once_without_its_address(receiver: Receiver) -> None:
    receiver.status = 500
    outside = Outside(receiver.url, ManualClock(AT), allow_private=True, why_not=lambda: None)
    with capture_logs() as logs:
        assert not outside.call_when_due()
        assert not outside.call_when_due()
        receiver.status = 200
        assert outside.call_when_due()
    assert [line["log_level"] for line in logs] == ["warning", "debug"]
    assert "answered 500" in logs[0]["reason"]
    assert "planted-secret" not in str(logs)


def test_a_private_address_is_refused_unless_it_is_meant(receiver: Receiver) -> None:
    outside = Outside(receiver.url, ManualClock(AT), allow_private=False, why_not=lambda: None)
    assert not outside.call_when_due()
    assert receiver.asked == []
