"""The desk under ``/author``."""

from .views import blueprint

__all__ = ["blueprint"]
