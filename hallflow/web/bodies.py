"""Request schemas: every body, path and query of the API, validated by pydantic before a handler runs."""

import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from hallflow.web.context import house

Key = Annotated[str, StringConstraints(min_length=1, max_length=32, pattern=r"^[A-Za-z0-9_-]+$")]
Number = Annotated[str, StringConstraints(min_length=4, max_length=16, pattern=r"^[A-Z][0-9]{3,}$")]
Token = Annotated[str, StringConstraints(min_length=8, max_length=32, pattern=r"^[A-Za-z0-9_-]+$")]


def _spoken_here(code: str) -> str:
    if code not in house().installation.texts.codes:
        raise ValueError("a language of the hall")
    return code


Language = Annotated[str, StringConstraints(max_length=16), AfterValidator(_spoken_here)]


class Strict(BaseModel):
    """A body without surprises."""

    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True)


class InHall(BaseModel):
    """An address within a hall."""

    hall: str


class AtCounter(InHall):
    """An address at a counter."""

    counter: str


class AtVerb(AtCounter):
    """A verb at a counter."""

    verb: str


class OfTicket(BaseModel):
    """A ticket, by what its holder proves it with."""

    token: str


class TakeTicket(Strict):
    """What a customer asks for at the kiosk."""

    service: Key | None = None
    services: Annotated[list[Key], Field(min_length=1, max_length=6)] | None = None
    card: Annotated[str, StringConstraints(max_length=64)] | None = None
    phone: Annotated[str, StringConstraints(max_length=32)] | None = None
    language: Language | None = None
    visit: Annotated[str, StringConstraints(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9-]+$")] | None = None


class Nothing(Strict):
    """An empty body."""


class Defer(Strict):
    """How many to let go first."""

    places: Annotated[int, Field(ge=1, le=10)] = 2


class Feedback(Strict):
    """How it was."""

    stars: Annotated[int, Field(ge=1, le=5)]


class Answers(Strict):
    """Answers by the key of their question."""

    answers: dict[str, Any]


class SignIn(Strict):
    """A PIN for a counter, or for the hall."""

    hall: Key
    pin: Annotated[str, StringConstraints(min_length=1, max_length=32)]
    counter: Key | None = None


class VerbBody(Strict):
    """What the counter's verbs take; each uses what is its own."""

    ticket: Number | None = None
    reason: Key | None = None
    minutes: Annotated[int, Field(ge=1, le=240)] | None = None
    outcome: Key | None = None
    places: Annotated[int, Field(ge=1, le=20)] | None = None
    services: list[Key] | None = None
    service: Key | None = None
    counter: Key | None = None
    note: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    language: Language | None = None


class Supposition(Strict):
    """A counter open or closed for a while; `open` and `close` are two words for one choice."""

    counter: Key
    open: bool | None = None
    close: bool | None = None
    services: Annotated[list[Key], Field(min_length=1, max_length=32)] | None = None
    at: Annotated[str, StringConstraints(min_length=4, max_length=40)] | None = None
    until: Annotated[str, StringConstraints(min_length=4, max_length=40)] | None = None

    @model_validator(mode="after")
    def _one_choice(self) -> "Supposition":
        if (self.open is None) == (self.close is None):
            raise ValueError("open or close")
        return self


class WhatIf(Strict):
    """What a manager supposes for the rest of the day."""

    changes: Annotated[list[Supposition], Field(max_length=200)]


class OfAdvice(InHall):
    """One advice of a hall."""

    advice: int


class Decline(Strict):
    """Why an advice is not taken, in the manager's own words."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None


class OnDate(BaseModel):
    """A day asked for."""

    date: datetime.date | None = None


class OfWeek(BaseModel):
    """A roster asked for: the week of a day, for everybody or for one person."""

    week: datetime.date | None = None
    format: Literal["json", "csv"] = "json"
    person: str | None = None


class WeekBody(Strict):
    """A week, by any day of it."""

    week: Annotated[datetime.date, Field(strict=False)]


class MomentOfDay(BaseModel):
    """A moment with its zone, of a day of the hall."""

    day: datetime.date | None = None
    at: AwareDatetime | None = None


class Again(Strict):
    """A day that is over, and what would have been otherwise."""

    day: Annotated[datetime.date, Field(strict=False)]
    policy: Key | None = None
    roster: bool = False
    """Counters open and close by the day's stored roster; `changes` override it."""
    changes: Annotated[list[Supposition], Field(max_length=200)] = []


class OfDay(BaseModel):
    """A day of the hall."""

    day: datetime.date


class Between(BaseModel):
    """Days asked for, both included."""

    model_config = ConfigDict(populate_by_name=True)
    first: datetime.date | None = Field(default=None, alias="from")
    last: datetime.date | None = Field(default=None, alias="to")


class After(BaseModel):
    """A stretch of the log."""

    after: Annotated[int, Field(ge=0)] = 0
    limit: Annotated[int, Field(ge=1, le=1000)] = 200
