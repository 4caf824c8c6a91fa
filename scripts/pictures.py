"""Take the README's pictures of the real pages: ``python scripts/pictures.py`` (needs Chromium).

Starts a demonstration of its own in a temporary folder and walks a catering case through it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "docs" / "pictures"
PORT = "8190"
BASE = f"http://127.0.0.1:{PORT}"
FLAGS = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-gpu"]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}


def wait() -> None:
    """Until the site answers; raises ``RuntimeError`` after a minute."""
    for _ in range(120):
        try:
            urllib.request.urlopen(BASE + "/readyz", timeout=2).close()
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise RuntimeError("the site does not answer")


def take(page: Any, name: str) -> None:
    """One picture of what stands in the window."""
    page.wait_for_load_state("networkidle")
    page.screenshot(path=TARGET / f"{name}.png")


def walk(page: Any, size: str) -> None:
    """From the first page to a section with mistakes."""
    page.goto(BASE + "/")
    take(page, f"home-{size}")
    page.goto(BASE + "/scenarios/catering")
    page.check("input[name=entity_kind][value=individual]")
    page.check("input[name=holds_licence][value=no]")
    page.click("text=看看要办什么")
    take(page, f"notice-{size}")
    page.click("text=开始填写")
    take(page, f"tasks-{size}")
    page.goto(BASE + "/apply/catering/entity")
    take(page, f"section-{size}")
    page.click("button[name=_action][value=next]:not(.default-action)")
    take(page, f"mistakes-{size}")


def main() -> int:
    """Returns the exit code."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/demo.sqlite3"
        settings = {"DEMO": "1", "PORT": PORT, "DATABASE_URL": url, "WORKERS": "1"}
        site = subprocess.Popen([sys.executable, str(ROOT / "app.py")], env={**os.environ, **settings})
        try:
            wait()
            with sync_playwright() as playwright:
                path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
                browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
                for size, viewport in (("phone", PHONE), ("desk", DESK)):
                    page = browser.new_page(viewport=viewport, locale="zh-CN")
                    walk(page, size)
                browser.close()
        finally:
            site.terminate()
    return 0


if __name__ == "__main__":
    sys.exit(main())
