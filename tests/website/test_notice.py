"""What a scenario will need is told before anybody logs in, for every answer to its guiding questions."""

from __future__ import annotations

import pytest
from cases import IN_DEPTH, LIBRARY

import formengine
from formengine.authoring.situations import reachable_facts

from .applicant import Page
from .conftest import client_of

CASES = [
    (s.id, facts)
    for s in LIBRARY.scenarios.values()
    for facts in reachable_facts(LIBRARY, s)[: None if s.id in IN_DEPTH else 3]  # the typical ones, all forms, none
]


def words(facts):
    """The answers as the page sends them."""
    return {k: {True: "yes", False: "no"}[v] if isinstance(v, bool) else str(v) for k, v in facts.items()}


@pytest.fixture(scope="module")
def visitor(new_database, settings_of, real):
    from .conftest import Clock, make_site

    return client_of(make_site(settings_of(new_database("sqlite")), real, Clock()))


@pytest.mark.parametrize(("scenario", "facts"), CASES, ids=[f"{s}-{'-'.join(words(f).values())}" for s, f in CASES])
def test_what_the_questions_can_be_answered_opens_and_can_be_begun(visitor, scenario, facts):
    page = Page(visitor.get(f"/scenarios/{scenario}", query_string=words(facts)))
    form = formengine.merge(LIBRARY, scenario, facts)
    assert f"{len(form.forms)} 个事项" in page.text
    for name in form.forms:
        assert LIBRARY.forms[name].title in page.text
    action, standing = page.form(method="post", action=f"/apply/{scenario}")
    assert visitor.post(action, data={**dict(standing), "anew": "1"}).status_code == 302
    assert visitor.get(f"/apply/{scenario}").status_code == 200
    assert visitor.get(f"/apply/{scenario}/check").status_code == 200
