"""The desk under ``/admin``."""

from .views import blueprint

__all__ = ["blueprint"]
