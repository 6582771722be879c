"""The whole schema: whoever creates or copies a database takes `metadata` from here, where every table is known."""

from hallflow.storage import worker_tables
from hallflow.storage.tables import metadata

__all__ = ["metadata", "worker_tables"]
