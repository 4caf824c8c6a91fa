"""The PDF room: values in, bytes out. No clock, no environment, no engine; never imported by the core."""

from __future__ import annotations

from .files import File
from .filing import render_filing
from .fonts import MissingGlyphs
from .licence import render_licence

__all__ = ["File", "MissingGlyphs", "render_filing", "render_licence"]
