"""The whole schema: importing `metadata` from here registers every table, as creating or copying a database needs."""

from hallflow.storage import worker_tables
from hallflow.storage.tables import metadata

__all__ = ["metadata", "worker_tables"]
