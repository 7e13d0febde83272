from datetime import UTC, datetime, timedelta

from streamlit.testing.v1 import AppTest

from dashboard.life_signs import LifeSign, read_life_signs
from stormcone.models.heartbeats import Heartbeat, Part, Pulse
from tests.dashboard.seeding import Scene

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def beat(scene: Scene, part: Part, at: datetime) -> None:
    scene.store.heartbeats.beat(Heartbeat(part=part, at=at, every_seconds=10))


def test_what_was_never_heard_of_is_unknown_and_not_well(scene: Scene) -> None:
    assert read_life_signs(scene.store, NOW) == (
        LifeSign(part=Part.DETECTOR, pulse=Pulse.UNKNOWN, age_seconds=None),
        LifeSign(part=Part.SENDER, pulse=Pulse.UNKNOWN, age_seconds=None),
    )


def test_each_part_has_its_age(scene: Scene) -> None:
    beat(scene, Part.DETECTOR, NOW - timedelta(seconds=4))
    beat(scene, Part.SENDER, NOW - timedelta(minutes=4))
    beat(scene, Part.CANARY, NOW)
    assert read_life_signs(scene.store, NOW) == (
        LifeSign(part=Part.DETECTOR, pulse=Pulse.OK, age_seconds=4.0),
        LifeSign(part=Part.SENDER, pulse=Pulse.SILENT, age_seconds=240.0),
    )


def test_header_says_how_detector_and_sender_are(scene: Scene) -> None:
    scene.with_source()
    beat(scene, Part.DETECTOR, datetime.now(UTC))
    shown = " ".join(str(each.value) for each in page().markdown)
    assert "detector ok" in shown
    assert "sender never heard of" in shown


def page() -> AppTest:
    def script() -> None:
        from dashboard.context import current_path  # noqa: PLC0415 - the script is run apart
        from dashboard.widgets.now_screen import draw_now  # noqa: PLC0415

        draw_now(current_path())

    return AppTest.from_function(script, default_timeout=30).run()
