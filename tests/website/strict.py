"""A test client that inspects whatever it fetches: headers on every response, and every page as HTML."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder

from .parsed import NS, parsed

CONTROLS = ("input", "select", "textarea")


class StrictClient(FlaskClient):
    """Fails where a response breaks a habit of this site."""

    def open(self, *args, **kwargs):
        """Fetch and inspect, over https as behind the office's proxy."""
        if not (args and isinstance(args[0], EnvironBuilder)):
            kwargs.setdefault("base_url", "https://localhost")
        response = super().open(*args, **kwargs)
        check_headers(response)
        if response.mimetype == "text/html" and response.data and not 300 <= response.status_code < 400:
            check_page(response.get_data(as_text=True), response)
        return response


def check_headers(response):
    """What every response carries."""
    headers = response.headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert re.fullmatch(r"'nonce-[\w-]{16,}'", policy["script-src"])
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert {policy["base-uri"], policy["frame-ancestors"]} == {"'none'"}
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    for cookie in headers.getlist("Set-Cookie"):
        assert "HttpOnly" in cookie, cookie
        assert "SameSite=Lax" in cookie, cookie
        assert "Secure" in cookie, cookie
    if not response.request.path.startswith("/static/"):
        assert headers["Cache-Control"] == "no-store"


def check_page(text, response):
    """What every page is."""
    root, errors = parsed(text)
    assert not errors, [(error[1], text.splitlines()[error[0][0] - 1]) for error in errors[:3]]
    nodes = list(root.iter())
    assert root.get("lang") == "zh-CN"
    _headings(nodes)
    ids = Counter(node.get("id") for node in nodes if node.get("id"))
    assert not [name for name, count in ids.items() if count > 1]
    _references(nodes, ids)
    _forms(nodes)
    _labels(root, nodes)
    _nothing_inline(nodes, response)
    visible = re.sub(r"<(script|style)[\s\S]*?</\1>|<[^>]*>", "", text)
    for slip in ("None", "Undefined", "Traceback", "<function"):
        assert slip not in visible, visible[max(0, visible.index(slip) - 60) :][:160]


def _text(node):
    return "".join(node.itertext()).strip()


def _headings(nodes):
    heads = [node for node in nodes if node.tag == f"{NS}h1"]
    assert len(heads) == 1
    title = next(node for node in nodes if node.tag == f"{NS}title")
    assert _text(title).startswith(_text(heads[0]))
    levels = [int(node.tag[-1]) for node in nodes if re.fullmatch(rf"{re.escape(NS)}h[1-6]", str(node.tag))]
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels


def _references(nodes, ids):
    for node in nodes:
        for name in ("for", "aria-describedby", "aria-labelledby"):
            for target in (node.get(name) or "").split():
                assert target in ids, f"{name}={target}"
        if node.tag == f"{NS}a":
            href = node.get("href") or ""
            assert href, _text(node)
            assert _text(node) or any(child.get("alt") for child in node), href
            if href.startswith("#"):
                assert href[1:] in ids, href


def _forms(nodes):
    for form in (node for node in nodes if node.tag == f"{NS}form"):
        assert form.get("action"), "a form without action"
        assert form.get("method") in ("get", "post")
        names = [node.get("name") for node in form.iter()]
        assert (form.get("method") == "post") == ("csrf_token" in names)
        buttons = [node for node in form.iter() if node.tag == f"{NS}button"]
        assert buttons
        assert all(_text(button) for button in buttons)


def _labels(root, nodes):
    parents = {child: parent for parent in root.iter() for child in parent}
    labelled = {node.get("for") for node in nodes if node.tag == f"{NS}label"}
    for node in nodes:
        kind = node.get("type", "text")
        if node.tag.removeprefix(NS) not in CONTROLS or kind == "hidden":
            continue
        inside = parents[node].tag == f"{NS}label" and _text(parents[node])
        assert inside or node.get("id") in labelled, f"no label: {node.get('name')}"
    for node in nodes:
        if node.tag == f"{NS}fieldset":
            legend = next(iter(node), None)
            assert legend is not None
            assert legend.tag == f"{NS}legend"
            assert _text(legend)


def _nothing_inline(nodes, response):
    nonce = re.search(r"'nonce-([^']+)'", response.headers["Content-Security-Policy"])[1]
    for node in nodes:
        assert not [name for name in node.attrib if name.startswith("on") or name == "style"], node.attrib
        if node.tag == f"{NS}script":
            assert node.get("nonce") == nonce
        assert node.tag != f"{NS}style"
        for name in ("src", "href"):
            assert not (node.get(name) or "").startswith(("http:", "https:", "//")), node.get(name)
