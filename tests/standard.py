"""The standard templates and scenarios, read once for all tests; nobody changes them."""

from __future__ import annotations

import formengine

LIBRARY = formengine.load_library()
