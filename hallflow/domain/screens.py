"""Presence of screens and kiosks: which of them should be connected and are silent."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from hallflow.domain.plan import AlertRules, Plan

KINDS = ("kiosk", "wall", "window")
"""The kinds of devices that are installed in a hall; phones and staff pages connect and disconnect freely."""


@dataclass(frozen=True, slots=True)
class ScreenSeen:
    """One screen as the hall's servers last saw it."""

    screen: str
    """Its name: "kiosk", "wall", "window:3"."""
    since: datetime
    """Since when it has been connected, short gaps ignored."""
    seen_at: datetime
    """When it was last seen connected."""
    is_on: bool


@dataclass(frozen=True, slots=True)
class Silent:
    """Screens of one name that are missing."""

    screen: str
    count: int
    since: datetime | None
    """When the first of them was last seen; None where none was seen all day."""
    left: int
    """How many screens of the same name are connected."""


def silent(seen: Iterable[ScreenSeen], plan: Plan, heard_since: datetime, now: datetime) -> list[Silent]:
    """The screens missing while the hall is open; `heard_since` is since when a server could have seen one."""
    opened = _opened_at(plan, now)
    if opened is None or now - max(opened, heard_since) < timedelta(minutes=plan.alerts.screen_silent_minutes):
        # just after opening, staff are still switching the screens on
        return []
    today = plan.hours.day_of(now)
    known: dict[str, list[ScreenSeen]] = defaultdict(list)
    for one in seen:
        if one.is_on or plan.hours.day_of(one.seen_at) == today:
            known[one.screen].append(one)
    names = (*plan.screens, *(name for name in known if name not in plan.screens))
    gone = (_missing(name, known[name], plan, now) for name in names)
    return [one for one in gone if one is not None]


def _opened_at(plan: Plan, now: datetime) -> datetime | None:
    return next((start for start, end in plan.hours.spans(plan.hours.day_of(now)) if start <= now < end), None)


def _missing(name: str, known: list[ScreenSeen], plan: Plan, now: datetime) -> Silent | None:
    there = [one for one in known if one.is_on]
    # a short silence is no alert
    gone = [one for one in known if not one.is_on and _minutes(one.seen_at, now) >= plan.alerts.screen_silent_minutes]
    resting = len(known) - len(there) - len(gone)
    if name in plan.screens:
        count = plan.screens[name] - len(there) - resting
        last = sorted((one.seen_at for one in gone), reverse=True)[:count] if count > 0 else []
        return Silent(name, count, min(last, default=None), len(there)) if count > 0 else None
    missed = _not_replaced([one for one in gone if _is_missed(one, plan.alerts, now)], there)
    return Silent(name, len(missed), min(one.seen_at for one in missed), len(there)) if missed else None


def _is_missed(gone: ScreenSeen, rules: AlertRules, now: datetime) -> bool:
    """Whether it counts as missing: neither opened only for a moment nor put away."""
    stayed = _minutes(gone.since, gone.seen_at) >= rules.screen_seen_minutes
    return stayed and _minutes(gone.seen_at, now) < rules.screen_forgotten_minutes


def _not_replaced(gone: list[ScreenSeen], there: list[ScreenSeen]) -> list[ScreenSeen]:
    """The missing screens without a successor: a browser that lost its id connects as a new screen, which replaces an older one."""
    newcomers = sorted((one.since for one in there), reverse=True)
    left = []
    for one in sorted(gone, key=lambda one: one.seen_at, reverse=True):
        if newcomers and newcomers[0] >= one.seen_at:
            newcomers.pop(0)
        else:
            left.append(one)
    return left


def _minutes(since: datetime, now: datetime) -> float:
    return (now - since).total_seconds() / 60
