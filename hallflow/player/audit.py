"""Audit of a simulated day from the hall's event log: counts, waits, and violated invariants such as duplicates."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from statistics import fmean, quantiles
from typing import Any

from hallflow.domain.verbs import FREES_COUNTER
from hallflow.player.line import Client

PAGE = 1000


@dataclass(slots=True)
class Report:
    """The day in figures; waits in minutes."""

    events: int = 0
    issued: int = 0
    served: int = 0
    left: int = 0
    missed: int = 0
    came_late: int = 0
    requeued: int = 0
    deferred: int = 0
    parked: int = 0
    transferred: int = 0
    services_added: int = 0
    walked_in: int = 0
    forms_accepted: int = 0
    pauses: int = 0
    stars: float | None = None
    still_here: int = 0
    waits: dict[str, dict[str, float]] = field(default_factory=dict)
    """By tier, and of all: customers called, mean, 90th percentile and maximum of the wait."""
    promises: int = 0
    promises_kept: int = 0
    """Waits no longer than the upper end of the range shown when the ticket was issued."""
    promises_in_range: int = 0
    duplicate_numbers: list[str] = field(default_factory=list)
    double_calls: list[str] = field(default_factory=list)
    served_twice: list[str] = field(default_factory=list)
    gaps: int = 0
    """Gaps in the log's sequence numbers."""

    def as_data(self) -> dict[str, Any]:
        """The report as plain JSON."""
        return asdict(self)

    @property
    def clean(self) -> bool:
        """Whether no invariant was violated."""
        return not (self.duplicate_numbers or self.double_calls or self.served_twice or self.gaps)


def events(line: Client, hall: str, token: str, after: int) -> Iterator[Mapping[str, Any]]:
    """The log's events after this seq, fetched page by page."""
    while True:
        told = line.get(f"/halls/{hall}/events?after={after}&limit={PAGE}", token)
        if not told.good or not told.body["events"]:
            return
        yield from told.body["events"]
        after = told.body["next"]


COUNTED = {
    "left": "left",
    "missed": "missed",
    "returned": "came_late",
    "requeued": "requeued",
    "deferred": "deferred",
    "parked": "parked",
    "transferred": "transferred",
    "service_added": "services_added",
    "counter_paused": "pauses",
}


def audit(log: Iterable[Mapping[str, Any]], after: int = 0) -> Report:
    """Check the log from this seq on, independently of the hall's own code."""
    report = Report()
    watch = _Watch(report)
    for event in log:
        report.events += 1
        report.gaps += event["seq"] != after + 1
        after = event["seq"]
        if name := COUNTED.get(event["kind"]):
            setattr(report, name, getattr(report, name) + 1)
        watch.see(event)
    report.still_here = len(watch.here)
    if watch.stars:
        report.stars = round(fmean(watch.stars), 2)
    everybody = [wait for waits in watch.waits.values() for wait in waits]
    report.waits = {tier: _spread(waits) for tier, waits in watch.waits.items()} | {"all": _spread(everybody)}
    return report


def _spread(waits: list[float]) -> dict[str, float]:
    if not waits:
        return {"called": 0}
    ninth = quantiles(waits, n=10)[8] if len(waits) > 1 else waits[0]
    figures = {"mean": fmean(waits), "nine_in_ten_under": ninth, "longest": max(waits)}
    return {"called": len(waits)} | {name: round(value, 1) for name, value in figures.items()}


class _Watch:
    """The state of every number and counter, followed through the log."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.here: set[str] = set()
        self.waits: dict[str, list[float]] = {}
        self.stars: list[int] = []
        self._given: set[str] = set()
        self._ended: set[str] = set()
        self._at: dict[str, str] = {}
        """Which number each counter holds."""
        self._issued: dict[str, Mapping[str, Any]] = {}

    def see(self, event: Mapping[str, Any]) -> None:
        """Apply the next event."""
        kind, number, counter = event["kind"], event["ticket"], event["counter"]
        if kind == "day_opened":
            self._given, self._ended, self._at, self._issued = set(), set(), {}, {}
        elif kind == "issued":
            self._issue(event, number)
        elif kind in ("called", "started", "resumed"):
            self._call(event, number, counter)
        elif kind in FREES_COUNTER:
            self._at = {at: held for at, held in self._at.items() if held != number}
        if kind in ("finished", "left", "expired"):
            self._end(kind, number)
        elif kind == "rated":
            self.stars.append(event["data"]["stars"])
        elif kind == "prefilled":
            self.report.forms_accepted += bool(event["data"]["accepted"])

    def _issue(self, event: Mapping[str, Any], number: str) -> None:
        if number in self._given:
            self.report.duplicate_numbers.append(number)
        self._given.add(number)
        self.here.add(number)
        self._issued[number] = event
        self.report.issued += 1

    def _call(self, event: Mapping[str, Any], number: str, counter: str) -> None:
        if number in self._at.values() or counter in self._at or number in self._ended:
            self.report.double_calls.append(f"{number} at {counter} (seq {event['seq']})")
        self._at[counter] = number
        issued = self._issued.pop(number, None)
        if issued is None:
            return
        if event["data"].get("reason", {}).get("code") == "walk_in":
            self.report.walked_in += 1
            return
        waited = (datetime.fromisoformat(event["at"]) - datetime.fromisoformat(issued["at"])).total_seconds() / 60
        self.waits.setdefault(issued["data"]["tier"], []).append(waited)
        if promise := issued["data"].get("promise"):
            self.report.promises += 1
            self.report.promises_kept += waited <= promise[2]
            self.report.promises_in_range += promise[0] <= waited <= promise[2]

    def _end(self, kind: str, number: str) -> None:
        if number in self._ended:
            self.report.served_twice.append(number)
        self._ended.add(number)
        self.here.discard(number)
        self.report.served += kind == "finished"
