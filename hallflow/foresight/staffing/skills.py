"""Skill groups: counters that offer the same services can stand in for each other, so a staffing counts them together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hallflow.domain.plan import Plan


@dataclass(frozen=True, slots=True)
class Group:
    """The counters of one set of services."""

    services: tuple[str, ...]
    counters: tuple[str, ...]

    @property
    def key(self) -> str:
        """The same for the same services, in whatever order the plan names them."""
        return "+".join(sorted(self.services))


def groups_of(plan: Plan) -> tuple[Group, ...]:
    """The plan's counters by what they offer, in the plan's order."""
    found: dict[tuple[str, ...], list[str]] = {}
    for key, counter in plan.counters.items():
        found.setdefault(tuple(sorted(counter.services)), []).append(key)
    return tuple(Group(services, tuple(counters)) for services, counters in found.items())


def opened_first(groups: Sequence[Group], loads: Mapping[str, float], counters: int) -> list[int]:
    """How many of each group's counters to open, of so many in all: every service somebody, then where most work waits."""
    opened = [0] * len(groups)
    at_work = dict.fromkeys((service for group in groups for service in group.services), 0)

    def worth(index: int) -> tuple[float, float]:
        services = groups[index].services
        missing = sum(loads.get(s, 0.0) for s in services if not at_work[s])
        return missing, sum(loads.get(s, 0.0) / (1 + at_work[s]) for s in services)

    for _ in range(counters):
        left = [i for i, group in enumerate(groups) if opened[i] < len(group.counters)]
        if not left:
            break
        best = max(left, key=worth)
        opened[best] += 1
        for service in groups[best].services:
            at_work[service] += 1
    return opened
