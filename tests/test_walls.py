"""Which room may reach where (the engine is pure; templates have one reader; the PDF room is never in the core)."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ENGINE = sorted((ROOT / "formengine").rglob("*.py"))
WEB = sorted(p for p in (ROOT / "web").rglob("*.py") if "migrations" not in p.parts)
HTTP = {"flask", "flask_wtf", "werkzeug", "wtforms", "gunicorn"}
DATABASE = {"sqlalchemy", "alembic", "psycopg"}
DESKS = ("applicant", "staff", "window", "department", "author", "admin")
FORBIDDEN = {"flask", "wtforms", "sqlalchemy", "marshmallow", "web", "app", "requests", "httpx", "socket"}
CLOCKS = {("time", "time"), ("datetime", "now"), ("datetime", "utcnow"), ("date", "today")}


def imports(path):
    """The names of modules that a file imports, relative ones as ``formengine.…``."""
    package = path.relative_to(ROOT).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            full = ".".join([*base, *([node.module] if node.module else [])])
            yield full
            yield from (f"{full}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", ENGINE, ids=lambda p: str(p.relative_to(ROOT)))
def test_the_engine_knows_no_web_no_database_no_network(path):
    reached = {name.split(".")[0] for name in imports(path)}
    assert not reached & FORBIDDEN


@pytest.mark.parametrize("path", ENGINE, ids=lambda p: str(p.relative_to(ROOT)))
def test_only_the_command_line_reads_the_clock_or_the_environment(path):
    if path.name == "__main__.py":
        return
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert (node.value.id, node.attr) not in CLOCKS, f"line {node.lineno}"
            assert (node.value.id, node.attr) not in {("os", "environ"), ("os", "getenv")}, f"line {node.lineno}"


@pytest.mark.parametrize("path", ENGINE, ids=lambda p: str(p.relative_to(ROOT)))
def test_the_pdf_room_is_entered_by_the_command_line_alone(path):
    inside = path.is_relative_to(ROOT / "formengine" / "pdf")
    if inside or path.name == "__main__.py":
        return
    assert not [name for name in imports(path) if name.startswith("formengine.pdf")]


def test_the_pdf_room_takes_values_not_the_engine():
    allowed = {"formengine.errors", "formengine.templates.schemas", "formengine.words"}
    for path in (ROOT / "formengine" / "pdf").rglob("*.py"):
        for name in imports(path):
            if name.startswith("formengine.") and not name.startswith("formengine.pdf"):
                assert any(name == a or name.startswith(a + ".") for a in allowed), f"{path.name}: {name}"


def test_templates_are_read_by_the_library_and_checked_by_the_checker_alone():
    readers = {p.name for p in ENGINE if "templates_std" in p.read_text("utf-8")}
    assert readers == {"documents.py", "build.py"}  # the one reads, the other says so in its public function


def test_experimental_canonicalize_stays_behind_one_module():
    users = [p.name for p in ENGINE if "canonicalize" in p.read_text("utf-8") and "import" in p.read_text("utf-8")]
    assert users == ["prove.py"] or {u for u in users if u != "prove.py"} <= {"intersect.py"}


def test_templates_hold_no_html_and_no_code():
    for path in (ROOT / "formengine" / "templates_std").rglob("*.json"):
        content = path.read_text("utf-8")
        assert "<script" not in content
        assert "</" not in content, path.name


def room(path):
    """The part of the website that a file is in: a folder of ``web``, or the module itself."""
    return path.relative_to(ROOT / "web").parts[0].removesuffix(".py")


def reach(path):
    """The libraries and rooms that a file of the website imports."""
    return set(imports(path)), {name.split(".")[0] for name in imports(path)}


@pytest.mark.parametrize("path", WEB, ids=lambda p: str(p.relative_to(ROOT)))
def test_each_room_of_the_website_stays_within_its_walls(path):
    names, libraries = reach(path)
    mine = room(path)
    assert "app" not in libraries  # the application joins the rooms; no room knows it
    if mine in ("cases", "store", "accounts", "demo", "settings", "sheet", "markup"):
        assert not libraries & HTTP, "knows nothing of requests and pages"
    if mine == "store":
        assert "formengine" not in libraries
        assert not [n for n in names if n.startswith("web.") and not n.startswith("web.store")]
    if mine in DESKS:
        assert not libraries & DATABASE
        others = [n for n in names for d in DESKS if d != mine and n.startswith(f"web.{d}")]
        assert not others, "desks share through web, not through each other"
    if mine == "forms":
        assert not libraries & {"jsonschema", "jsonschema_rs"}
        assert not [n for n in names if n.startswith("formengine.answers")]
    if mine not in ("cases", "accounts", "demo", "store"):
        assert not [n for n in names if n.startswith("web.store")]


def test_views_never_judge_and_forms_never_render():
    for path in WEB:
        if path.name in ("views.py", "forms.py"):
            assert "Draft202012Validator" not in path.read_text("utf-8"), path


def test_no_page_makes_samples():
    """A sample takes as long as hundreds of pages: the website makes them for its demonstration alone."""
    for path in WEB:
        text = path.read_text("utf-8")
        if path.name != "demo.py":
            assert not {
                "formengine.sample",
                "formengine.authoring.count.typical_answers",
                "formengine.authoring.count.counts",
            } & set(imports(path)), path
            assert not re.search(r"\b(sample|typical_answers|counts)\(", text), path


ROUND_THE_DOOR = {
    "All",
    "AnyOf",
    "Atom",
    "Cells",
    "Cond",
    "Field",
    "Has",
    "KINDS",
    "MISSING",
    "Not",
    "Place",
    "Resolved",
    "Rows",
    "TRUE",
    "Test",
    "acts",
    "any_of",
    "canonical",
    "choices",
    "compile_condition",
    "completed",
    "explain",
    "fact_problems",
    "in_writing",
    "is_table",
    "keys_in",
    "keys_of",
    "name_of",
    "named",
    "number_asked",
    "one_writing",
    "parse",
    "paths_of",
    "plan_key",
    "put",
    "said",
    "say",
    "subject_of",
    "suggested",
    "unprintable",
    "value_at",
}
"""What the website still takes from behind the engine's door. This list may only shrink."""


