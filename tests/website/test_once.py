"""Sent twice, at once, from two tabs, with the plug pulled: one case, and nothing confirmed is lost."""

from __future__ import annotations

import json
import re
import threading

from sqlalchemy import func, select

from web.form.sheet import Sheet
from web.services import services_of
from web.store.models import Attachment, Case, Filing

from .applicant import Intent, Page, PlainApplicant
from .conftest import client_of


def how_many(site, table=Case):
    """The number of rows of a table."""
    with services_of(site).store.read() as session:
        return session.scalar(select(func.count()).select_from(table))


def ready_to_sign(person, intent):
    """Everything filled in but the signing; the signing page."""
    *sections, last = person.sections()
    for address in sections:
        person.fill_section(address, intent)
    for address in person.mistakes():
        person.fill_section(address, intent)
    return person.get(last)


def at_once(*jobs):
    """Run jobs in threads; returns what each answered."""
    answers, barrier = [None] * len(jobs), threading.Barrier(len(jobs))

    def run(index, job):
        barrier.wait()
        answers[index] = job()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_beginning_twice_from_one_page_begins_once(client, answers_of):
    form, _ = answers_of("catering", 3)
    words = {"entity_kind": "individual", "holds_licence": "no"}
    page = Page(client.get("/scenarios/catering", query_string=words))
    action, standing = page.form(method="post", action="/apply/catering")
    other = client_of(client.application)
    with client.session_transaction() as mine, other.session_transaction() as theirs:
        theirs.update(mine)
    answers = at_once(*(lambda c=c: c.post(action, data=dict(standing)).status_code for c in (client, other)))
    assert answers == [302, 302]
    assert how_many(client.application) == 1
    assert client.post(action, data=dict(standing)).status_code == 302
    assert how_many(client.application) == 1
    assert form.scenario.id == "catering"


def test_submitting_twice_at_once_and_again_makes_one_case(client, someone):
    person, intent = someone
    page = ready_to_sign(person, intent)
    other = client_of(client.application)
    with client.session_transaction() as mine, other.session_transaction() as theirs:
        theirs.update(mine)
    pages = [PlainApplicant(c, "catering") for c in (client, other)]
    responses = at_once(*(lambda p=p: p.press(page, intent) for p in pages))
    places = {response.location for response in responses}
    assert len(places) == 1
    address = places.pop()
    assert address.startswith("/cases/YK")
    assert person.press(page, intent).location in (address, "/scenarios/catering")
    site = client.application
    assert (how_many(site), how_many(site, Filing)) == (1, 5)
    assert person.get(address).heading.startswith("办件")


def test_the_back_button_after_submitting_leads_to_the_case(client, someone):
    person, intent = someone
    page = ready_to_sign(person, intent)
    first = person.get("/apply/catering/entity")
    tab = client_of(client.application)
    with client.session_transaction() as mine, tab.session_transaction() as theirs:
        theirs.update(mine)
    address = person.press(page, intent).location
    behind = PlainApplicant(tab, "catering")
    assert behind.press(first, intent).location == address
    assert how_many(client.application) == 1


def test_the_page_that_a_case_was_begun_on_leads_to_it_after_submission(client, answers_of):
    form, answers = answers_of("catering", 3)
    words = {"entity_kind": "individual", "holds_licence": "no"}
    page = Page(client.get("/scenarios/catering", query_string=words))
    action, standing = page.form(method="post", action="/apply/catering")
    client.post(action, data=dict(standing))
    person = PlainApplicant(client, "catering")
    address = person.fill_all(answers, Sheet(form))
    assert client.post(action, data=dict(standing)).location == address
    assert how_many(client.application) == 1


def test_two_tabs_on_different_pages_do_not_disturb_each_other(someone):
    person, intent = someone
    entity, fire = person.get("/apply/catering/entity"), person.get("/apply/catering/fire")
    person.press(fire, intent)
    assert person.press(entity, intent).status_code != 409
    draft = open_draft(person)
    assert draft["entity"]["name"] == intent.answers["entity"]["name"]
    assert draft["fire"]["exits"] == intent.answers["fire"]["exits"]


def open_draft(person):
    """The answers of the draft that is open here."""
    with person.client.session_transaction() as session:
        code = session["drafts"]["catering"]
    return services_of(person.client.application).drafts.open(code).answers


def test_two_tabs_on_one_page_end_in_a_clear_choice(someone):
    person, intent = someone
    first, second = person.get("/apply/catering/entity"), person.get("/apply/catering/entity")
    person.press(first, intent)
    changed = Intent(intent.sheet, {**intent.answers, "entity": {**intent.answers["entity"], "name": "另一个名称"}})
    response = person.press(second, changed)
    assert response.status_code == 409
    page = Page(response)
    assert "另一个窗口刚刚改过这一页" in page.text
    assert "另一个名称" in page.text
    assert open_draft(person)["entity"]["name"] == intent.answers["entity"]["name"]
    assert person.press(page, changed).status_code != 409, "saving once more decides"
    assert open_draft(person)["entity"]["name"] == "另一个名称"


def test_the_same_page_sent_twice_is_no_conflict_and_makes_no_row_twice(someone):
    person, intent = someone
    page = person.get("/apply/catering/staff")
    for _ in range(2):
        assert person.press(page, intent, action="next").status_code != 409
    assert len(open_draft(person)["staff"]) == 1


def test_a_file_sent_again_takes_the_place_of_the_first(client, someone):
    person, intent = someone
    page = person.get("/apply/catering/materials")
    for _ in range(2):
        person.press(page, intent)
    kept = [name for name in open_draft(person)["materials"].values() for name in name]
    assert len(kept) == len(set(kept))
    number = person.press(ready_to_sign(person, intent), intent).location.rpartition("/")[2]
    with services_of(client.application).store.read() as session:
        stored = set(session.scalars(select(Attachment.id)))
        answers = session.scalar(select(Case.answers).where(Case.number == number))
    assert stored == set(re.findall(r"att-[0-9a-f]{32}", json.dumps(answers))), "strays go when the case is submitted"
    assert set(kept) <= stored


def test_a_draft_is_found_again_by_its_code_in_another_browser(client, someone):
    person, intent = someone
    person.fill_section("/apply/catering/entity", intent)
    code = person.get("/apply/catering").one("p", class_="code").text
    other = client_of(client.application)
    page = Page(other.get("/resume"))
    for typed in (code.lower(), code.replace("-", " "), code):
        response = other.post("/resume", data={**dict(page.form(action="/resume")[1]), "code": typed})
        assert response.location == "/apply/catering"
    name = Page(other.get("/apply/catering/entity")).one("input", name="entity.name")
    assert name.get("value") == intent.answers["entity"]["name"]


def test_wrong_codes_are_refused_and_soon_have_to_wait(client, clock):
    page = Page(client.get("/resume"))
    data = dict(page.form(action="/resume")[1])
    for typed in ("", "x", "A" * 20, "甲" * 5000, "\0", *["ABCD-EFGH"] * 5):
        assert client.post("/resume", data={**data, "code": typed}).status_code == 422
    assert client.post("/resume", data={**data, "code": "x"}).status_code == 429


def test_clearing_a_shared_machine_leaves_nothing_open(client, someone):
    page = Page(client.get("/"))
    assert client.post("/leave", data=dict(page.form(action="/leave")[1])).status_code == 302
    assert client.get("/apply/catering").status_code == 302
