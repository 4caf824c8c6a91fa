"""The applicant's way: choose, be told everything once, fill in one form, check, sign, follow."""

from .views import blueprint

__all__ = ["blueprint"]
