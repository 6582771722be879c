"""Imputation for a counterfactual replay: times that the log does not have, such as a service nobody had, from the day's medians."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from hallflow.domain.past.script import NONE, Act, Script, Stint
from hallflow.domain.plan import Plan
from hallflow.domain.ticket import Ticket
from hallflow.domain.verbs import FREES_COUNTER

LATER = 2**40
"""The seq of an imputed event: after all logged events of the same moment."""


class Usual:
    """The median walk, service and gap times of one day."""

    def __init__(self, script: Script, plan: Plan) -> None:
        self._script, self._plan = script, plan
        self.until = _until(script, plan)
        """The moment after which nobody is called any more."""
        gaps = [gap for of_one in script.gaps.values() for gap, _ in of_one]
        self._all_gaps = _middle(gaps) if gaps else NONE
        self._gaps = {key: _middle([gap for gap, _ in of_one]) for key, of_one in script.gaps.items()}
        self._walk, self._served = _desk_times(script, plan)

    def gap(self, key: str, calls: int) -> tuple[timedelta, int]:
        """How long this counter is ready before its next call, and the seq of that call."""
        known = self._script.gaps.get(key, [])
        if calls < len(known):
            return known[calls]
        # after its last logged call it was ready for this long without another
        rest = self._script.rest.get(key, NONE) if calls == len(known) else NONE
        if calls == len(known) and key in self._script.standing and self._script.until is not None:
            rest += self.until - self._script.until
        return rest + self._gaps.get(key, self._all_gaps), LATER

    def acts(self, ticket: Ticket, what: str, known: Stint | None) -> list[Act]:
        """The events of this stint: those of the log, then imputed ones up to its end."""
        acts = list(known.acts) if known else []
        if what != "desk" or any(act.kind in FREES_COUNTER for act in acts):
            return acts
        if known and known.ended:
            return acts
        arrives, service = self._walk, self._plan.services.get(ticket.service)
        leaves = arrives + self._served.get(ticket.service, timedelta(minutes=service.minutes if service else 5.0))
        if known:
            # the day ended before they happened
            arrives = max(arrives, known.lasted + timedelta(seconds=1))
            leaves = max(leaves, arrives)
        kind = "leg_finished" if ticket.leg + 1 < len(ticket.legs) else "finished"
        if ticket.state == "called" and not any(act.kind == "arrived" for act in acts):
            acts.append(Act("arrived", min(arrives, leaves), LATER))
        return [*acts, Act(kind, leaves, LATER, data={"outcome": None})]


def _until(script: Script, plan: Plan) -> datetime:
    """The closing grace time after closing time, or after the last event."""
    last, hours = script.until or script.opened.at, plan.hours
    spans = [] if hours.always else hours.spans(hours.day_of(script.opened.at))
    closes = max((end for _, end in spans), default=last)
    return max(last, closes.astimezone(last.tzinfo)) + timedelta(minutes=plan.rules.closing_grace_minutes)


def _desk_times(script: Script, plan: Plan) -> tuple[timedelta, dict[str, timedelta]]:
    """The median walk, and the median service time by service."""
    walks: list[timedelta] = []
    served: dict[str, list[timedelta]] = {}
    for visit in script.visits.values():
        service = visit.issued.data["services"][0]
        desk = next((stint for stint in visit.stints if stint.what == "desk"), None)
        if desk is None:
            continue
        arrived = next((act.after for act in desk.acts if act.kind == "arrived"), None)
        done = next((act.after for act in desk.acts if act.kind in ("finished", "leg_finished")), None)
        if arrived is not None:
            walks.append(arrived)
        if done is not None:
            served.setdefault(service, []).append(done - (arrived or NONE))
    walk = _middle(walks) if walks else timedelta(minutes=plan.staffing.walk_minutes)
    return walk, {service: _middle(times) for service, times in served.items()}


def _middle(times: Sequence[timedelta]) -> timedelta:
    return sorted(times)[len(times) // 2]
