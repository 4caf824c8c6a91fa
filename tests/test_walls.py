"""Which room may reach where (the engine is pure; templates have one reader; the PDF room is never in the core)."""

import ast
import importlib
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
    if mine in ("cases", "store", "accounts", "demo", "settings"):
        assert not libraries & HTTP, "knows nothing of requests and pages"
        assert not [name for name in names if name.startswith("web.form")], "a case knows no page"
    if mine == "form":
        assert not libraries & DATABASE
        known = {"web.cases.given", "web.cases.changes"}
        reached = {name for name in names if name.startswith("web.") and not name.startswith("web.form")}
        assert all(any(name == one or name.startswith(one + ".") for one in known) for name in reached), reached
        assert "flask" not in libraries or path.name == "drawing.py", "a page of the form, whoever shows it"
    if mine == "store":
        assert "formengine" not in libraries
        assert not [n for n in names if n.startswith("web.") and not n.startswith("web.store")]
    if mine in DESKS:
        assert not libraries & DATABASE
        others = [n for n in names for d in DESKS if d != mine and n.startswith(f"web.{d}")]
        assert not others, "desks share through web, not through each other"
        assert not [n for n in names if n.startswith("web.store") and not n.startswith("web.store.throttle")]


@pytest.mark.parametrize("path", [*WEB, ROOT / "app.py"], ids=lambda p: str(p.relative_to(ROOT)))
def test_the_website_enters_the_engine_by_its_doors_alone(path):
    engine = {name for name in imports(path) if name.split(".")[0] == "formengine"}
    doors = {"formengine", "formengine.pdf"}
    names = {f"{door}.{name}" for door in doors for name in exported(door)}
    assert engine <= doors | names, engine - doors - names


def exported(door):
    """The names that a door of the engine gives."""
    return importlib.import_module(door).__all__


def modules():
    """Every module of the engine and the website, by name."""
    return {name_of(path): path for path in [*ENGINE, *WEB]}


def name_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def led_to(path, known):
    """The modules that a file imports, or imports something from."""
    package = path.relative_to(ROOT).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            full = ".".join([*base, *([node.module] if node.module else [])])
            whole = [f"{full}.{alias.name}" for alias in node.names]
            yield from (one if one in known else full for one in whole if one in known or full in known)


def test_no_module_leads_back_to_itself():
    """What is imported for types alone counts too."""
    known = modules()
    leads = {name: {one for one in led_to(path, known) if one != name} for name, path in known.items()}
    done: set[str] = set()

    def visit(name, trail):
        assert name not in trail, " → ".join([*trail[trail.index(name) :], name])
        if name not in done:
            for other in sorted(leads[name]):
                visit(other, (*trail, name))
            done.add(name)

    for name in known:
        visit(name, ())


LAYERS = (
    ("algebra", "formats"),
    ("templates",),
    ("binding", "rules"),
    ("merging",),
    ("answers",),
    ("authoring",),
)
"""The engine's folders from the ground up: what stands higher may use what stands lower, never the other way."""


def test_the_engines_folders_follow_the_way_of_the_data():
    level = {folder: height for height, folders in enumerate(LAYERS) for folder in folders}
    for path in ENGINE:
        mine = path.relative_to(ROOT / "formengine").parts[0]
        for name in imports(path) if mine in level else ():
            other = name.split(".")[1] if name.startswith("formengine.") else ""
            assert level.get(other, -1) <= level[mine], f"{path.relative_to(ROOT)}: {name}"


@pytest.mark.parametrize("path", [*ENGINE, *WEB, ROOT / "app.py"], ids=lambda p: str(p.relative_to(ROOT)))
def test_an_import_inside_a_function_has_its_reason_beside_it(path):
    lines = path.read_text("utf-8").split("\n")
    for node in ast.walk(ast.parse("\n".join(lines))):
        for inner in ast.walk(node) if isinstance(node, ast.FunctionDef) else ():
            if isinstance(inner, ast.Import | ast.ImportFrom):
                assert "#" in lines[inner.lineno - 1], f"line {inner.lineno}"


def test_no_module_is_longer_than_four_hundred_lines():
    modules = [ROOT / "app.py", *(p for room in ("formengine", "web", "tests") for p in (ROOT / room).rglob("*.py"))]
    long = {str(p.relative_to(ROOT)): n for p in modules if (n := len(p.read_text("utf-8").splitlines())) > 400}
    assert not long


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
        "case.templates",
        "case.title",
        "case.writers",
        "event.action",
        "event.actor",
        "event.detail",
    ),
    *("filing.computed", "filing.department", "filing.form", "filing.pending", "filing.rows"),
    *("filing.templates", "filing.title", "template_set.digest"),
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
