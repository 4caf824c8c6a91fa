"""The store: SQLAlchemy models, sessions, migrations. SQLite by default, PostgreSQL by ``DATABASE_URL``.

StoreError
├── StoreKeyError      a sealed value cannot be opened with the keys given
└── StoreNotReady      the database cannot be reached, or its tables are of another version
"""

from .engine import Store, Templates, open_store
from .errors import StoreError, StoreKeyError, StoreNotReady
from .sealed import Vault

__all__ = ["Store", "StoreError", "StoreKeyError", "StoreNotReady", "Templates", "Vault", "open_store"]
