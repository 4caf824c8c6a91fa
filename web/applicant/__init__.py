"""The applicant's pages: choosing a scenario, filling in the form, following the case."""

from . import choose, fill, follow
from .blueprint import blueprint

__all__ = ["blueprint", "choose", "fill", "follow"]
