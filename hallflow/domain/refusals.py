"""How the hall says no: a code and its facts, which the texts turn into a sentence a clerk can act on."""

from typing import Any


class Refused(Exception):
    """A verb the hall does not allow right now; nothing has changed."""

    def __init__(self, code: str, field: str | None = None, **facts: Any) -> None:
        super().__init__(code, facts)
        self.code = code
        self.field = field
        self.facts = facts

    def __str__(self) -> str:
        said = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code} ({said})" if said else self.code


class Unknown(Refused):
    """Something was named that this hall does not have."""


class Malformed(Refused):
    """A value that cannot be understood; `field` names where it stands."""
