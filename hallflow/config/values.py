"""Value types of the schemas: what a single setting may be, and the message of the fault where it is not."""

import re
from collections.abc import Mapping
from datetime import date, time
from functools import lru_cache
from itertools import pairwise
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    create_model,
)

from hallflow.domain.hours import Span
from hallflow.domain.policies import POLICIES
from hallflow.domain.prefill import KINDS
from hallflow.domain.waits.baselines import CHOICES

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
DAYS: tuple[Weekday, ...] = get_args(Weekday)


def is_key(value: str) -> bool:
    """Whether this is a valid key, for URLs and rows: small letters, digits, _ and -."""
    return re.fullmatch(r"[a-z0-9][a-z0-9_-]*", value) is not None


def _key(value: str) -> str:
    if not is_key(value):
        raise ValueError(f"{value!r} cannot be a key: use small letters, digits, _ and -")
    return value


def _letter(value: str) -> str:
    if not re.fullmatch(r"[A-Z]", value):
        raise ValueError("must be one capital letter, A to Z")
    return value


def _color(value: str) -> str:
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", value):
        raise ValueError("must be a colour such as #0B7A75")
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as bad:
        raise ValueError(f"no time zone is called {value!r}; write for example 'Asia/Shanghai'") from bad
    return value


def _policy(value: str) -> str:
    if value not in POLICIES:
        raise ValueError(f"no policy is called {value!r}; there are {', '.join(POLICIES)}")
    return value


def _estimator(value: str) -> str:
    if value not in CHOICES:
        raise ValueError(f"no estimator is called {value!r}; there are {', '.join(CHOICES)}")
    return value


def _address(value: str) -> str:
    if not re.fullmatch(r"https?://[^/\s]+", value):
        raise ValueError("must be an address such as https://hall.example.com, without anything after the name")
    return value


def _country(value: str) -> str:
    import holidays  # only where a plan is read: it is large

    if value != "none" and value not in holidays.list_supported_countries():
        raise ValueError(f"no country is called {value!r}; write its two letters, such as 'CN', or 'none'")
    return value


def _kind(value: str) -> str:
    if value not in KINDS:
        raise ValueError(f"no kind of question is called {value!r}; there are {', '.join(sorted(KINDS))}")
    return value


def clock_time(value: str) -> time:
    """A time of day written as 08:30."""
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise ValueError(f"{value!r} is not a time from 00:00 to 23:59")
    return time.fromisoformat(value)


def spans(values: list[str]) -> tuple[Span, ...]:
    """Open spans written as ["08:30-12:00", "14:00-17:30"]; [] is a closed day."""
    read: list[Span] = []
    for value in values:
        start, dash, end = value.partition("-")
        if not dash:
            raise ValueError(f"{value!r} is not a span such as 08:30-17:30")
        span = (clock_time(start.strip()), clock_time(end.strip()))
        if span[0] >= span[1]:
            raise ValueError(f"{value!r} ends before it starts")
        read.append(span)
    read.sort()
    for (a, b), (c, d) in pairwise(read):
        if c < b:
            raise ValueError(f"{a:%H:%M}-{b:%H:%M} and {c:%H:%M}-{d:%H:%M} overlap")
    return tuple(read)


def _spans_text(values: list[str]) -> list[str]:
    spans(values)
    return values


MAP_WIDE = 8
"""The most counters beside each other on a tablet."""


def _map_row(value: str) -> str:
    if not 1 <= len(value.split()) <= MAP_WIDE:
        raise ValueError(f"{value!r} is not a row of 1 to {MAP_WIDE} counters, such as '3 . 4'")
    return value


def _day(value: str) -> str:
    try:
        date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{value!r} is not a day such as 2026-10-01") from None
    return value


def _time_text(value: str) -> str:
    clock_time(value)
    return value


def _quarter_text(value: str) -> str:
    if clock_time(value).minute % 15:
        raise ValueError(f"{value} is not on a quarter-hour")
    return value


Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Share = Annotated[float, Field(gt=0, le=1)]
Minutes = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=0)]
Factor = Annotated[float, Field(ge=0.05, le=10)]
Key = Annotated[str, AfterValidator(_key)]
Letter = Annotated[str, AfterValidator(_letter)]
Color = Annotated[str, AfterValidator(_color)]
Zone = Annotated[str, AfterValidator(_zone)]
Policy = Annotated[str, AfterValidator(_policy)]
Estimator = Annotated[str, AfterValidator(_estimator)]
Address = Annotated[str, AfterValidator(_address)]
Country = Annotated[str, AfterValidator(_country)]
Kind = Annotated[str, AfterValidator(_kind)]
MapRow = Annotated[str, AfterValidator(_map_row)]
Day = Annotated[str, AfterValidator(_day)]
TimeOfDay = Annotated[str, AfterValidator(_time_text)]
QuarterHour = Annotated[str, AfterValidator(_quarter_text)]
Spans = Annotated[list[str], AfterValidator(_spans_text)]


class Shape(BaseModel):
    """A table of a file; an unknown setting is a fault."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _spoken_here(value: str, info: ValidationInfo) -> str:
    known = (info.context or {}).get("known", (value,))
    if value not in known:
        raise ValueError(f"texts/ has no {value}.toml")
    return value


def _words(value: Any, info: ValidationInfo) -> Any:
    """A name in every language: those left out get the first one's."""
    order, known = ((info.context or {}).get(name, ()) for name in ("languages", "known"))
    if not order:
        return value
    given: Mapping[str, str] = _words_shape(order[0], known).model_validate(value).model_dump(exclude_none=True)
    return {code: given.get(code, given[order[0]]) for code in order}


@lru_cache
def _words_shape(first: str, known: tuple[str, ...]) -> type[Shape]:
    """The schema of a name: any language of texts/, of which the first is required."""
    fields: dict[str, Any] = {code: (Said, ...) if code == first else (Said | None, None) for code in known}
    return create_model("Words", __base__=Shape, **fields)


LanguageCode = Annotated[str, AfterValidator(_spoken_here)]
WordsShape = Annotated[dict[str, str], BeforeValidator(_words)]
"""One meaning in each language: { zh = "...", en = "..." }."""
