"""How quick and how heavy the Now page is over a large database: `python -m benchmarks.dashboard --json`.

Stores invented mentions (20 brands, a week, a storm on the first brand), starts the real server on loopback, and looks
at it through its websocket the way browsers do, without the cost of drawing.

    first_view_ms      from opening the websocket of a new server to the end of the first run of the page
    refresh_cpu_ms     processor time of the server per refresh of one viewer (10 viewers looking at the same brand)
    p95_10_viewers_ms  95th percentile of the time from asking for a refresh to its end, 10 viewers every 5 seconds
    rss_growth_mb      memory of the server after all refreshes, less that after the first views

Sends nothing anywhere. Linux only: processor time and memory are read from /proc.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets import Origin, Subprotocol
from websockets.sync.client import ClientConnection, connect

from stormcone.journal import verdict_line
from stormcone.models import (
    Action,
    Advice,
    Batch,
    Forecast,
    Kind,
    Level,
    Mention,
    ScoredMention,
    Scores,
    StepReading,
    Trust,
    Verdict,
    Vote,
)
from stormcone.store import Store, open_store
from stormcone.store.tables import mention

BRANDS = 20
DAYS = 7
STORM_MENTIONS = 5_200
STORM_MINUTES = 45
VIEWERS = 10
REFRESHES = 8
REFRESH_SECONDS = 5.0
CHUNK = 20_000
STEPS = 288  # a day of the detector's steps
SEED = 7
_BRAND_SUMS = """
INSERT INTO brand_minute
SELECT brand, posted_at - posted_at % 60000, sum(NOT is_own_post), sum(is_own_post), sum(p_negative), sum(p_neutral),
       sum(p_positive), sum(voice), sum(against), sum(hostility >= 0.5), sum(is_copy),
       sum(confidence <> 'normal' AND NOT is_own_post)
FROM mention GROUP BY 1, 2
"""
_POST_SUMS = """
INSERT INTO post_minute
SELECT brand, platform, root_id, posted_at - posted_at % 60000, count(*), sum(thread_voice), sum(thread_against),
       sum(hostility >= 0.5)
FROM mention WHERE root_id IS NOT NULL GROUP BY 1, 2, 3, 4
"""
_CHILD = """
import sys
from pathlib import Path
from dashboard.serving import serve
serve(Path(sys.argv[1]), port=0, ready=lambda address: print(address, flush=True))
"""


def main() -> None:
    """Measure and print; the last line is JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print the figures only")
    parser.add_argument("--mentions", type=int, default=1_000_000, help="mentions to store first")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        config_path = Path(folder) / "config.toml"
        brands = "".join(f'[[brand]]\nname = "{_brand(index)}"\n' for index in range(BRANDS))
        config_path.write_text(f'[store]\nurl = "sqlite:///stormcone.db"\n{brands}', encoding="utf-8")
        started_at = time.monotonic()
        store = open_store("sqlite:///stormcone.db", folder=folder)
        seed(store, chosen.mentions)
        store.close()
        if not chosen.json:
            print(f"stored {chosen.mentions:,} mentions in {time.monotonic() - started_at:.0f} s")
        print(json.dumps(measure(config_path)))


def seed(store: Store, mentions: int) -> None:
    """Store a week of mentions of all brands, a storm of the first, and the newest verdicts."""
    chance = random.Random(SEED)
    now = datetime.now(UTC).replace(microsecond=0)
    _store_history(store, mentions, now, chance)
    storm = range(mentions, mentions + STORM_MENTIONS)
    store.mentions.save([_storm_mention(number, now, chance) for number in storm], Batch())
    store.sources.register("file", poll_seconds=60, now=now)
    store.sources.record_success("file", at=now)
    for index in range(BRANDS):
        steps = [_verdict(_brand(index), now - timedelta(minutes=5 * step)) for step in range(STEPS, -1, -1)]
        store.readings.save([(verdict, verdict_line(verdict)) for verdict in steps])


def _store_history(store: Store, mentions: int, now: datetime, chance: random.Random) -> None:
    """Write the week straight into the tables, then its sums: ten times as quick as the door that live batches use."""
    names = [column.name for column in mention.columns if column.name != "seq"]
    insert = f"INSERT INTO mention ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608 - our names
    now_ms = int(now.timestamp() * 1000)
    with store.database.write() as connection:
        for start in range(0, mentions, CHUNK):
            numbers = range(start, min(start + CHUNK, mentions))
            connection.exec_driver_sql(insert, [_row(number, now_ms, chance, names) for number in numbers])
        connection.exec_driver_sql(_BRAND_SUMS)
        connection.exec_driver_sql(_POST_SUMS)


def _row(number: int, now_ms: int, chance: random.Random, names: list[str]) -> tuple[object, ...]:
    """Return one mention as its row; what is not named stays unknown."""
    against = 0.85 if chance.random() < 0.2 else 0.1
    posted_ms = now_ms - int(chance.random() * DAYS * 86_400_000)
    is_own_post = number % 5_000 < BRANDS
    values = {
        "platform": "file",
        "id": f"m{number}",
        "brand": _brand(number % BRANDS),
        "posted_at": posted_ms,
        "seen_at": posted_ms,
        "text": f"{'this is not what we were promised' if against > 0.5 else 'picked up my order'} {number}",
        "author": f"author_{chance.randrange(200_000)}",
        "is_own_post": is_own_post,
        "root_id": None if is_own_post else f"m{number % BRANDS}",
        "author_followers": int(chance.paretovariate(0.9) * 50),
        "p_negative": against,
        "p_neutral": (1 - against) / 2,
        "p_positive": (1 - against) / 2,
        "hostility": against,
        "cues": "",
        "scorer": "benchmark",
        "voice": 1.0,
        "against": against,
        "thread_voice": 1.0,
        "thread_against": against,
        "is_copy": False,
    }
    return tuple(values.get(name) for name in names)


