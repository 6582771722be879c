"""Domain errors (refusals): a code with its facts, from which the texts make a sentence that a clerk can act on."""

from typing import Any


class Refused(Exception):
    """The hall does not allow this verb now; nothing has changed."""

    def __init__(self, code: str, field: str | None = None, **facts: Any) -> None:
        super().__init__(code, facts)
        self.code = code
        self.field = field
        self.facts = facts

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code} ({facts})" if facts else self.code


class Unknown(Refused):
    """The request names something that this hall does not have."""


class Malformed(Refused):
    """A value that cannot be parsed; `field` names where it stands."""
