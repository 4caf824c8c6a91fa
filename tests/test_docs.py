"""The README and the guides are true: what they show runs, and what there is they name."""

import re
import subprocess
import sys
from pathlib import Path

import commands
import pytest

import formengine

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
GUIDE = (ROOT / "docs" / "templates.md").read_text("utf-8")


def test_every_public_name_and_verb_is_in_the_readme():
    for name in formengine.__all__:
        assert f"`{name}`" in README, name
    for verb in ("list", "explain", "merge", "sample", "validate", "split", "licence", "check", "intersect"):
        assert re.search(rf"^\| `{verb}[ `]", README, re.M), verb


def test_every_binding_and_function_is_in_the_authors_guide():
    from formengine.binding.bind import KINDS
    from formengine.binding.functions import FUNCTIONS

    for word in [*KINDS, *FUNCTIONS]:
        assert f"`{word}`" in GUIDE, word


def test_the_python_example_runs():
    (example,) = re.findall(r"```python\n(.*?)```", README, re.S)
    done = subprocess.run([sys.executable, "-c", example], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("line", [ln for ln in README.splitlines() if ln.startswith("python -m formengine ")])
def test_every_command_of_the_readme_runs(line, tmp_path):
    import shlex

    (ROOT / "build").mkdir(exist_ok=True)
    line = line.replace("build/", f"{tmp_path}/").replace("python ", shlex.quote(sys.executable) + " ")
    done = subprocess.run(["bash", "-c", line], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def test_the_field_of_the_readme_can_be_added_with_json_alone(tmp_path):
    import json
    import shutil

    element, field = re.findall(r"```json\n(.*?)```", README, re.S)
    templates, forms = tmp_path / "templates_std", tmp_path / "forms"
    shutil.copytree(ROOT / "formengine" / "templates_std", templates)
    shutil.copytree(ROOT / "forms", forms)
    add(templates / "elements" / "fire.json", json.loads("{" + element + "}"))
    add(templates / "departments" / "fire-safety-public-venue.json", json.loads("{" + field + "}"))
    form = formengine.merge(formengine.load_library(templates, forms), "catering")
    answers = formengine.sample(form, 1, "2026-11-23", answers={"fire.kitchen_door_m": 1.1})
    assert formengine.split(form, answers)["fire-safety-public-venue"].values["door_width"] == 1.1
    answers["fire"]["kitchen_door_m"] = 0.8
    (issue,) = formengine.validate(form, answers, "2026-11-23")
    assert issue.pointer == "/fire/kitchen_door_m"
    assert issue.departments[0]["label"] == "厨房疏散门净宽"


def add(path, properties):
    import json

    document = json.loads(path.read_text("utf-8"))
    document["properties"].update(properties)
    path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")


def test_a_new_form_and_scenario_of_json_files_alone_goes_all_the_way(tmp_path):
    def run(*arguments, stdin=""):
        places = ("--templates", "docs/example", "--forms", "docs/example/forms")
        code, out, err = commands.run(*places, *arguments, stdin=stdin)
        assert code == 0, out + err
        return out

    answers = run("sample", "stall", "--seed", "3")
    assert run("validate", "stall", "-", stdin=answers) == "[]\n"
    run("split", "stall", "-", "-o", str(tmp_path / "out"), stdin=answers)
    assert {p.name for p in (tmp_path / "out").iterdir()} == {"manifest.json", "stall-record.json", "stall-record.pdf"}
    assert "便民摊点备案表" in run("explain", "stall", "--element", "stall.width_m")
    run("check")


def test_nothing_speaks_of_machines_or_workplaces():
    words = re.compile(r"/work/|\.\./shared|localhost:[0-9]|session")
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *(ROOT / "formengine").rglob("*.py")]:
        found = words.search(path.read_text("utf-8"))
        assert not found, f"{path.name}: {found}"


def test_every_setting_is_in_the_readme_and_every_room_exists():
    settings = (ROOT / "web" / "settings.py").read_text("utf-8")
    for name in set(re.findall(r'"([A-Z][A-Z_]+)"', settings)):
        assert f"`{name}`" in README, name
    (tree,) = re.findall(r"^```\n(formengine/.*?)```", README, re.S | re.M)
    for folder in re.findall(r"^(\S+/)", tree, re.M):
        assert (ROOT / folder).is_dir(), folder
    for name in re.findall(r"(\w+\.py)\b", tree):
        assert (
            list(ROOT.glob(f"{name}")) or list((ROOT / "formengine").rglob(name)) or list((ROOT / "web").glob(name))
        ), name


def test_every_picture_and_link_of_the_documents_exists():
    for document in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?://)([^)#]+)", document.read_text("utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"
