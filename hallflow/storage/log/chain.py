"""The chain of the log: each entry carries the hash of the one before it, so no change, gap or reordering goes unseen."""

import hashlib
import json
from datetime import UTC

from hallflow.domain.events import Event

BEGINNING = "0" * 64
"""What stands before a hall's first entry."""


def link(before: str, hall: str, event: Event) -> str:
    """The hash of an entry, given the hash of the entry before it."""
    at = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    said = [before, hall, event.seq, at, event.kind, event.ticket, event.counter, event.data]
    plain = json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()
