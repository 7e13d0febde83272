"""A walk through the dashboard in a real headless Chromium: a storm is seen and decided, hostile texts stay texts."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from stormcone.models import Decision, Level
from tests.dashboard.seeding import PEOPLE, Scene, write_config
from tests.dashboard.test_escaping import PAYLOADS
from tests.dashboard.test_serving import running

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
WAIT_MS = 30_000
playwright.expect.set_options(timeout=WAIT_MS)  # a busy machine draws slowly; what never comes still fails


class Visit:
    """A page in a browser that keeps what it asked for and what scripts did."""

    def __init__(self, browser: Any, address: str) -> None:
        self.address = address
        self.page = browser.new_page(viewport={"width": 1440, "height": 1100})
        self.page.set_default_timeout(WAIT_MS)
        self.foreign: list[str] = []
        self.dialogs: list[str] = []
        self.page.on("request", self._note)
        self.page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))

    def _note(self, request: Any) -> None:
        if not request.url.startswith((self.address, self.address.replace("http", "ws"), "data:", "blob:")):
            self.foreign.append(request.url)

    def goto(self, path: str) -> None:
        self.page.goto(self.address + path)

    def wait_for_refresh(self) -> None:
        """Wait until the page has drawn itself anew: the instant it is as of has moved on."""
        before = self.part("now_sources").inner_text()
        playwright.expect(self.part("now_sources")).not_to_have_text(before, use_inner_text=True)

    def part(self, key: str) -> Any:
        return self.page.locator(f".st-key-{key}")


@pytest.fixture
def config_path(tmp_path: Path) -> Path:
    return write_config(tmp_path, refresh_seconds=1, more=PEOPLE)


@pytest.fixture
def scene(config_path: Path) -> Iterator[Scene]:
    opened = Scene(config_path, datetime.now(UTC).replace(microsecond=0))
    yield opened
    opened.close()


@pytest.fixture
def visit(config_path: Path) -> Iterator[Visit]:
    with running(config_path) as (_, address), playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield Visit(browser, address)
        browser.close()


def test_storm_is_seen_decided_and_kept(scene: Scene, visit: Visit) -> None:
    scene.with_source().with_quiet_days(6).with_storm().with_steps(level=Level.PAGE).with_incident()
    visit.goto("/")
    playwright.expect(visit.part("now_level")).to_contain_text("PAGE")
    playwright.expect(visit.part("now_sentence")).to_contain_text("412 voices in 30 min where 4.2 are usual")

    visit.page.get_by_role("link", name="Open incident #1").click()
    playwright.expect(visit.part("incident_timeline")).to_contain_text("Opened")
    assert "incident=1" in visit.page.url

    visit.part("incident_decisions").get_by_role("button", name="Hold").click()
    visit.page.get_by_label("Your name").fill("Ann")
    visit.page.get_by_label("Why", exact=True).fill("no facts yet")
    visit.page.get_by_role("button", name="Record").click()

    playwright.expect(visit.part("incident_timeline")).to_contain_text("Decided by Ann")
    playwright.expect(visit.part("incident_timeline")).to_contain_text("Hold: no facts yet")
    (kept,) = scene.store.incidents.decisions(1)
    assert (kept.decision, kept.by, kept.why) == (Decision.HOLD, "Ann", "no facts yet")
    assert visit.foreign == []


def test_decision_dialog_outlives_refreshes_and_needs_no_name(scene: Scene, visit: Visit) -> None:
    scene.with_source().with_quiet_days(6).with_steps(level=Level.PAGE).with_incident()
    visit.goto("/")
    visit.part("now_decisions").get_by_role("button", name="Respond").click()
    visit.page.get_by_label("Why", exact=True).fill("we answered")
    visit.wait_for_refresh()
    visit.wait_for_refresh()
    assert visit.page.get_by_label("Why", exact=True).input_value() == "we answered"
    visit.page.get_by_role("button", name="Record").click()
    playwright.expect(visit.part("now_timeline")).to_contain_text("Respond: we answered")
    assert scene.store.incidents.decisions(1)[0].by == "dashboard"


def test_hostile_texts_run_nothing_and_call_nobody(scene: Scene, visit: Visit) -> None:
    scene.with_source("file", error=PAYLOADS[5]).with_quiet_days(6).with_steps(level=Level.PAGE)
    for index, payload in enumerate(PAYLOADS):
        scene.with_storm(minutes=2, per_minute=2, text=f"{payload.encode('utf-8', 'ignore').decode()} {index}")
    storable = [payload.replace("\x00", "").encode("utf-8", "ignore").decode() for payload in PAYLOADS]
    scene.with_incident(
        pieces=tuple(scene.evidence(text, author=text, url=text) for text in storable),
        headline=" ".join(storable),
    )
    for path, part in (
        ("/", "now_sentence"),
        ("/incidents", "incidents_list"),
        ("/incidents?incident=1", "incident_timeline"),
    ):
        visit.goto(path)
        playwright.expect(visit.part(part)).to_contain_text("script")
        visit.page.wait_for_load_state("networkidle")
        assert visit.page.evaluate("window.hit") is None
    assert visit.dialogs == []
    assert visit.foreign == []


def test_page_of_a_dead_watcher_turns_unknown_by_itself(scene: Scene, visit: Visit) -> None:
    nearly_stale = timedelta(minutes=15) - timedelta(seconds=6)
    scene.with_source().with_quiet_days(6).with_steps(level=Level.CALM, ends_ago=nearly_stale)
    visit.goto("/")
    playwright.expect(visit.part("now_level")).to_contain_text("UNKNOWN")
    assert "CALM" not in visit.part("now_level").inner_text()
