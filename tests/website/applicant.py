"""Somebody who fills in the form: given the answers they would give, what they do on each page."""

from __future__ import annotations

import io

from formengine.paths import keys_of
from formengine.words import said

from .parsed import NS, parsed

PDF = b"%PDF-1.4 demo\n"


class Intent:
    """The answers that an applicant means to give, by the names that inputs have on the pages."""

    def __init__(self, sheet, answers):
        kept = {t: [row for row in answers.get(t, []) if set(row) - {"id"}] for t in sheet.columns}
        self.sheet, self.answers = sheet, {**answers, **kept}

    def find(self, name):
        """The entry behind an input's name, and the answer meant for it (None where none is)."""
        head, *rest = name.split("/")
        if head in self.sheet.columns:
            rows = self.answers.get(head) or []
            index, column, rest = int(rest[0]), rest[1], rest[2:]
            entry = self.sheet.by_path[f"{head}.{column}"]
            value = rows[index].get(column) if index < len(rows) else None
        else:
            entry, value = self.sheet.by_path[head], self.answers
            for key in keys_of(entry.paths[0]):
                value = value.get(key) if isinstance(value, dict) else None
        return entry, value.get(rest[0]) if rest and isinstance(value, dict) else (None if rest else value)

    def typed(self, name):
        """What is typed into a text input: the empty text where nothing is meant."""
        entry, value = self.find(name)
        if value is None:
            return ""
        if entry.kind.name in ("signature", "act_signature"):
            return "示例签名人"
        return next((key for key, v, _ in entry.choices if v == value), said(value))

    def ticked(self, name, key):
        """Whether the radio button or box with this value is chosen."""
        entry, value = self.find(name)
        if entry.kind.name in ("declaration", "act"):
            return value is True
        if entry.kind.name == "yes_no":
            return value is {"yes": True, "no": False}[key]
        meant = next(v for k, v, _ in entry.choices if k == key)
        return meant in value if isinstance(value, list) else value == meant and value is not None

    def has_file(self, name):
        """Whether a file is meant to be uploaded here."""
        return self.find(name)[1] is not None

    def rows(self, table):
        """How many rows are meant."""
        return len(self.answers.get(table) or [])


class Page:
    """A page as somebody without JavaScript has it."""

    def __init__(self, response):
        self.response = response
        self.root, _ = parsed(response.get_data(as_text=True))

    def all(self, tag, **attributes):
        """Every element of a kind with these attributes."""
        wanted = {key.rstrip("_"): value for key, value in attributes.items()}
        return [n for n in self.root.iter(NS + tag) if all(n.get(k) == v for k, v in wanted.items())]

    def one(self, tag, **attributes):
        """The first of them."""
        return self.all(tag, **attributes)[0]

    @property
    def text(self):
        return " ".join("".join(self.one("main").itertext()).split())

    @property
    def heading(self):
        return "".join(self.one("h1").itertext()).strip()

    @property
    def all_ids(self):
        """The ids of everything on the page."""
        return {node.get("id") for node in self.root.iter() if node.get("id")}

    def form(self, **attributes):
        """``(action, [(name, value)])`` of a form as it stands."""
        found = self.one("form", **attributes)
        return found.get("action"), [pair for node in found.iter() for pair in _standing(node)]

    def errors(self):
        """The sentences beside the fields."""
        return ["".join(n.itertext()) for n in self.root.iter(NS + "p") if "error" in (n.get("class") or "").split()]

    def rows(self, table):
        """How many rows of a table stand on the page."""
        return len(self.all("input", name=f"{table}/rows"))

    def tables(self):
        """The tables on the page."""
        values = [n.get("value") or "" for n in self.root.iter(NS + "button")]
        return [v.removeprefix("add:") for v in values if v.startswith("add:")]


def _standing(node):
    name, kind = node.get("name"), node.get("type", "text")
    tag = node.tag.removeprefix(NS) if isinstance(node.tag, str) else ""
    if not name or tag not in ("input", "select", "textarea"):
        return
    if tag == "select":
        chosen = [o.get("value") for o in node.iter(NS + "option") if o.get("selected") is not None]
        yield name, (chosen or [""])[0]
    elif tag == "textarea":
        yield name, (node.text or "").removeprefix("\n")
    elif kind not in ("checkbox", "radio", "file") or node.get("checked") is not None:
        yield name, node.get("value") or ""


