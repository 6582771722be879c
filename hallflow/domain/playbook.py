"""The manager's playbook (contingency measures): what to do in a busy, a normal and a quiet period of the day."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hallflow.domain.languages import Words

PERIODS = ("busy", "normal", "quiet")
BLANKS = frozenset({"counters", "customers", "services"})
"""The placeholders of an entry's text: counters required, customers expected, the names of short services."""


@dataclass(frozen=True, slots=True)
class PlaybookEntry:
    """One measure to take."""

    text: Words
    at_least_minutes: float = 30.0
    """The shortest period in which the measure is worth taking."""


@dataclass(frozen=True, slots=True)
class Playbook:
    """The measures by the kind of period."""

    plays: Mapping[str, tuple[PlaybookEntry, ...]] = field(default_factory=dict)
    express_minutes: float = 6.0
    """Services of at most this standard time count as short."""
