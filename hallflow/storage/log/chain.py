"""The hash chain of the log: each entry has the hash of the one before it, so any change, gap or reordering is detected."""

import hashlib
import json
from datetime import UTC

from hallflow.domain.events import Event

BEGINNING = "0" * 64
"""The hash before a hall's first entry."""


def link(before: str, hall: str, event: Event) -> str:
    """The hash of an entry, given the hash of the entry before it."""
    at = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    fields = [before, hall, event.seq, at, event.kind, event.ticket, event.counter, event.data]
    plain = json.dumps(fields, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()
