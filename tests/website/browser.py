"""A real browser, and somebody who fills in the form with it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from .applicant import PDF

AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text("utf-8")
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
FLAGS = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-gpu"]
CONTROLS = """() => [...document.querySelectorAll('#sheet input, #sheet select, #sheet textarea')].map(c => ({
  name: c.name, kind: c.tagName === 'INPUT' ? c.type : c.tagName.toLowerCase(), value: c.value, checked: !!c.checked,
  kept: c.hasAttribute('data-kept'), decides: c.hasAttribute('data-decides'), files: c.files ? c.files.length : 0 }))"""
FOLDED = "document.querySelector('#sheet details:not([open])') !== null"


def find_chromium():
    """The browser's path; without one, skip loudly, or fail where everything is required."""
    for name in (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name) if name else None
        if found:
            return found
    if os.environ.get("REQUIRE_ALL"):
        raise RuntimeError("没有 Chromium：apt-get install chromium")
    pytest.skip("没有 Chromium：apt-get install chromium（或者设 CHROMIUM=浏览器路径）")
    return None


def accessible(page):
    """Nothing that axe finds wrong on the page as it stands."""
    if not page.evaluate("typeof axe !== 'undefined'"):
        page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert not found["violations"], [(v["id"], v["nodes"][0]["html"][:200]) for v in found["violations"]]


def fits(page):
    """The page is not wider than the window."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"


class BrowserApplicant:
    """Fills in a case as a person does: looks at each page, enters what is asked, presses the button."""

    def __init__(self, page, base, scenario, *, scripts=True):
        self.page, self.base, self.scenario, self.scripts = page, base, scenario, scripts
        self.problems: list = []
        page.on(
            "console", lambda m: self.problems.append(m.text) if m.type == "error" and "422" not in m.text else None
        )
        page.on("pageerror", lambda e: self.problems.append(str(e)))

    def look(self):
        """What holds of every page."""
        self.page.wait_for_load_state()
        fits(self.page)
        if self.scripts:
            accessible(self.page)

    def begin(self, facts):
        """From the first page to the task list."""
        page = self.page
        page.goto(self.base + "/")
        self.look()
        self.follow(f"/scenarios/{self.scenario}")
        for name, value in facts.items():
            text = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
            page.check(f"input[name='{name}'][value='{text}']")
        self.press("看看要办什么")
        self.press("开始填写")

    def follow(self, address):
        """Click the first link to an address."""
        with self.page.expect_navigation():
            self.page.locator(f"main a[href='{address}']").first.click()
        self.look()

    def press(self, label):
        """Press a button."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=label, exact=True).click()
        self.look()

    def fill_all(self, intent):
        """Section after section, check, sign, submit: to the case page."""
        page, done = self.page, set()
        while "/cases/" not in page.url:
            page.goto(f"{self.base}/apply/{self.scenario}")
            todo = [a.get_attribute("href") for a in page.locator("ol.tasks a").all()]
            todo = [address for address in todo if address not in done]
            if todo == [f"/apply/{self.scenario}/sign-off"]:
                self.follow(f"/apply/{self.scenario}/check")
                mistakes = page.locator(".summary a").all()
                todo = [mistakes[0].get_attribute("href")] if mistakes else todo
            self.follow(todo[0])
            todo = [todo[0].partition("?")[0]]
            self.fill_section(todo[0], intent)
            done.add(todo[0])
        self.look()

    def fill_section(self, address, intent):
        """Enter and press until the page lets go."""
        for _ in range(40):
            self.enter(intent)
            missing = [t for t in self.tables() if self.rows(t) < intent.rows(t)]
            last = address.endswith("/sign-off")
            verb = f"add:{missing[0]}" if missing else "submit" if last else "next"
            with self.page.expect_navigation():
                self.page.locator(f"button[name='_action'][value='{verb}']:not(.default-action)").click()
            if not self.page.url.endswith(address):
                if last or self.scripts:
                    return
                after = self.page.url
                self.page.goto(self.base + address)
                if not any(self.differs(c, intent) for c in self.page.evaluate(CONTROLS)):
                    self.page.goto(after)
                    return
            self.look()
        raise AssertionError(f"{address} does not let go: {self.page.locator('.error').all_inner_texts()}")

    def enter(self, intent):
        """Enter everything that stands on the page, until nothing new appears."""
        for _ in range(60):
            self.open_folds()
            wrong = next((c for c in self.page.evaluate(CONTROLS) if self.differs(c, intent)), None)
            if wrong is None:
                return
            self.set(wrong, intent)
            if not (self.scripts and wrong["decides"]):
                for control in self.page.evaluate(CONTROLS):
                    if self.differs(control, intent):
                        self.set(control, intent)
                        if self.scripts and control["decides"]:
                            break
        raise AssertionError("the page asks without end")

    def open_folds(self):
        """Open every folded part."""
        while self.page.evaluate(FOLDED):
            self.page.locator("#sheet details:not([open]) > summary").first.click()

    def differs(self, control, intent):
        """Whether a control does not yet say what is meant."""
        name, kind = control["name"], control["kind"]
        if kind == "hidden" or not name or name.endswith("/drop"):
            return False
        if kind in ("checkbox", "radio"):
            return intent.ticked(name, control["value"]) != control["checked"] and (
                kind == "checkbox" or intent.ticked(name, control["value"])
            )
        if kind == "file":
            return intent.has_file(name) and not control["kept"] and not control["files"]
        return intent.typed(name) != control["value"]

    def set(self, control, intent):
        """Enter one value by mouse and keyboard, and wait where the page asks the server."""
        value = f"[value='{control['value']}']" if control["kind"] in ("checkbox", "radio") else ""
        where = self.page.locator(f"#sheet [name='{control['name']}']{value}:not([type=hidden])")
        waits = self.scripts and control["decides"]
        if waits:
            with self.page.expect_response(lambda r: r.request.method == "POST"):
                self.put(where, control, intent)
                where.dispatch_event("change") if control["kind"] in ("text", "textarea") else None
            self.page.wait_for_selector("#sheet:not([aria-busy])")
        else:
            self.put(where, control, intent)

    def put(self, where, control, intent):
        """One value."""
        name, kind = control["name"], control["kind"]
        if kind in ("checkbox", "radio"):
            where.set_checked(intent.ticked(name, control["value"]))
        elif kind == "file":
            where.set_input_files({"name": "示例材料.pdf", "mimeType": "application/pdf", "buffer": PDF})
        elif kind == "select":
            where.select_option(intent.typed(name))
        else:
            where.fill(intent.typed(name))

    def tables(self):
        """The tables on the page."""
        values = self.page.locator("button[value^='add:']").evaluate_all("b => b.map(x => x.value)")
        return [value.removeprefix("add:") for value in values]

    def rows(self, table):
        """How many rows of a table stand on the page."""
        return self.page.locator(f"input[name='{table}/rows']").count()
