"""An applicant without JavaScript goes from the first page to filings, on both databases."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from cases import IN_DEPTH, LIBRARY

from formengine import split
from web.form.sheet import Sheet

from .applicant import PlainApplicant
from .conftest import DATABASES, TODAY, client_of

WAYS = [
    ("catering", {"entity_kind": "individual", "holds_licence": False}),
    ("catering", {"entity_kind": "company", "holds_licence": False}),
    ("hotel", {"entity_kind": "individual", "holds_licence": False}),
    ("hotel", {"entity_kind": "company", "holds_licence": True}),
]
ON = [(kind, *way) for kind in DATABASES for way in WAYS]
LATER = [("postgresql", *WAYS[0]), ("postgresql", *WAYS[3])]  # walked in the long run
OTHERS = [name for name in LIBRARY.scenarios if name not in IN_DEPTH]


@pytest.mark.parametrize(
    ("database", "scenario", "facts"),
    [pytest.param(*way, marks=pytest.mark.long if way in LATER else ()) for way in ON],
    indirect=["database"],
)
def test_a_case_goes_from_the_first_page_to_its_filings(client, answers_of, scenario, facts):
    walk(client, answers_of, scenario, facts)


@pytest.mark.parametrize("scenario", OTHERS)
def test_the_typical_applicant_of_every_other_scenario_does_too(quick_site, answers_of, scenario):
    walk(client_of(quick_site), answers_of, scenario, LIBRARY.scenarios[scenario].typical_facts)


def walk(client, answers_of, scenario, facts):
    """From the guiding questions to the case number; what was filed is what was meant."""
    form, answers = answers_of(scenario, 3, **facts)
    person = PlainApplicant(client, scenario)
    person.begin(form.facts)
    address = person.fill_all(answers, Sheet(form))
    assert address.startswith("/cases/YK20261123")
    page = person.get(address)
    number = address.rpartition("/")[2]
    assert number in page.heading
    archive = zipfile.ZipFile(io.BytesIO(client.get(f"{address}/filings.zip").data))
    sent = {name: json.loads(archive.read(f"{number}/{name}.json")) for name in form.forms}
    meant = {**answers, "case": {"number": number, "submitted_on": TODAY}}
    for name, filing in split(form, meant).items():
        assert same_but_files(sent[name], filing.values), name
        assert archive.read(f"{number}/{name}.pdf").startswith(b"%PDF-")


def same_but_files(found, meant):
    """Equal, files aside: their ids are given by the site."""
    if isinstance(meant, dict):
        return found.keys() == meant.keys() and all(same_but_files(found[k], meant[k]) for k in meant)
    if isinstance(meant, list):
        return len(found) == len(meant) and all(map(same_but_files, found, meant))
    if isinstance(meant, str) and meant.startswith("att-"):
        return found.startswith("att-")
    return found == meant
