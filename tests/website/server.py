"""The site in processes of its own, as an office runs it, and a client that speaks to it over a real connection."""

from __future__ import annotations

import copy
import http.client
import http.cookiejar
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

from cryptography.fernet import Fernet
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Response

from formengine.paths import MISSING, put
from web.cases.catalogue import Catalogue
from web.cases.drafts import Drafts
from web.cases.versions import Versions
from web.demo import demo_file
from web.store import Vault, open_store

ROOT = Path(__file__).parent.parent.parent
BEHIND_PROXY = {"TRUSTED_PROXIES": "1", "SECURE_COOKIES": "1", "WORKERS": "2"}
"""The settings of an office: two workers, a proxy in front that speaks TLS, cookies that travel by https alone."""


class Server:
    """``python app.py``; it can be killed and started again."""

    def __init__(self, url, **more):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        keys = {"SECRET_KEY": "tests-only-" * 4, "DATA_KEYS": Fernet.generate_key().decode()}
        place = {"DATABASE_URL": url, "PORT": str(self.port), "SECURE_COOKIES": "0", "WORKERS": "1"}
        self.environment = {**os.environ, **keys, **place, **more}
        self.base = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self):
        command = [sys.executable, str(ROOT / "app.py")]
        self.process = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.DEVNULL, start_new_session=True, cwd=ROOT
        )
        for _ in range(600):
            assert self.process.poll() is None, "the site did not start"
            try:
                urllib.request.urlopen(self.base + "/readyz", timeout=2).close()
                return
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)
        raise AssertionError("the site does not answer")

    def kill(self):
        """As when the plug is pulled: every process, at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def fill_behind(server, library, code, answers):
    """Put whole answers into the draft that a code opens, all but the signing, without the pages."""
    keys = server.environment["DATA_KEYS"], server.environment["SECRET_KEY"]
    store = open_store(server.environment["DATABASE_URL"], Vault([keys[0]]))
    drafts = Drafts(store, Catalogue(library), Versions(store, library), keys[1])
    acts = drafts.open(code).served.acts
    unsigned = copy.deepcopy(answers)
    for path in acts:
        put(unsigned, path, MISSING)
    drafts.replace(code, unsigned, datetime.now(UTC), demo_file)
    store.close()


class HttpClient:
    """The few calls that an applicant without JavaScript makes; ``proxied`` as if a proxy had taken the TLS off."""

    def __init__(self, base, *, proxied=False):
        self.base, self.proxied = base, proxied
        policy = http.cookiejar.DefaultCookiePolicy(secure_protocols=("https", "http") if proxied else ("https",))
        self.jar = http.cookiejar.CookieJar(policy)
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar), Staying())
        self.after_post = lambda: None

    def get(self, path, query_string=None, **headers):
        return self.send(EnvironBuilder(path, query_string=query_string), headers)

    def post(self, path, data=None, content_type=None, **headers):
        answer = self.send(EnvironBuilder(path, method="POST", data=data, content_type=content_type), headers)
        self.after_post()
        return answer

    def send(self, builder, headers=()):
        """Send and read the whole answer."""
        environ = builder.get_environ()
        path = urllib.request.quote(environ["PATH_INFO"].encode("latin-1"), safe="/:@!$&'()*+,;=~-._")
        address = self.base + path + ("?" + environ["QUERY_STRING"] if environ["QUERY_STRING"] else "")
        request = urllib.request.Request(address, method=environ["REQUEST_METHOD"], headers=dict(headers))
        if self.proxied:
            request.add_header("X-Forwarded-Proto", "https")
        if environ["REQUEST_METHOD"] == "POST":
            request.data = environ["wsgi.input"].read()
            request.add_header("Content-Type", environ["CONTENT_TYPE"])
        with self.opener.open(request, timeout=30) as answer:
            return Response(answer.read(), answer.status, list(answer.headers.items()))


class Staying(urllib.request.HTTPRedirectHandler, urllib.request.HTTPErrorProcessor):
    """Gives every answer as it is: redirects are not followed, errors not raised."""

    def http_response(self, request, response):
        return response

    https_response = http_response
