"""Skill groups: counters that offer the same services can stand in for each other, so a staffing counts them together."""

from collections.abc import Iterable, Mapping, Sequence
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


def opening_order(offers: Mapping[str, Iterable[str]], shares: Mapping[str, float]) -> list[str]:
    """Counters in the order in which a hall opens them: first until every service has one, then where most customers come.

    `offers` are the services of each counter, `shares` how many customers come for each service, in any unit.
    """
    # in one order, so that counters of the same services are worth exactly the same
    left = {key: sorted(set(services)) for key, services in offers.items()}
    opened = {service: 0 for services in left.values() for service in services}
    order = []
    while left:
        key = max(
            left,
            key=lambda counter: (
                sum(shares.get(s, 0.0) for s in left[counter] if not opened[s]),
                sum(shares.get(s, 0.0) / (1 + opened[s]) for s in left[counter]),
            ),
        )
        for service in left.pop(key):
            opened[service] += 1
        order.append(key)
    return order
