"""Logging in and out, for whoever works here."""

from .views import blueprint

__all__ = ["blueprint"]
