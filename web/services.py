"""What the pages work with: one typed bundle, made by the application and found by every view."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from flask import Flask, current_app

from formengine import Library

from .accounts import Accounts
from .cases.catalogue import Catalogue, Served
from .cases.desk import Desk
from .cases.drafts import Drafts
from .cases.versions import Versions
from .form.sheet import Sheet, Sheets
from .settings import Settings
from .store import Store

NAME = "services"


@dataclass
class Services:
    """Everything behind the pages."""

    settings: Settings
    store: Store
    clock: Callable[[], datetime]
    catalogue: Catalogue
    versions: Versions
    drafts: Drafts
    desk: Desk
    accounts: Accounts
    sheets: Sheets = field(default_factory=Sheets)

    @property
    def library(self) -> Library:
        """The templates that are in use now."""
        return self.catalogue.library

    def sheet(self, served: Served) -> Sheet:
        """The pages of a merged form."""
        return self.sheets.of(served.key, served.form)


def services_of(app: Flask) -> Services:
    """The services of an application."""
    found: Services = app.extensions[NAME]
    return found


def services() -> Services:
    """The services of the application that answers this request."""
    return services_of(current_app)
