"""Real Chromium: catering and hotel, as an individual and as a company, phone and desk, with and without JavaScript."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from web.sheet import Sheet

from .applicant import Intent
from .browser import DESK, FLAGS, PHONE, BrowserApplicant, find_chromium

ROOT = Path(__file__).parent.parent.parent
WAYS = [
    ("catering", {"entity_kind": "individual", "holds_licence": False}, PHONE, True, "sqlite"),
    ("hotel", {"entity_kind": "company", "holds_licence": False}, DESK, True, "postgresql"),
    ("catering", {"entity_kind": "company", "holds_licence": False}, PHONE, False, "postgresql"),
    ("hotel", {"entity_kind": "individual", "holds_licence": False}, DESK, False, "sqlite"),
]


class Server:
    """The site as ``make run`` starts it, in processes of its own; it can be killed and started again."""

    def __init__(self, url, **more):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        keys = {"SECRET_KEY": "tests-only-" * 4, "DATA_KEYS": Fernet.generate_key().decode()}
        place = {"DATABASE_URL": url, "PORT": str(self.port), "SECURE_COOKIES": "0", "WORKERS": "1"}
        self.environment = {**os.environ, **keys, **place, **more}
        self.base = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self):
        command = [sys.executable, str(ROOT / "app.py")]
        self.process = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.DEVNULL, start_new_session=True, cwd=ROOT
        )
        for _ in range(600):
            assert self.process.poll() is None, "the site did not start"
            try:
                urllib.request.urlopen(self.base + "/readyz", timeout=2).close()
                return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the site does not answer")

    def kill(self):
        """As when the plug is pulled: every process, at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture(scope="session")
def chromium():
    """One browser for all tests."""
    path = find_chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def serve(new_database):
    """``serve(kind)``: a running site on a fresh database."""
    running = []

    def start(kind, **more):
        running.append(Server(new_database(kind), **more))
        return running[-1]

    yield start
    for server in running:
        server.kill()


@pytest.fixture
def visit(chromium):
    """``visit(size, scripts)``: a page of a fresh visitor."""
    opened = []

    def open_(size=PHONE, scripts=True, **more):
        context = chromium.new_context(viewport=size, java_script_enabled=scripts, locale="zh-CN", **more)
        context.set_default_timeout(20_000)
        opened.append(context)
        return context.new_page()

    yield open_
    for context in opened:
        context.close()


@pytest.mark.parametrize(("scenario", "facts", "size", "scripts", "kind"), WAYS)
def test_a_case_goes_through_in_a_browser(serve, visit, answers_of, scenario, facts, size, scripts, kind):
    server = serve(kind)
    form, answers = answers_of(scenario, 2, **facts)
    page = visit(size, scripts)
    person = BrowserApplicant(page, server.base, scenario, scripts=scripts)
    person.begin(form.facts)
    person.fill_all(Intent(Sheet(form), answers))
    assert page.locator("h1").inner_text().startswith("办件 YK")
    assert page.locator("a:has-text('下载 PDF')").count() == len(form.forms)
    assert not person.problems
