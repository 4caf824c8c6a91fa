"""What the pages say of a field is so: optional is what may stay empty, a link leads to where a value is entered."""

from __future__ import annotations

import copy
import urllib.parse

import pytest

import formengine
from formengine.answers.resolve import Resolved
from formengine.paths import put
from web.demo import demo_file
from web.form.entries import OPTIONAL
from web.form.sheet import Sheet
from web.form.show import show
from web.services import services_of

from .applicant import PlainApplicant
from .conftest import TODAY, client_of
from .test_signing import code_of, drafts_of

KINDS = [(s, k) for s in ("catering", "hotel") for k in ("individual", "company")]


@pytest.mark.parametrize(("scenario", "kind"), KINDS)
@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_called_optional_may_stay_empty(answers_of, scenario, kind, seed):
    form, answers = answers_of(scenario, seed, entity_kind=kind, holds_licence=False)
    sheet = Sheet(form)
    resolved = Resolved(form, answers)
    for section in sheet.sections:
        for shown in show(sheet, section, resolved):
            if shown.tag != OPTIONAL or shown.value is None or shown.entry.is_list or shown.entry.members:
                continue
            without = copy.deepcopy(answers)
            put(without, shown.entry.path, formengine.MISSING)
            issues = formengine.validate(form, without, TODAY)
            assert not [i.message for i in issues if i.element == shown.entry.path], shown.entry.title


def test_where_one_of_several_is_wanted_each_says_so(answers_of):
    form, _ = answers_of("catering", 1, entity_kind="individual", holds_licence=False)
    sheet = Sheet(form)
    shown = {s.entry.path: s for x in sheet.sections for s in show(sheet, x, Resolved(form, {"facts": form.facts}))}
    assert shown["entity.eservice_email"].tag == "与“电子送达传真”“电子送达即时通讯账号”至少填一项"
    assert "至少填一项" in shown["food.items_catering"].tag
    assert not shown["entity.eservice_email"].folded
    assert shown["entity.email"].tag == OPTIONAL


def test_roles_that_decide_who_gets_a_row_are_not_called_optional(answers_of):
    form, answers = answers_of("catering", 1)
    sheet = Sheet(form)
    staff = next(s for x in sheet.sections for s in show(sheet, x, Resolved(form, answers)) if s.entry.path == "staff")
    roles = next(cell for cell in staff.rows[0].fields if cell.entry.path == "staff.roles")
    assert (roles.tag, roles.folded) == ("", False)


@pytest.mark.parametrize(("scenario", "kind"), KINDS)
def test_yes_and_no_are_called_so(answers_of, scenario, kind):
    form, _ = answers_of(scenario, 1, entity_kind=kind)
    for entry in Sheet(form).by_path.values():
        assert not {"True", "False", "None"} & {title for _, _, title in entry.choices}, entry.path


@pytest.mark.parametrize(("scenario", "kind"), KINDS)
def test_every_link_to_change_something_leads_to_an_input(quick_site, answers_of, scenario, kind):
    form, answers = answers_of(scenario, 2, entity_kind=kind, holds_licence=False)
    client = client_of(quick_site)
    person = PlainApplicant(client, scenario)
    person.begin(form.facts)
    drafts_of(client).replace(code_of(client), answers, services_of(quick_site).clock(), demo_file)
    page = person.get(f"/apply/{scenario}/check")
    links = [a.get("href") for a in page.all("a", class_="change")]
    assert len(links) > 40
    pages = {}
    for link in links:
        address, _, anchor = link.partition("#")
        if address not in pages:
            pages[address] = person.get(address).all_ids
        assert urllib.parse.unquote(anchor) in pages[address], link
    computed = [node for node in page.all("span", class_="tag") if "自动得出" in "".join(node.itertext())]
    assert computed
