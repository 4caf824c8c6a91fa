"""Whatever is sent to any address, with whatever keys and values, is answered; nothing is filed without its files."""

from __future__ import annotations

import io
import os
import random
import time
import urllib.parse

import pytest
from sqlalchemy import select

from web.cases.submission import submit
from web.demo import demo_file
from web.services import services_of
from web.store.models import Attachment, Case, Filing

from .applicant import Page, PlainApplicant
from .conftest import PASSWORD, client_of, logged_in
from .test_signing import code_of

SECONDS = float(os.environ.get("FUZZ_SECONDS", "8"))
ODD = [
    "", " ", "\0", "a\0b", "x" * 3000, "9" * 20, "-1", "0", "1e999", "NaN", "true", "null", "[]", "{}", '["x"]', '"',
    "../..", "%00", "%2e%2e", "<script>", "'; --", "\u202e", "\ud800", "😀", "\ue000", "永康", "att-forged",
    "att-" + "0" * 32, "2026-02-30", "0001-01-01", "９９", "yes", "no", "on", "refresh", "add:staff", "remove:staff/x",
    "staff/0/name", "own.x.y", "__proto__", "facts.entity_kind", "1" * 5000, "\r\nX: y", "a" * 65, "[" * 5000,
]  # fmt: skip
"""Values that have broken something somewhere."""


def addresses(site, rng, known):
    """Addresses made from the table of routes, filled with what is there and what is not."""
    rules = [
        rule for rule in site.url_map.iter_rules() if rule.endpoint not in ("static", "applicant.leave", "staff.logout")
    ]
    rules += 8 * [rule for rule in rules if rule.endpoint == "applicant.save"]
    while True:
        rule = rng.choice(rules)
        path = rule.rule
        for name in rule.arguments:
            value = rng.choice([*known.get(name, []), *ODD])
            quoted = urllib.parse.quote(value.encode("utf-8", "surrogatepass"), safe="")
            for converter in ("", "id:", "path:"):
                path = path.replace(f"<{converter}{name}>", quoted)
        yield rule, path


def mangled(rng, pairs):
    """A form's inputs with some keys and values changed, doubled, dropped, and some that were never there."""
    out: dict = {}
    for name, value in pairs:
        fate = rng.random()
        if fate < 0.1 and name != "csrf_token":
            continue
        if fate < 0.25 and not name.startswith("csrf"):
            value = rng.choice(ODD)
        if fate > 0.96 and name != "csrf_token":
            name = rng.choice(
                [name + "/0/x", name + "/kept", name + "/stray", name + "/given", name + "/rows", name[:-1] or "x"]
            )
        out.setdefault(name, []).append(value)
    for _ in range(rng.randrange(4)):
        out.setdefault(
            rng.choice([*ODD, "_fields", "_base", "_page", "_turn", "_seen", "_action", "nonce"]), []
        ).append(rng.choice(ODD))
    return {
        clean_key(k): [str(v).encode("utf-8", "replace").decode() if isinstance(v, str) else v for v in vs]
        for k, vs in out.items()
    }


