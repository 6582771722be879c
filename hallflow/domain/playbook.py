"""What the manager's playbook says to do in a busy, a normal or a quiet stretch of the day."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hallflow.domain.languages import Words

PERIODS = ("busy", "normal", "quiet")
BLANKS = frozenset({"counters", "customers", "services"})
"""What a play's words may leave to be filled in: counters required, customers expected, the names of short services."""


@dataclass(frozen=True, slots=True)
class PlaybookEntry:
    """One thing to do."""

    text: Words
    at_least_minutes: float = 30.0
    """Not worth beginning in a shorter stretch."""


@dataclass(frozen=True, slots=True)
class Playbook:
    """What is to be done, by the kind of period."""

    plays: Mapping[str, tuple[PlaybookEntry, ...]] = field(default_factory=dict)
    express_minutes: float = 6.0
    """Services that take no longer are short."""