class PlainApplicant:
    """Fills in a case with the test client alone: no JavaScript."""

    def __init__(self, client, scenario):
        self.client, self.scenario = client, scenario

    def get(self, path, status=200):
        """Open a page."""
        response = self.client.get(path)
        assert response.status_code == status, (path, response.status_code, response.location)
        return Page(response)

    def begin(self, facts):
        """From the guiding questions to the task list."""
        words = {k: {True: "yes", False: "no"}.get(v, v) if isinstance(v, bool) else str(v) for k, v in facts.items()}
        page = Page(self.client.get(f"/scenarios/{self.scenario}", query_string=words))
        action, standing = page.form(method="post", action=f"/apply/{self.scenario}")
        response = self.client.post(action, data=dict(standing))
        assert response.status_code == 302, response.get_data(as_text=True)
        return self.get(response.location)

    def sections(self):
        """The addresses of the sections in the task list."""
        page = self.get(f"/apply/{self.scenario}")
        items = page.one("ol").iter(NS + "a")
        return [link.get("href") for link in items]

    def fill_section(self, address, intent, rounds=30):
        """Fill in one section and press the button until it lets go; returns the answer that led on."""
        page = self.get(address)
        for _ in range(rounds):
            response = self.press(page, intent)
            if response.status_code != 302:
                page = Page(response)
                continue
            if address.endswith("/sign-off") or not self.lacks(page := self.get(address), intent):
                return response
        raise AssertionError(f"{address} does not let go: {page.errors()} {page.text[:300]}")

    def lacks(self, page, intent):
        """Whether something that is meant is still to be entered: an answer may have brought up what is optional."""
        texts = {(n, v) for n, values in self.filled(page, intent)[1].items() for v in values if isinstance(v, str)}
        return bool(texts - set(page.form(id="sheet")[1]))

    def press(self, page, intent, action=None):
        """Fill in what is on the page and press: add a row while some are missing, else on."""
        address, data = self.filled(page, intent)
        wanted = [t for t in page.tables() if page.rows(t) < intent.rows(t)]
        last = address.endswith("/sign-off")
        verb = action or (f"add:{wanted[0]}" if wanted else "submit" if last else "next")
        return self.client.post(address, data={**data, "_action": verb}, content_type="multipart/form-data")

    def filled(self, page, intent):
        """The form with everything the applicant means to enter: ``(action, data)``."""
        form = page.one("form", id="sheet")
        data: dict = {}
        for node in form.iter():
            for name, value in _entered(node, intent):
                data.setdefault(name, []).append(value)
        return form.get("action"), data

    def fill_all(self, answers, sheet):
        """Every section in turn, and submit; returns the case page's address."""
        intent = Intent(sheet, answers)
        done: set = set()
        while True:
            todo = [address for address in self.sections() if address not in done]
            if len(todo) == 1:  # only the signing is left: what later answers brought up comes first
                todo = self.mistakes() or todo
            response = self.fill_section(todo[0], intent)
            done.add(todo[0])
            if "/cases/" in response.location:
                return response.location

    def mistakes(self):
        """Where the check page says that something is missing."""
        links = [link.get("href") or "" for link in self.get(f"/apply/{self.scenario}/check").all("a")]
        return [link.partition("?")[0] for link in links if "review=1" in link]


def _entered(node, intent):
    name, kind = node.get("name"), node.get("type", "text")
    tag = node.tag.removeprefix(NS) if isinstance(node.tag, str) else ""
    if not name or tag not in ("input", "select", "textarea"):
        return
    hidden = tag == "input" and kind == "hidden"
    if hidden or name.endswith("/drop"):
        if hidden:
            yield name, node.get("value") or ""
    elif kind == "file":
        kept = name + "/kept"
        if intent.has_file(name) and not _has(node, kept):
            yield name, (io.BytesIO(PDF), "示例材料.pdf")
    elif kind in ("checkbox", "radio"):
        if intent.ticked(name, node.get("value")):
            yield name, node.get("value")
    else:
        yield name, intent.typed(name)


def _has(node, name):
    """Whether a file is kept already (its hidden input stands before the file input; the page knows)."""
    return node.get("data-kept") is not None
