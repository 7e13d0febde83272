"""How long does a page take from its transition to the receiver? `python -m benchmarks.deliver --json`.

The real store, the real announcing and the real sender, asked once a second as the watcher asks it, against receivers
on 127.0.0.1. Four runs: a page now and then (idle), 500 incidents (a storm, by default squeezed into a twentieth of its
ten minutes), and a steady channel alone and then beside receivers that drip, hang, redirect and answer with 100 MB.
Ends with 1 where a promise was not kept.
"""

import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass
from pathlib import Path

from alerts.channels.webhook import Webhook, WebhookSettings
from alerts.delivery import Sender
from benchmarks.bad_receivers import ANSWERS, BadReceiver
from benchmarks.crash_receiver import SECRET, Journal, Receiver
from benchmarks.crash_roles import opening
from benchmarks.tables import new_parser, show, show_json
from stormcone.acting import Acting
from stormcone.clock import SystemClock
from stormcone.config import BrandSettings, Config, PersonSettings, RotaSettings
from stormcone.store import open_store

_SECRET_ENV = "STORMCONE_HOOK_SECRET"  # noqa: S105 - the name of a variable
_LOOK_SECONDS = 1.0  # as often as the watcher
_PATIENCE_SECONDS = 60.0  # for what is under way once nothing new comes
_TIMEOUT_SECONDS = 2.0
_STORM_SECONDS = 600.0
_IDLE_SECONDS, _STORMY_SECONDS, _BESIDE_SECONDS = 2.0, 30.0, 2.0  # what is promised of p95, p95 and p99


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """Seconds from transition to receiver. storm_pages: single messages the person on call got, the summary among them.

    left: notices to the good receiver that never came.
    """

    idle_p95_seconds: float
    storm_p95_seconds: float
    storm_incidents: int
    storm_pages: int
    alone_p99_seconds: float
    beside_p99_seconds: float
    left: int

    @property
    def holds(self) -> bool:
        """Whether everything promised was kept."""
        is_quick = self.idle_p95_seconds < _IDLE_SECONDS and self.storm_p95_seconds < _STORMY_SECONDS
        return is_quick and self.beside_p99_seconds < self.alone_p99_seconds + _BESIDE_SECONDS and not self.left


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one run left at the good receiver. to_person: how many of them went to the person on call."""

    seconds: Sequence[float]
    to_person: int
    left: int

    def share(self, share: float) -> float:
        """Return the seconds within which this share of the notices arrived."""
        ranked = sorted(self.seconds) or [float("inf")]
        return round(ranked[min(int(share * len(ranked)), len(ranked) - 1)], 3)


def run(*, incidents: int, seconds: float, with_person: bool = False, bad: bool = False) -> Seen:
    """Open so many incidents within so many seconds, and return how long their notices took to the good receiver."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        journal = stack.enter_context(closing(Journal(folder / "journal")))
        receiver = stack.enter_context(closing(Receiver(journal, random.Random(1), failing=0.0)))
        urls = {"team": f"{receiver.url}/good/team"}
        if with_person:
            urls["pager"] = f"{receiver.url}/good/pager"
        if bad:
            urls |= {name: stack.enter_context(closing(BadReceiver(answer))).url for name, answer in ANSWERS.items()}
        store = stack.enter_context(closing(open_store(f"sqlite:///{folder}/deliver.db")))
        config, clock = _config(urls, with_person=with_person), SystemClock()
        acting = Acting(config=config, store=store, clock=clock)
        channels = {each.id: Webhook(each, {_SECRET_ENV: SECRET}) for each in config.channels}
        sender = Sender(store.notices, channels, clock, owner="deliver", jitter=random.Random(1))
        ended = threading.Event()
        sending = threading.Thread(target=_send, args=(acting, sender, ended))
        sending.start()
        good = _open(acting, incidents, seconds)
        expected = {key for key in good if ":team:" in key}
        until = time.monotonic() + _PATIENCE_SECONDS
        while not expected <= receiver.received.delivered.keys() and time.monotonic() < until:
            time.sleep(0.05)
        if with_person:
            time.sleep(20)  # the pages of a storm gather for a while before their summary leaves
        ended.set()
        sending.join()
        sender.close()
        took = dict(receiver.received.seconds)
        return Seen(
            seconds=[took[key] for key in expected if key in took],
            to_person=sum(":ann" in key for key in took),
            left=len(expected - took.keys()) + len(receiver.received.unexpected),
        )


def _open(acting: Acting, incidents: int, seconds: float) -> set[str]:
    """Open incidents at an even pace. Returns: the keys of their notices."""
    keys: set[str] = set()
    began = time.monotonic()
    for number in range(incidents):
        time.sleep(max(0.0, began + number * seconds / incidents - time.monotonic()))
        identifier = acting.apply(opening(str(number), acting.clock.now())).incident.id or 0
        keys |= {each.key for each in acting.store.notices.of_incident(identifier)}
    return keys


def _send(acting: Acting, sender: Sender, ended: threading.Event) -> None:
    while not ended.is_set():
        acting.release_held(acting.clock.now())
        while sender.deliver_due() and not ended.is_set():
            pass
        ended.wait(_LOOK_SECONDS)


def _config(urls: Mapping[str, str], *, with_person: bool) -> Config:
    channels = tuple(
        WebhookSettings(
            id=name,
            type="webhook",
            url=url,
            secret_env=_SECRET_ENV,
            allow_private=True,
            timeout_seconds=_TIMEOUT_SECONDS,
        )
        for name, url in urls.items()
    )
    people = (PersonSettings(id="ann", channels=("pager",)),) if with_person else ()
    rota = RotaSettings(people=tuple(each.id for each in people))
    return Config(brands=(BrandSettings(name="acme"),), channels=channels, people=people, rota=rota)


def measure(*, storm_incidents: int, storm_seconds: float, notices: int) -> Delivered:
    """Run all four, one after the other. Args: notices: of each run that is no storm."""
    idle = run(incidents=notices, seconds=notices * 0.3)
    storm = run(incidents=storm_incidents, seconds=storm_seconds, with_person=True)
    alone, beside = (run(incidents=notices, seconds=notices * 0.1, bad=bad) for bad in (False, True))
    return Delivered(
        idle_p95_seconds=idle.share(0.95),
        storm_p95_seconds=storm.share(0.95),
        storm_incidents=storm_incidents,
        storm_pages=storm.to_person,
        alone_p99_seconds=alone.share(0.99),
        beside_p99_seconds=beside.share(0.99),
        left=idle.left + storm.left + alone.left + beside.left,
    )


def main() -> int:
    """Run, print, and return the exit status."""
    parser = new_parser("Measures the seconds from a transition to its receiver.")
    parser.add_argument("--notices", type=int, default=40, help="of each run that is no storm")
    parser.add_argument("--incidents", type=int, default=500, help="of the storm")
    parser.add_argument("--storm-seconds", type=float, default=_STORM_SECONDS / 20, help="600 is the promised storm")
    options = parser.parse_args()
    delivered = measure(storm_incidents=options.incidents, storm_seconds=options.storm_seconds, notices=options.notices)
    figures = asdict(delivered)
    show(f"{os.cpu_count()} cores", ("figure", "value"), [(name, str(value)) for name, value in figures.items()])
    if options.json:
        show_json(figures)
    return int(not delivered.holds)


if __name__ == "__main__":
    sys.exit(main())
