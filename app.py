"""The application: settings → library → store → web. The one place where all rooms meet.

``python app.py`` serves; ``create_app(settings)`` is for servers and tests.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

from flask import Flask, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.middleware.proxy_fix import ProxyFix

from formengine import Library, load_library
from web import admin, applicant, author, department, staff, window
from web.accounts import Accounts
from web.cases.catalogue import Catalogue
from web.cases.desk import Desk
from web.cases.drafts import Drafts
from web.cases.errors import NoSuchCase, NoTemplates
from web.cases.versions import Versions
from web.demo import seed
from web.pages import addresses, page_tools
from web.security import secure
from web.services import NAME, Services
from web.settings import Settings, SettingsError, from_environment
from web.store import Store, StoreError, Templates, Vault, open_store

ROOT = Path(__file__).parent
BEIJING = timezone(timedelta(hours=8), "北京时间")
MEGABYTE = 1024 * 1024
ERRORS = {
    400: ("请求有误", "浏览器发来的内容不完整，请返回上一页再试一次。"),
    403: ("没有权限", "您的账号不能打开这一页。"),
    404: ("没有这一页", "地址可能写错了，或者这一页已经不在。"),
    405: ("不能这样打开", "请从首页进入。"),
    413: (
        "内容太大",
        "文件合计不能超过 40 MB，每个不超过 10 MB。这一页还没有保存，请返回上一页，减少或者压缩后再传。",
    ),
    429: ("太频繁", "请稍后再试。"),
    500: ("系统出错了", "已保存的内容不会丢失，请稍后再试。"),
}
"""What a person reads for each status."""


def create_app(
    settings: Settings,
    *,
    catalogue: Catalogue | None = None,
    store: Store | None = None,
    clock: Callable[[], datetime] | None = None,
) -> Flask:
    """The WSGI application. Catalogue, store and clock are made from the settings unless given."""
    app = Flask("web", template_folder=str(ROOT / "web/templates"), static_folder=str(ROOT / "web/static"))
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-session" if settings.secure_cookies else "session",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=7),
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # the token and the SameSite cookie decide; some browsers send no Referer
        MAX_CONTENT_LENGTH=40 * MEGABYTE,
        MAX_FORM_MEMORY_SIZE=4 * MEGABYTE,
        MAX_FORM_PARTS=20_000,
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    if store is None:
        store = open_store(settings.database_url, Vault(settings.data_keys))
    _fit(app, settings, catalogue or Catalogue(load_library()), store, clock or (lambda: datetime.now(BEIJING)))
    return app


def _fit(app: Flask, settings: Settings, catalogue: Catalogue, store: Store, clock: Callable[[], datetime]) -> None:
    accounts, versions = Accounts(store), Versions(store, catalogue.library)
    drafts, desk = Drafts(store, catalogue, versions, settings.secret_key), Desk(store, versions)
    app.extensions[NAME] = Services(settings, store, clock, catalogue, versions, drafts, desk, accounts)
    addresses(app)
    secure(app)
    page_tools(app, settings)
    for room in (applicant, staff, window, department, author, admin):
        app.register_blueprint(room.blueprint)
    app.register_error_handler(HTTPException, _error_page)
    app.register_error_handler(CSRFError, _csrf_page)
    app.register_error_handler(NoSuchCase, lambda _error: _error_page(NotFound()))
    app.register_error_handler(NoTemplates, _gone_page)
    app.add_url_rule("/healthz", "healthz", lambda: ("ok\n", {"Content-Type": "text/plain"}))
    app.add_url_rule("/readyz", "readyz", lambda: _ready(store))


def _ready(store: Store) -> ResponseReturnValue:
    try:
        store.require_current()
    except StoreError as error:
        return f"{error}\n", 503, {"Content-Type": "text/plain; charset=utf-8"}
    return "ok\n", {"Content-Type": "text/plain"}


def _error_page(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:  # a view that answers by ``abort(redirect(…))``
        return error.response
    code = error.code or 500
    title, text = ERRORS.get(code, ERRORS[400] if code < 500 else ERRORS[500])
    return render_template("error.html", title=title, text=text), code


def _gone_page(error: NoTemplates) -> ResponseReturnValue:
    scenario = (request.view_args or {}).get("scenario_id")
    anew = url_for("applicant.scenario", scenario_id=scenario) if scenario else ""
    return render_template("error.html", title="打不开这件申请", text=str(error), anew=anew), 410


def _csrf_page(_error: CSRFError) -> ResponseReturnValue:
    text = "这一页打开得太久，或者浏览器没有接受 Cookie。请返回上一页，刷新后再试；已保存的内容都在。"
    return render_template("error.html", title="请再试一次", text=text), 400


def prepare(settings: Settings) -> str:
    """Bring the database up to date and, for a demonstration, seed it; returns what to tell who starts it."""
    store = open_store(settings.database_url, Vault(settings.data_keys))
    library = load_library()
    store.upgrade(kept(library))
    told = ""
    if settings.demo:
        told = seed(store, library, settings, datetime.now(BEIJING))
    store.close()
    return told


def kept(library: Library) -> Templates:
    """The templates in use as the tables keep them."""
    scenarios = {name: one.title for name, one in library.scenarios.items()}
    return Templates(library.digest, library.packed(), scenarios, {n: one.title for n, one in library.forms.items()})


def settle() -> None:
    """The templates live as long as the process: the collector need not look at them again."""
    gc.collect()
    gc.freeze()


def serve(settings: Settings) -> None:
    """Serve until stopped: processes, not threads."""
    from gunicorn.app.base import BaseApplication  # whoever only tests or seeds has no need of it

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            self.cfg.set("bind", f"{settings.host}:{settings.port}")
            self.cfg.set("workers", settings.workers)
            self.cfg.set("timeout", 60)
            self.cfg.set("loglevel", "warning")

        def load(self) -> object:
            made = create_app(settings)
            settle()
            return made

    Server().run()


def main() -> int:
    """Start the site; returns the exit code."""
    try:
        settings = from_environment(os.environ, ROOT / "build" / "site")
        told = prepare(settings)
    except (SettingsError, StoreError) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{told}\n地址：http://{settings.host}:{settings.port}", flush=True)
    serve(settings)
    return 0


if __name__ == "__main__":
    sys.exit(main())
