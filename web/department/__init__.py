"""The desk under ``/department``."""

from .views import blueprint

__all__ = ["blueprint"]
