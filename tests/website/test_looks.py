"""Work that is done once: a saved section and a submission look at the answers one single time."""

from __future__ import annotations

import pytest

import formengine
from formengine.answers.resolve import Resolved
from web.cases.submission import submit
from web.demo import demo_file
from web.form.sheet import Sheet
from web.services import services_of

from .applicant import Intent
from .conftest import TODAY


@pytest.fixture
def resolved(monkeypatch):
    """How often answers were resolved so far."""
    counted = []
    original = Resolved.__init__

    def counting(self, *args, **more):
        counted.append(1)
        original(self, *args, **more)

    monkeypatch.setattr(Resolved, "__init__", counting)
    return counted


def test_a_saved_section_resolves_once(someone, resolved):
    person, intent = someone
    for address in person.sections()[:6]:
        page = person.get(address)
        resolved.clear()
        response = person.press(page, intent)
        assert response.status_code in (200, 302, 422)
        assert len(resolved) == 1, address


def test_a_section_that_is_opened_and_the_check_page_resolve_once(someone, resolved):
    person, _ = someone
    for address in [*person.sections()[:4], "/apply/catering", "/apply/catering/check"]:
        resolved.clear()
        person.get(address)
        assert len(resolved) == 1, address


def test_a_submission_resolves_once(quick_site, resolved, merged):
    services = services_of(quick_site)
    form = merged("catering")
    drafts, now = services.drafts, services.clock()
    code = drafts.begin("catering", form.facts, "once", now)
    drafts.replace(code, formengine.sample(form, 1, TODAY), now, demo_file)
    resolved.clear()
    submit(drafts, code, now)
    assert len(resolved) == 1


def test_the_pages_of_a_form_are_made_once(quick_site, merged):
    services = services_of(quick_site)
    one, other = (services.catalogue.serve("catering", merged("catering").facts) for _ in range(2))
    assert services.sheet(one) is services.sheet(other)
    assert isinstance(services.sheet(one), Sheet)
    assert Intent(services.sheet(one), {}).rows("staff") == 0
