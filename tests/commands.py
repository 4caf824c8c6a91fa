"""The command line as somebody else's script calls it: in this process, or in one of its own."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from pathlib import Path
from unittest import mock

from formengine.__main__ import main

ROOT = Path(__file__).parent.parent


def run(*arguments, stdin="", cwd=ROOT):
    """``(exit code, stdout, stderr)`` of one command; a stack trace fails the test."""
    given = stdin.encode() if isinstance(stdin, str) else stdin
    stdin, stdout, stderr = (
        io.TextIOWrapper(io.BytesIO(raw), "utf-8", newline="", write_through=True) for raw in (given, b"", b"")
    )
    with contextlib.chdir(cwd), mock.patch.multiple(sys, stdin=stdin, stdout=stdout, stderr=stderr):
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as stop:
            code = stop.code
    return code, stdout.buffer.getvalue().decode(), stderr.buffer.getvalue().decode()


def run_process(*arguments, stdin="", cwd=ROOT, **more):
    """The same by a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "formengine", *map(str, arguments)],
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        timeout=120,
        **more,
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done.returncode, done.stdout.decode(), done.stderr.decode()


BOTH = (run, run_process)
