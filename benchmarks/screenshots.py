"""Takes pictures of the running product: `python -m benchmarks.screenshots FOLDER` (or `make screenshots`).

Plays the default drill in a process of its own, waits until its incident has paged, and photographs the pages in a
headless Chromium. Everything in the pictures is invented. Not a measurement; it stands here because it drives the
whole product from outside, as the benchmarks do.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from playwright.sync_api import Browser, sync_playwright

_SPEED = 240  # simulated seconds a second: the storm is at its height about fifteen seconds after the page
_PAGE_WITHIN_SECONDS = 60.0
_HEIGHT_SECONDS = 12.0
_CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One picture: where, how wide, in which colours."""

    name: str
    path: str
    awaited: str  # class of the container that must be there
    width: int = 1440
    height: int = 1100
    is_dark: bool = False


SHOTS = (
    Shot(name="now", path="/", awaited="st-key-now_sentence"),
    Shot(name="now-dark", path="/", awaited="st-key-now_sentence", is_dark=True),
    Shot(name="now-phone", path="/", awaited="st-key-now_sentence", width=390, height=844),
    Shot(name="incident", path="/incidents?incident=1", awaited="st-key-incident_timeline"),
)


def main(arguments: list[str]) -> int:
    """Take all pictures. Returns: exit code."""
    folder = Path(arguments[0] if arguments else "docs/pictures")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.stderr.write("screenshots: no chromium on this machine; install Debian's package chromium\n")
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as kept:
        port = _free_port()
        drill = _start_drill(Path(kept), port)
        try:
            _wait_for_page(drill)
            time.sleep(_HEIGHT_SECONDS)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium, args=_CHROMIUM)
                for shot in SHOTS:
                    _take(browser, f"http://127.0.0.1:{port}", shot, folder)
                browser.close()
        finally:
            drill.terminate()
            drill.wait(20)
    return 0


def _start_drill(folder: Path, port: int) -> subprocess.Popen[str]:
    words = ["demo", "--headless", "--speed", str(_SPEED), "--port", str(port), "--keep", str(folder / "drill")]
    return subprocess.Popen(
        [sys.executable, "-m", "stormcone", *words],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )


def _wait_for_page(drill: subprocess.Popen[str]) -> None:
    output: IO[str] | None = drill.stdout
    until = time.monotonic() + _PAGE_WITHIN_SECONDS
    for line in output or ():
        sys.stdout.write(line[:160].rstrip() + "\n")
        if "notice=page" in line or time.monotonic() > until:
            return


def _take(browser: Browser, address: str, shot: Shot, folder: Path) -> None:
    context = browser.new_context(
        viewport={"width": shot.width, "height": shot.height}, color_scheme="dark" if shot.is_dark else "light"
    )
    page = context.new_page()
    page.goto(f"{address}{shot.path}")
    page.wait_for_selector(f".{shot.awaited}", timeout=30_000)
    page.wait_for_timeout(3_000)  # charts are drawn after their data have come
    page.screenshot(path=str(folder / f"{shot.name}.png"))
    context.close()
    sys.stdout.write(f"{folder / shot.name}.png\n")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
