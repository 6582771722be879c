"""The schema of staffing.toml: assumptions of the staffing model, the playbook, and the roster's people and shifts.

References to other files (a hall, a service) are not checked here; see agreement/.
"""

from string import Formatter
from typing import Annotated, Literal

from pydantic import Field, model_validator

from hallflow.config.values import (
    Count,
    Day,
    Key,
    Minutes,
    QuarterHour,
    Said,
    Shape,
    Share,
    TimeOfDay,
    Weekday,
    WordsShape,
    clock_time,
)
from hallflow.domain.playbook import BLANKS


class StaffingShape(Shape):
    """What the staffing sums assume; what is left out stays as it is for all halls."""

    goal_share: Share = 0.8
    goal_minutes: Minutes = 10.0
    patience_minutes: Minutes = 45.0
    abandoned_at_most: Annotated[float, Field(ge=0, le=1)] = 0.05
    past_guard_at_most: Annotated[float, Field(ge=0, le=1)] = 0.05
    no_show_share: Annotated[float, Field(ge=0, lt=1)] = 0.03
    walk_minutes: Annotated[float, Field(ge=0)] = 0.5
    busy_above: Annotated[float, Field(gt=0)] = 0.85
    quiet_below: Annotated[float, Field(gt=0)] = 0.5
    counters_at_least: Count = 1
    advice: Literal["calm", "keen"] = "calm"
    arrivals_per_hour: Annotated[float, Field(gt=0)] = 24.0


class BreakShape(Shape):
    """A pause within a shift."""

    minutes: Annotated[int, Field(gt=0, le=240, multiple_of=15)]
    earliest: TimeOfDay
    latest: TimeOfDay

    @model_validator(mode="after")
    def _fits(self) -> "BreakShape":
        first, last = clock_time(self.earliest), clock_time(self.latest)
        if (last.hour - first.hour) * 60 + last.minute - first.minute < self.minutes:
            raise ValueError(f"{self.minutes} minutes do not fit between {self.earliest} and {self.latest}")
        return self


class ShiftShape(Shape):
    """[shifts.<key>] of staffing.toml."""

    name: WordsShape
    starts: Annotated[list[QuarterHour], Field(min_length=1)]
    hours: Annotated[float, Field(gt=0, le=12, multiple_of=0.25)]
    breaks: list[BreakShape] = []
    paid_breaks: bool = False

    @model_validator(mode="after")
    def _some_work_is_left(self) -> "ShiftShape":
        if sum(each.minutes for each in self.breaks) >= self.hours * 60:
            raise ValueError("the breaks are as long as the shift")
        for start in self.starts:
            at = clock_time(start)
            if at.hour * 60 + at.minute + self.hours * 60 > 24 * 60:
                raise ValueError(f"begins at {start} and ends after midnight")
        return self


class RosterShape(Shape):
    """[roster] of staffing.toml: what a week may ask."""

    shrinkage: Annotated[float, Field(ge=0, lt=0.9)] = 0.0
    rest_hours: Annotated[float, Field(ge=0, le=24)] = 11.0
    days_at_most: Annotated[int, Field(ge=1, le=7)] = 5


class PersonShape(Shape):
    """[people.<hall>.<key>] of staffing.toml."""

    name: Said
    certificates: list[str] | None = None
    hours: Annotated[float, Field(gt=0, le=84)] = 40.0
    away: list[Day] = []
    off: list[Weekday] = []
    likes: list[str] = []


class PlayShape(Shape):
    """[[playbook.<period>]]: one thing to do."""

    text: WordsShape
    at_least_minutes: Annotated[float, Field(ge=0)] = 30.0
    halls: list[str] = []

    @model_validator(mode="after")
    def _blanks_can_be_filled(self) -> "PlayShape":
        for text in self.text.values():
            try:
                blanks = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
            except ValueError:
                raise ValueError(f"{text!r} has a bracket that is not closed") from None
            if unknown := sorted(blanks - BLANKS):
                known = ", ".join(f"{{{name}}}" for name in sorted(BLANKS))
                raise ValueError(f"nothing fills in {{{unknown[0]}}}; there are {known}")
        return self


class PlaybookShape(Shape):
    """[playbook]: what to do in each kind of period."""

    express_minutes: Annotated[float, Field(gt=0)] = 6.0
    busy: list[PlayShape] = []
    normal: list[PlayShape] = []
    quiet: list[PlayShape] = []


class StaffingFile(Shape):
    """staffing.toml."""

    all: StaffingShape = StaffingShape()
    playbook: PlaybookShape = PlaybookShape()
    halls: dict[str, StaffingShape] = {}
    shifts: dict[Key, ShiftShape] = {}
    roster: RosterShape = RosterShape()
    people: dict[str, dict[Key, PersonShape]] = {}
