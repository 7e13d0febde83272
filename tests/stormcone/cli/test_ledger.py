"""`stormcone ledger` over a stored week."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from stormcone.clock import SystemClock
from stormcone.journal import kept_line
from stormcone.models import Decision, DecisionRecord, Incident, Level, Moment, Notice, Outcome
from stormcone.models.weeks import IsoWeek
from stormcone.store import Store, open_store
from tests.fakes import at, make_incident, make_notice, make_transition, make_verdict
from tests.stormcone.cli.processes import assert_one_line_error, json_lines, run

WEEK = "2026-W10"  # of AT, a Monday at noon
CONFIG = """
[[brand]]
name = "acme"
keywords = ["acme"]
time_zone = "Europe/Helsinki"
false_pages_per_month = 3
[[brand]]
name = "other"
keywords = ["other"]
[[channels]]
id = "hook"
type = "console"
[[people]]
id = "ann"
channels = ["hook"]
time_zone = "Asia/Tokyo"
"""


def paged(store: Store, number: int, minutes: float, **changes: object) -> Incident:
    incident = replace(make_incident(), post=("x", str(number)), **changes)  # type: ignore[arg-type]  # fields of it
    opened = make_transition(incident, at=at(minutes), verdict=make_verdict(minutes=minutes))

    def notices(stored: Incident) -> tuple[Notice, ...]:
        told = make_notice(
            f"inc:{stored.id}:opened:1:hook:ann", stored.id or 0, to="ann", urgency=Level.PAGE, created_at=at(minutes)
        )
        return (told, replace(told, key=f"inc:{stored.id}:opened:1:sms:ann", channel="sms"))

    return store.incidents.apply(opened, notices_for=notices, verdict_json=kept_line(opened)).incident


def decided(store: Store, incident: Incident, minutes: float, decision: Decision) -> None:
    current = replace(store.incidents.get(incident.id or 0), acknowledged_by="ann", updated_at=at(minutes))
    record = DecisionRecord(at=at(minutes), incident_id=incident.id or 0, decision=decision, by="ann", why="so")
    moment = make_transition(current, Moment.DECIDED, at=at(minutes), verdict=None, by="ann")
    store.incidents.apply(moment, notices_for=lambda _: (), record=record)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with three pages of acme (one real, one noise, one unmarked) and one of the other brand."""
    (tmp_path / "config.toml").write_text(CONFIG)
    store = open_store(f"sqlite:///{tmp_path / 'stormcone.db'}")
    real, noise = paged(store, 1, 0), paged(store, 2, 60)
    paged(store, 3, 120)
    paged(store, 4, 7 * 24 * 60)
    paged(store, 5, 30, brand="other")
    decided(store, real, 10, Decision.HOLD)
    decided(store, noise, 65, Decision.FALSE_ALARM)
    for told in store.notices.lease_due(now=at(30_000), owner="me", lease_seconds=9, limit=99):
        if told.incident_id != 3:
            store.notices.record_delivery(
                told,
                outcome=Outcome.OK,
                started_at=told.created_at,
                finished_at=told.created_at + timedelta(seconds=2),
                detail=None,
                next_try_at=None,
            )
    store.close()
    return tmp_path


def test_week_is_counted(folder: Path) -> None:
    (told,) = json_lines(run(folder, "ledger", "--week", WEEK, "--brand", "acme", "--json").stdout)
    assert (told["pages"], told["real"], told["noise"], told["unmarked"]) == (3, 1, 1, [3])
    assert told["precision"]["value"] == 0.5
    assert told["to_acknowledge"] == {"median_seconds": 600.0, "p90_seconds": None, "waiting": 1}
    assert told["people"] == [{"person": "ann", "pages": 2, "at_night": 1}]  # 21:00 and 22:00 in Tokyo, each once
    assert told["advice"] == [{"action": "hold", "followed": 1, "otherwise": 1, "undecided": 1}]
    assert told["false_pages"] == {"promised": pytest.approx(0.7), "realised": 1}
    assert [each["decision"] for each in told["list"]] == ["hold", "false_alarm", None]


def test_table_says_the_same_in_words(folder: Path) -> None:
    lines = run(folder, "ledger", "--week", WEEK, "--brand", "acme").stdout.splitlines()
    assert lines == [
        "2026-W10, acme",
        "pages                 3",
        "real, noise           1, 1",
        "not marked            1: incidents #3",
        "precision             50% (16% to 84% at 80 %)",
        "until acknowledged    median 10.0 min, 9 of 10 within unknown, 1 of 3 never so far",
        "until decided         median 10.0 min, 9 of 10 within unknown, 1 of 3 never so far",
        "beyond first step     0",
        "false pages           1, promised 0.70 a week",
        "pages to ann          2, of them 1 between 22 and 7",
        "advice hold           followed 1, otherwise 1, undecided 1",
    ]


def test_all_brands_are_counted_together(folder: Path) -> None:
    (told,) = json_lines(run(folder, "ledger", "--week", WEEK, "--all", "--json").stdout)
    assert told["brands"] == ["acme", "other"]
    assert (told["pages"], told["unmarked"]) == (4, [3, 5])
    assert told["false_pages"]["promised"] == pytest.approx(0.7 + 7 / 30)


def test_calm_week_says_so(folder: Path) -> None:
    done = run(folder, "ledger", "--week", "2026-W08")
    assert done.returncode == 0
    assert done.stdout == "2026-W08, acme, other\nno pages: nobody was woken\n"
    assert run(folder, "ledger").stdout.endswith("no pages: nobody was woken\n")
    (told,) = json_lines(run(folder, "ledger", "--week", "2026-W08", "--json").stdout)
    assert (told["pages"], told["precision"], told["to_decide"]["median_seconds"]) == (0, None, None)


def test_wrong_use_is_one_line(folder: Path) -> None:
    following = IsoWeek.of(SystemClock().now() + timedelta(days=8), ZoneInfo("UTC"))
    for words, said in (
        (("--week", "last"), "ISO week such as 2026-W46"),
        (("--week", "2026-W54"), "ISO week such as 2026-W46"),
        (("--week", following.name), "that week has not begun"),
        (("--brand", "acne"), "no such brand; known are acme, other"),
        (("--brand", "acme", "--all"), "give one of them"),
    ):
        done = run(folder, "ledger", *words)
        assert_one_line_error(done, 2)
        assert said in done.stderr
