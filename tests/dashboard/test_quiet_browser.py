"""Quiet in a real headless Chromium: asked for, shown and ended while the page refreshes every second."""

from stormcone.models import Level
from tests.dashboard.seeding import Scene
from tests.dashboard.test_browser import (  # noqa: F401 - fixtures of the walk
    Visit,
    config_path,
    playwright,
    pytestmark,
    scene,
    visit,
)


def test_snooze_and_silence_are_asked_for_and_ended(scene: Scene, visit: Visit) -> None:  # noqa: F811 - fixtures
    scene.with_source().with_quiet_days(6).with_storm().with_steps(level=Level.PAGE).with_incident()
    visit.goto("/")
    visit.page.get_by_role("button", name="Snooze 15 min").click()
    dialog = visit.page.get_by_role("dialog")
    dialog.get_by_label("Your name").fill("Ann")
    dialog.get_by_role("button", name="Record").click()
    playwright.expect(visit.part("now_quiet")).to_contain_text("Quiet about #1 until")
    playwright.expect(visit.part("now_quiet")).to_contain_text("by Ann")
    assert scene.store.incidents.get(1).snoozed_by == "Ann"

    visit.page.get_by_role("button", name="Silence the brand").click()
    dialog.get_by_label("Why").fill("a planned joke")
    visit.wait_for_refresh()
    dialog.get_by_role("button", name="Record").click()
    playwright.expect(visit.part("now_quiet")).to_contain_text("Nobody is told of Acme until")

    visit.page.get_by_role("button", name="End the snooze").click()
    playwright.expect(visit.part("now_quiet")).not_to_contain_text("Quiet about")
    visit.page.get_by_role("button", name="End the silence").click()
    playwright.expect(visit.part("now_quiet")).not_to_contain_text("Nobody is told")
    playwright.expect(visit.page.get_by_role("button", name="Silence the brand")).to_be_visible()
    assert visit.foreign == []
