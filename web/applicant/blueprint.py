"""The blueprint of the applicant's pages, at the root of the site."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("applicant", __name__)