def measure(config_path: Path) -> dict[str, float]:
    """Return the figures of a new server over the database beside `config_path`."""
    with _server(config_path) as (pid, address):
        first = Viewer(address)
        first_view_ms = first.run()
        viewers = [first, *(Viewer(address) for _ in range(VIEWERS - 1))]
        for viewer in viewers[1:]:
            viewer.run()
        rss_before, cpu_before = _rss_mb(pid), _cpu_ms(pid)
        threads = [
            threading.Thread(target=viewer.look, args=(index * REFRESH_SECONDS / VIEWERS,))
            for index, viewer in enumerate(viewers)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        cpu_ms, rss_mb = _cpu_ms(pid) - cpu_before, _rss_mb(pid) - rss_before
        waits = sorted(wait for viewer in viewers for wait in viewer.waits_ms)
        for viewer in viewers:
            viewer.close()
    return {
        "first_view_ms": round(first_view_ms, 1),
        "refresh_cpu_ms": round(cpu_ms / len(waits), 1),
        "p95_10_viewers_ms": round(waits[int(0.95 * (len(waits) - 1))], 1),
        "rss_growth_mb": round(rss_mb, 1),
    }


@dataclass
class Viewer:
    """One open page, as the server sees it: a websocket that asks for runs of the script and of its live part."""

    address: str
    waits_ms: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Open the websocket, as a browser of this origin."""
        self._opened_at = time.monotonic()
        self._socket: ClientConnection = connect(
            self.address.replace("http", "ws") + "/_stcore/stream",
            origin=Origin(self.address),
            subprotocols=[Subprotocol("streamlit")],
            max_size=None,
            legacy=True,  # a connection to keep, not a block to leave
        )
        self._fragment = ""

    def run(self) -> float:
        """Run the whole page. Returns: milliseconds since the websocket was asked for."""
        self._ask(BackMsg())
        if not self._fragment:
            raise RuntimeError("the page named no live part to refresh")
        return (time.monotonic() - self._opened_at) * 1000

    def look(self, delay_seconds: float) -> None:
        """Refresh the live part again and again, the way a browser does on its timer."""
        time.sleep(delay_seconds)  # viewers do not arrive at the same instant
        for _ in range(REFRESHES):
            asked_at = time.monotonic()
            message = BackMsg()
            message.rerun_script.fragment_id = self._fragment
            message.rerun_script.is_auto_rerun = True
            self._ask(message)
            taken = time.monotonic() - asked_at
            self.waits_ms.append(taken * 1000)
            time.sleep(max(0.0, REFRESH_SECONDS - taken))

    def close(self) -> None:
        """Leave."""
        self._socket.close()

    def _ask(self, message: BackMsg) -> None:
        """Send a request for a run and read until that run has ended."""
        if message.WhichOneof("type") is None:
            message.rerun_script.query_string = ""
        self._socket.send(message.SerializeToString())
        while True:
            answer = ForwardMsg()
            answer.ParseFromString(bytes(self._socket.recv(timeout=60)))  # type: ignore[arg-type]  # always bytes here
            if answer.WhichOneof("type") == "auto_rerun":
                self._fragment = answer.auto_rerun.fragment_id
            elif answer.WhichOneof("type") == "script_finished":
                return


@contextmanager
def _server(config_path: Path) -> Iterator[tuple[int, str]]:
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    child = subprocess.Popen(
        [sys.executable, "-c", _CHILD, str(config_path)], stdout=subprocess.PIPE, text=True, env=environment
    )
    try:
        if child.stdout is None:
            raise RuntimeError("the server has no output to read its address from")
        yield child.pid, child.stdout.readline().strip()
    finally:
        child.terminate()
        child.wait(timeout=10)


def _cpu_ms(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def _rss_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000


def _brand(index: int) -> str:
    return f"Brand {index:02d}"


def _storm_mention(number: int, now: datetime, chance: random.Random) -> ScoredMention:
    at = now - timedelta(minutes=STORM_MINUTES) * chance.random()
    against = 0.85 if chance.random() < 0.8 else 0.1
    spoken = Mention(
        platform="file",
        id=f"m{number}",
        brand=_brand(0),
        posted_at=at,
        seen_at=at,
        text=f"this is not what we were promised {number}",
        author=f"author_{chance.randrange(200_000)}",
        root_id="m0",
        author_followers=int(chance.paretovariate(0.9) * 50),
    )
    scores = Scores(
        p_negative=against,
        p_neutral=(1 - against) / 2,
        p_positive=(1 - against) / 2,
        compound=None,
        hostility=against,
        cues=(),
        lang="en",
        scorer="benchmark",
    )
    vote = Vote(voice=1.0, against=against, thread_voice=1.0, thread_against=against, is_copy=False)
    return ScoredMention(mention=spoken, scores=scores, vote=vote)


def _verdict(brand: str, at: datetime) -> Verdict:
    return Verdict(
        brand=brand,
        at=at,
        level=Level.CALM,
        kind=Kind.UNCLEAR,
        severity=1,
        headline=brand,
        reasons=(),
        trust=Trust.SETTLED,
        forecast=Forecast(bands=()),
        advice=Advice(action=Action.NONE, within_minutes=0, because=()),
        step=StepReading(minutes=5, voices=20, against=4, usual_voices=21.0, spread_voices=5.0),
    )


if __name__ == "__main__":
    main()
