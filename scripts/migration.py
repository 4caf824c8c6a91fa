"""Write a migration from what the models say and the tables lack: ``python scripts/migration.py "what changed"``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command

sys.path.insert(0, str(Path(__file__).parent.parent))

from cryptography.fernet import Fernet

from web.store import Vault, open_store
from web.store.engine import _config


def main() -> int:
    """Returns the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/x.sqlite3", Vault([Fernet.generate_key().decode()]))
        store.upgrade()
        with store.engine.begin() as connection:
            command.revision(_config(connection), message=sys.argv[1], autogenerate=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