def clean_key(name):
    """A name that can be put into a multipart header at all."""
    return name.encode("utf-8", "replace").decode().replace("\r", "").replace("\n", "").replace("\0", "")


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request, new_database, settings_of, real, clock, answers_of):
    """The site with a submitted case and a filled draft, and somebody of every kind: ``(site, clients, known)``."""
    from web.accounts import Role

    from .conftest import make_site

    site = make_site(settings_of(new_database(request.param)), real, clock)
    form, answers = answers_of("catering", 3)
    now, drafts = clock(), services_of(site).drafts
    clients = {"applicant": client_of(site), "visitor": client_of(site)}
    person = PlainApplicant(clients["applicant"], "catering")
    person.begin(form.facts)
    sent = code_of(clients["applicant"])
    drafts.replace(sent, answers, now, demo_file)
    number = submit(drafts, sent, now)
    assert clients["applicant"].get("/apply/catering").status_code == 302, "it is submitted: a new one can be begun"
    person.begin(form.facts)
    drafts.replace(code_of(clients["applicant"]), answers, now, demo_file)
    with clients["applicant"].session_transaction() as session:
        session["cases"] = {number: sent}
    for role in Role:
        department = "fire-rescue" if role == "officer" else None
        services_of(site).accounts.create(role, "示例人员", role, PASSWORD, now, department)
        clients[role.value] = logged_in(client_of(site), role.value, PASSWORD)
    with drafts.store.read() as session:
        files = list(session.scalars(select(Attachment.id)))
        filings = [str(one) for one in session.scalars(select(Filing.id))]
    sections = [address.rpartition("/")[2] for address in person.sections()]
    known = {
        "scenario_id": ["catering", "hotel"],
        "section_id": sections,
        "attachment_id": files[:3],
        "number": [number],
    }
    known |= {
        "form_id": ["drainage-permit"],
        "kind": ["pdf", "json", "zip"],
        "filing_id": filings,
        "staff_id": ["1", "2"],
    }
    known |= {"action": ["shut", "open", "end-sessions"]}
    return site, clients, known


SEEDS = [int(text) for text in os.environ.get("FUZZ_SEEDS", "20261126").split()]


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_is_sent_is_answered_and_nothing_is_filed_without_its_files(world, seed):
    site, clients, known = world
    site.testing, site.config["PROPAGATE_EXCEPTIONS"] = False, False
    rng = random.Random(seed)
    print(f"seed {seed}")
    until = time.monotonic() + SECONDS
    tried = 0
    for rule, path in addresses(site, rng, known):
        if time.monotonic() > until and tried > 150:
            break
        tried += 1
        who = rng.choice([name for name in clients if name != "admin" or "POST" not in rule.methods])
        client = clients[who]
        if "GET" in rule.methods:
            query = {
                rng.choice(["q", "before", "next", "review", "entity_kind", "x"]): rng.choice(ODD).encode(
                    "utf-8", "replace"
                )
            }
            response = client.get(path, query_string=query if rng.random() < 0.5 else None)
        else:
            response = client.post(path, data=form_for(client, rng, path), content_type="multipart/form-data")
        assert response.status_code < 500, (tried, who, path)
    print(f"{tried} requests")
    assert tried > 150
    nothing_lacks_its_files(site)


def form_for(client, rng, path):
    """What to send: the form of the page at this address where it has one, mangled."""
    response = client.get(path)
    pairs = []
    if response.status_code == 200 and response.mimetype == "text/html":
        forms = Page(response).all("form", method="post", action=urllib.parse.unquote(path))
        pairs = Page(response).form(action=forms[0].get("action"))[1] if forms else []
    token = dict(Page(client.get("/resume")).form(action="/resume")[1])["csrf_token"]
    data = mangled(rng, [*pairs, ("_action", rng.choice(["next", "submit", "refresh", "recheck", "add:staff", "\0"]))])
    if rng.random() < 0.3:
        data["materials.floor-plan"] = [
            (
                io.BytesIO(rng.choice([b"", b"%PDF-1", b"\xef\xbb\xbf\r\n%PDF-1", b"MZ"])),
                rng.choice(ODD[5:]).encode("utf-8", "replace").decode(),
            )
        ]
    return {**data, "csrf_token": [token]}


def nothing_lacks_its_files(site):
    """Every required file and signature of every submitted case is one of that case and field."""
    drafts = services_of(site).drafts
    with drafts.store.read() as session:
        cases = session.scalars(select(Case).where(Case.number.is_not(None))).all()
        assert cases
        for case in cases:
            today = services_of(site).clock().date()
            look = drafts.look_in(session, case, today.isoformat(), case.number)
            assert look.draft.answers == case.answers, (
                "every id is a file of this case and field, every signature covers"
            )
            assert look.mistakes == []
