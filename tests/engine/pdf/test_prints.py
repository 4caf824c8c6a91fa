"""The prints of real filings and licences: every value is in the text, marks stand at what was chosen."""

import io
import json
import re

import pdfplumber
from cases import CASES, IN_DEPTH, LIBRARY, THOROUGH, TODAY, merged, params, submission
from test_pdf import marked_options, squeezed, text_of

import formengine
from formengine.answers.licence import licence_values
from formengine.authoring.demo import demo_issue
from formengine.pdf import File, render_filing, render_licence
from formengine.pdf.filing import shown
from formengine.templates.schemas import choices, is_table

FIRST = [(s, f) for s, f in CASES if all(v is not False for k, v in f if k != "holds_licence")]
some_cases = params(FIRST)
some_cases_in_depth = params([case for case in FIRST if THOROUGH or case[0] in IN_DEPTH])
"""Which options are marked depends on the department form, and the forms of other scenarios are drawn alike."""


def values_of(form, values):
    """Every value that has to stand in the text: choices in tables by their titles, others by themselves."""
    for code, value in values.items():
        node = form["properties"][code]
        if is_table(node):
            for row in value:
                yield from (shown(node["items"]["properties"][column], cell) for column, cell in row.items())
        elif not choices(node) and not isinstance(value, bool):
            yield shown(node, value)


def files_of(values):
    """A file of its own name behind every id in the values."""
    ids = sorted(set(re.findall(r"att-[0-9a-z-]+", json.dumps(values))))
    return {id_: File(f"第{index}个文件.pdf", "application/pdf") for index, id_ in enumerate(ids)}


@some_cases
def test_every_value_of_every_filing_is_in_its_print(scenario, facts):
    form = merged(scenario, facts)
    answers = submission(scenario, facts, 2)
    for form_id, filing in formengine.split(form, answers).items():
        raw = LIBRARY.forms[form_id].raw
        files = files_of(filing.values)
        pending = [p["code"] for p in filing.pending]
        text = squeezed(text_of(render_filing(raw, filing.values, pending=pending, files=files)))
        assert "att-" not in text
        for value in values_of(raw, filing.values):
            for id_, file in files.items():  # where the values name an id, the print names the file
                value = value.replace(id_, file.name)
            assert squeezed(value) in text, f"{form_id}: {value}"
        for node in raw["properties"].values():
            assert squeezed(node["title"]) in text, f"{form_id}: {node['title']}"


@some_cases_in_depth
def test_in_a_print_exactly_the_chosen_options_are_marked(scenario, facts):
    form = merged(scenario, facts)
    answers = submission(scenario, facts, 1)
    for form_id, filing in formengine.split(form, answers).items():
        raw = LIBRARY.forms[form_id].raw
        for code, node in raw["properties"].items():
            options = choices(node)
            if is_table(node) or not options or len(options) > 30:
                continue
            alone = {**raw, "properties": {code: node}}
            chosen = filing.values.get(code, [])
            chosen = chosen if isinstance(chosen, list) else [chosen]
            titles = [title for value, title in options if value in chosen]
            marks = marked_options(render_filing(alone, {code: filing.values[code]} if code in filing.values else {}))
            assert len(marks[True]) == len(titles), f"{form_id}.{code}"
            for mark, title in zip(sorted(marks[True]), sorted(titles), strict=True):
                assert squeezed(title).startswith(squeezed(mark)[:4]), f"{form_id}.{code}"


@some_cases
def test_every_licence_of_a_case_prints_all_its_captions_and_values(scenario, facts):
    from formengine.judges import compiled

    form = merged(scenario, facts)
    answers = submission(scenario, facts, 1)
    issued = demo_issue(form, answers, TODAY)
    assert issued.licences
    for licence_id in issued.licences:
        licence = LIBRARY.licences[licence_id]
        values = licence_values(form, licence, answers, issued)
        assert [e.message for e in compiled(licence.raw).iter_errors(values)] == [], licence_id
        for duplicate in (False, True):
            data = render_licence(licence.raw, values, duplicate=duplicate)
            with pdfplumber.open(io.BytesIO(data)) as pdf:
                text = squeezed("".join(page.extract_text() for page in pdf.pages))
            for code, value in values.items():
                node = licence.raw["properties"][code]
                for line in (node["title"], shown(node, value)):
                    assert squeezed(line)[:12] in text, f"{licence_id}: {line}"
