"""The desk under ``/window``."""

from .views import blueprint

__all__ = ["blueprint"]
