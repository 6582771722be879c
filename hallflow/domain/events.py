"""An event of the hall's log (event sourcing): one change of its state, with a gapless seq and no personal data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """One change of a hall. `ticket` is the number of the day, never the customer's token."""

    seq: int
    at: datetime
    kind: str
    ticket: str | None = None
    counter: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was decided, as a code and its facts; the texts make it a sentence."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """The reason as it stands in the log."""
        return {"code": self.code, **self.facts}
