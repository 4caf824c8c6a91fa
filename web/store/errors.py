"""What can be wrong with the store; the tree is drawn in the package's docstring."""


class StoreError(Exception):
    """Something is wrong with the store."""


class StoreKeyError(StoreError):
    """A sealed value cannot be opened with the keys given."""


class StoreNotReady(StoreError):
    """The database cannot be reached, or its tables are of another version."""
