import json
from datetime import UTC, datetime
from pathlib import Path

from stormcone.models import BudgetStanding
from stormcone.models.heartbeats import Heartbeat, Part
from stormcone.store import open_store
from tests.fakes import AT
from tests.stormcone.cli.processes import run

KEPT = BudgetStanding(
    brand="acme",
    at=AT,
    promised_per_month=2.0,
    factor=0.3304,
    window_days=90,
    watched_days=88.04,
    pages=4,
    judged_false=1,
    judged_true=1,
    realised_per_month=0.3407,
    tightened_pages=1,
    tightened_since=AT,
)


def test_status_says_what_was_promised_of_false_pages_and_what_was_kept(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        '[[brand]]\nname = "acme"\nfalse_pages_per_month = 2\n[[brand]]\nname = "quiet"\n', encoding="utf-8"
    )
    store = open_store(f"sqlite:///{tmp_path / 'stormcone.db'}")
    store.budget.record([KEPT])
    store.close()
    acme, quiet = json.loads(run(tmp_path, "status", "--json").stdout)["brands"]
    assert (
        acme
        | {
            "false_pages_promised": 2.0,
            "false_pages_realised": 0.34,
            "watched_days": 88.0,
            "pages": 4,
            "judged_false": 1,
            "not_judged": 2,
            "allowance": 0.33,
        }
        == acme
    )
    assert (quiet["false_pages_promised"], quiet["false_pages_realised"]) == (1.0, "unknown")
    sheet = run(tmp_path, "status").stdout
    assert "false_pages_promised=2.0  false_pages_realised=0.34" in sheet
    assert "false_pages_promised=1.0  false_pages_realised=unknown" in sheet


def test_parts_of_the_watcher_are_unknown_until_they_are_heard_of_and_then_have_an_age(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[[brand]]\nname = "acme"\n', encoding="utf-8")
    unheard = json.loads(run(tmp_path, "status", "--json").stdout)["heartbeats"]
    assert [each["part"] for each in unheard] == [part.value for part in Part]
    assert {(each["state"], each["age_seconds"]) for each in unheard} == {("unknown", None)}
    store = open_store(f"sqlite:///{tmp_path / 'stormcone.db'}")
    store.heartbeats.beat(Heartbeat(part=Part.DETECTOR, at=datetime.now(UTC), every_seconds=10))
    store.heartbeats.beat(Heartbeat(part=Part.SENDER, at=AT, every_seconds=10, detail="well"))
    store.close()
    heard = {each["part"]: each for each in json.loads(run(tmp_path, "status", "--json").stdout)["heartbeats"]}
    assert heard["detector"]["state"] == "ok"
    assert 0 <= heard["detector"]["age_seconds"] < 30
    assert (heard["sender"]["state"], heard["sender"]["detail"]) == ("silent", "well")
    assert heard["canary"]["state"] == "unknown"
    assert "part=detector  state=ok" in run(tmp_path, "status").stdout
