"""The store keeps what it is given, and shows it to nobody without the key."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from cryptography.fernet import Fernet
from sqlalchemy import select, text

from app import kept
from web.cases.desk import Desk
from web.cases.drafts import Drafts
from web.cases.errors import NoTemplates
from web.cases.submission import submit
from web.cases.versions import Versions
from web.demo import demo_file, seed
from web.settings import Settings
from web.store import StoreKeyError, StoreNotReady, Vault, open_store
from web.store.engine import _config
from web.store.models import Base, Case, Filing, Moment, TemplateSet

ROOT = Path(__file__).parent.parent.parent
KEYS = [Fernet.generate_key().decode() for _ in range(2)]
NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


@pytest.fixture
def store(database):
    opened = open_store(database, Vault(KEYS[:1]))
    yield opened
    opened.close()


def a_case(**more):
    return Case(
        begin_key="b",
        code_digest="c",
        scenario="catering",
        state="draft",
        saves=0,
        created_at=NOW,
        updated_at=NOW,
        **more,
    )


def test_the_migrations_make_exactly_the_tables_of_the_models(store):
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_a_sealed_value_comes_back_and_stands_nowhere_in_plain(store):
    answers = {"operator": {"name": "应𬎆", "id_number": "330722197606025865"}, "x": [1.5, None, True]}
    with store.write() as session:
        session.add(a_case(answers=answers))
    with store.read() as session:
        assert session.scalar(select(Case)).answers == answers
        raw = bytes(session.execute(text('SELECT answers FROM "case"')).scalar_one())
    assert b"330722197606025865" not in raw
    assert "应".encode() not in raw


def test_another_key_opens_nothing_and_a_new_key_in_front_still_opens_everything(store, database):
    with store.write() as session:
        session.add(a_case(answers={"a": 1}))
    stranger = open_store(database, Vault(KEYS[1:]))
    with pytest.raises(StoreKeyError), stranger.read() as session:
        session.scalar(select(Case))
    stranger.close()
    rotated = open_store(database, Vault([KEYS[1], KEYS[0]]))
    with rotated.read() as session:
        assert session.scalar(select(Case)).answers == {"a": 1}
    assert rotated.vault.digest("name", "甲") == store.vault.digest("name", "甲")
    rotated.close()


def test_bytes_changed_on_disk_are_noticed(store):
    with store.write() as session:
        session.add(a_case(answers={"a": 1}))
    with store.write() as session:
        raw = bytearray(bytes(session.execute(text('SELECT answers FROM "case"')).scalar_one()))
        raw[20] ^= 1
        session.execute(text('UPDATE "case" SET answers = :raw'), {"raw": bytes(raw)})
    with pytest.raises(StoreKeyError), store.read() as session:
        session.scalar(select(Case))


def test_search_finds_a_value_however_it_is_typed_and_kinds_do_not_meet():
    vault = Vault(KEYS[:1])
    assert vault.digest("number", "33072219760602586x") == vault.digest("number", " ３３０７２２ 19760602 586X ")
    assert vault.digest("name", "1234567") != vault.digest("phone", "1234567")


@pytest.mark.parametrize("keys", [[], [""], ["kurz"], ["=" * 44]])
def test_a_bad_key_is_refused_in_plain_words(keys):
    with pytest.raises(StoreKeyError, match="数据密钥"):
        Vault(keys)


def fail_halfway(store):
    """A write that fails after its first half."""
    with store.write() as session:
        session.add(a_case(answers={}))
        session.flush()
        raise RuntimeError


def test_an_error_leaves_nothing_behind(store):
    with pytest.raises(RuntimeError):
        fail_halfway(store)
    with store.read() as session:
        assert session.scalar(select(Case)) is None


def test_moments_are_aware_and_come_back_in_utc(store):
    moment = datetime(2026, 11, 23, 9, 30, tzinfo=UTC) + timedelta(hours=1)
    with store.write() as session:
        session.add(a_case(answers={}, submitted_at=moment))
    with store.read() as session:
        assert session.scalar(select(Case.submitted_at)) == moment
    with pytest.raises(ValueError, match="time zone"):
        Moment().process_bind_param(datetime(2026, 1, 1), None)


def test_a_database_without_tables_or_of_another_version_is_not_ready(tmp_path):
    store = open_store(f"sqlite:///{tmp_path}/empty.sqlite3", Vault(KEYS[:1]))
    with pytest.raises(StoreNotReady):
        store.require_current()
    store.upgrade()
    store.require_current()


def test_upgrading_twice_changes_nothing(store):
    store.upgrade()
    store.require_current()


def plain_values(node):
    """Every name, ID number and phone among answers."""
    if isinstance(node, dict):
        for key, value in node.items():
            if isinstance(value, str) and key in ("name", "id_number", "mobile", "phone", "landline", "hukou_address"):
                yield value
            yield from plain_values(value)
    elif isinstance(node, list):
        for value in node:
            yield from plain_values(value)


BASE64 = b"[A-Za-z0-9_-]"


def stands_in(data, sought):
    """Whether something stands in the bytes of a database.

    Sealed text is base64. Two Chinese characters in UTF-16 can happen to be four of its characters (杯具 is ``goQw``),
    and any four stand in megabytes of it by chance: they count only where no sealed text goes on before or after.
    """
    if len(sought) > 4 or not re.fullmatch(BASE64 + b"+", sought):
        return sought in data
    return re.search(b"(?<!%b{8})%b(?!%b{8})" % (BASE64, re.escape(sought), BASE64), data) is not None


def test_what_stands_in_plain_is_seen_beside_sealed_text():
    sealed = b"gAAAAABpgoQwX_3-goQwzzzz9999=="
    assert not stands_in(sealed, "杯具".encode("utf-16-be"))
    for around in (b'"%b"', b'\x00"%b\x00"', b"name=%b", b"\x00%b" + sealed[:4]):
        assert stands_in(sealed + around % "杯具".encode("utf-16-be") + b"\x00" + sealed, "杯具".encode("utf-16-be"))
    assert stands_in(sealed + b"13800138000" + sealed, b"13800138000")


def test_the_demonstration_database_holds_no_plain_name_number_or_phone(tmp_path, real):
    path = tmp_path / "demo.sqlite3"
    store = open_store(f"sqlite:///{path}", Vault(KEYS[:1]))
    store.upgrade()
    settings = Settings("tests-only-" * 4, tuple(KEYS[:1]), "", demo=True, demo_password="示例口令示例口令示例")
    told = seed(store, real, settings, NOW)
    assert "market-regulation" in told
    again = seed(store, real, settings, NOW)
    assert again == told
    with store.read() as session:
        cases = session.scalars(select(Case)).all()
        secrets = {value for case in cases for value in plain_values(case.answers)}
        assert len(cases) == 2 * len(real.scenarios)
    store.close()
    assert len(secrets) > 20
    data = b"".join(part.read_bytes() for part in tmp_path.iterdir())
    found = [s for s in secrets for code in ("utf-8", "utf-16-le", "utf-16-be") if stands_in(data, s.encode(code))]
    found += [s for s in secrets if json.dumps(s)[1:-1].encode() in data]
    assert not found


def test_a_clerk_finds_a_case_by_name_number_phone_and_case_number(store, real, answers_of):
    from web.cases.catalogue import Catalogue

    form, answers = answers_of("catering", 3)
    drafts = Drafts(store, Catalogue(real), Versions(store, real), "tests-only-" * 4)
    code = drafts.begin("catering", form.facts, "one", NOW)
    drafts.replace(code, answers, NOW, demo_file)
    number = submit(drafts, code, NOW)
    desk = Desk(store, Versions(store, real))
    operator = answers["operator"]
    for search in (number, number.lower(), operator["name"], operator["id_number"], operator["mobile"]):
        assert [case.number for case in desk.cases(search)] == [number], search
    assert not desk.cases(operator["name"][:1])
    assert not desk.cases("不存在")
    assert answers["food_equipment"]  # what is no name of anybody's opens nothing
    assert not [row for row in answers["food_equipment"] if desk.cases(row["name"])]


def test_the_program_starts_from_a_folder_and_with_a_database_of_any_name(tmp_path):
    odd = tmp_path / "feature%2Fform %(here)s 项目"
    odd.mkdir()
    shutil.copytree(ROOT / "web", odd / "web", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "formengine", odd / "formengine", ignore=shutil.ignore_patterns("__pycache__", "fonts"))
    program = (
        "import sys; sys.path.insert(0, '.')\n"
        "from web.store.engine import open_store\n"
        "from web.store.sealed import Vault\n"
        "from cryptography.fernet import Fernet\n"
        "store = open_store('sqlite:///' + sys.argv[1], Vault([Fernet.generate_key().decode()]))\n"
        "store.upgrade(); store.require_current(); print('ready')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(odd / "data%2F" / "cases.sqlite")],
        cwd=odd,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stdout.strip() == "ready", done.stderr[-1500:]


BEFORE_SETS = "a10ed2f76fac"
"""The last version of the tables in which a case did not name its templates."""


def test_cases_from_before_sets_were_kept_name_the_templates_in_use_then(store, real):
    with store.engine.begin() as connection:
        command.downgrade(_config(connection), BEFORE_SETS)
    row = {"id": 1, "begin_key": "b", "code_digest": "c", "scenario": "catering", "state": "draft", "saves": 0}
    moments = {"created_at": NOW, "updated_at": NOW}
    filing = {"id": 1, "case_id": 1, "form": "food-business-licence", "department": "market-regulation"}
    with store.engine.begin() as connection:
        _insert(connection, "case", {**row, **moments, "answers": b"sealed", "writers": "{}"})
        lists = {"pending": "[]", "rows": "{}", "computed": "[]"}
        _insert(connection, "filing", {**filing, **lists, "values": b"sealed", "submitted_at": NOW})
    store.upgrade(kept(real))
    store.require_current()
    with store.read() as session:
        case = session.execute(select(Case.templates, Case.title)).one()
        assert tuple(case) == (real.digest, real.scenarios["catering"].title)
        found = session.execute(select(Filing.templates, Filing.title)).one()
        assert tuple(found) == (real.digest, real.forms["food-business-licence"].title)
    again = Versions(store, real)._read(real.digest)
    assert again.digest == real.digest


def _insert(connection, table, row):
    names = ", ".join(f'"{name}"' for name in row)
    connection.execute(text(f'INSERT INTO "{table}" ({names}) VALUES ({", ".join(f":{name}" for name in row)})'), row)


def test_an_empty_database_keeps_no_set_that_nobody_answered(store, real):
    with store.engine.begin() as connection:
        command.downgrade(_config(connection), BEFORE_SETS)
    store.upgrade(kept(real))
    with store.read() as session:
        assert session.scalars(select(TemplateSet)).all() == []


def test_templates_that_were_never_kept_are_named_and_not_guessed(store, real):
    with pytest.raises(NoTemplates, match="没有保存"):
        Versions(store, real).library("0" * 64)
