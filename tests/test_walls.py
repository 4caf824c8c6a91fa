"""Which room may reach where (the engine is pure; templates have one reader; the PDF room is never in the core)."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ENGINE = sorted((ROOT / "formengine").rglob("*.py"))
FORBIDDEN = {"flask", "wtforms", "sqlalchemy", "marshmallow", "web", "app", "requests", "httpx", "socket"}
CLOCKS = {("time", "time"), ("datetime", "now"), ("datetime", "utcnow"), ("date", "today")}


def imports(path):
    """The names of modules that a file imports, relative ones as ``formengine.…``."""
    package = ["formengine", *path.relative_to(ROOT / "formengine").parts[:-1]]
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
    allowed = {"formengine.errors", "formengine.schemas"}
    for path in (ROOT / "formengine" / "pdf").rglob("*.py"):
        for name in imports(path):
            if name.startswith("formengine.") and not name.startswith("formengine.pdf"):
                assert any(name == a or name.startswith(a + ".") for a in allowed), f"{path.name}: {name}"


def test_templates_are_read_by_the_library_and_checked_by_the_checker_alone():
    readers = {p.name for p in ENGINE if "templates_std" in p.read_text("utf-8")}
    assert readers <= {"library.py", "check.py", "__main__.py"}


def test_experimental_canonicalize_stays_behind_one_module():
    users = [p.name for p in ENGINE if "canonicalize" in p.read_text("utf-8") and "import" in p.read_text("utf-8")]
    assert users == ["prove.py"] or {u for u in users if u != "prove.py"} <= {"intersect.py"}


def test_templates_hold_no_html_and_no_code():
    for path in (ROOT / "formengine" / "templates_std").rglob("*.json"):
        content = path.read_text("utf-8")
        assert "<script" not in content
        assert "</" not in content, path.name