def test_the_website_enters_the_engine_by_its_door():
    taken = set()
    for path in WEB:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("formengine."):
                taken |= {alias.name for alias in node.names} if node.module != "formengine.pdf" else set()
    assert taken == ROUND_THE_DOOR


OPEN_TEXT = {
    *(
        "attachment.covers",
        "attachment.id",
        "attachment.media_type",
        "attachment.path",
        "case.begin_key",
        "case.code_digest",
    ),
    *(
        "case.fingerprint",
        "case.number",
        "case.scenario",
        "case.state",
        "case.writers",
        "event.action",
        "event.actor",
        "event.detail",
    ),
    *("filing.computed", "filing.department", "filing.form", "filing.pending", "filing.rows"),
    *("form_version.fingerprint", "form_version.meaning", "form_version.scenario", "form_version.schema"),
    *("search_key.digest", "sequence.name", "staff.department", "staff.login", "staff.password_hash", "staff.role"),
    *("staff_session.digest", "throttle.key"),
}


def test_personal_values_reach_the_database_through_the_sealed_column_alone():
    """Text columns that are not sealed hold codes, digests and numbers of ours: each is named here."""
    from sqlalchemy import JSON, String

    from web.store.models import Base
    from web.store.sealed import Sealed

    open_text, sealed = set(), set()
    for table in Base.metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, Sealed):
                sealed.add(f"{table.name}.{column.name}")
            elif isinstance(column.type, String | JSON):
                open_text.add(f"{table.name}.{column.name}")
    assert {"case.answers", "filing.values", "attachment.name", "attachment.content", "staff.name"} <= sealed
    assert open_text == OPEN_TEXT
