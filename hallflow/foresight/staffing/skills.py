"""Skill groups: counters that offer the same services are interchangeable, so a staffing plan counts them together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hallflow.domain.plan import Plan


@dataclass(frozen=True, slots=True)
class SkillGroup:
    """Counters that offer the same set of services."""

    services: tuple[str, ...]
    counters: tuple[str, ...]

    @property
    def key(self) -> str:
        """Key of the set of services, independent of their order in the plan."""
        return "+".join(sorted(self.services))


def groups_of(plan: Plan) -> tuple[SkillGroup, ...]:
    """The plan's counters grouped by services, in the plan's order."""
    by_services: dict[tuple[str, ...], list[str]] = {}
    for key, counter in plan.counters.items():
        by_services.setdefault(tuple(sorted(counter.services)), []).append(key)
    return tuple(SkillGroup(services, tuple(counters)) for services, counters in by_services.items())


def opened_first(groups: Sequence[SkillGroup], loads: Mapping[str, float], counters: int) -> list[int]:
    """Distribute a number of counters over the groups: one for every service first, then where the load per counter is highest.

    `loads` maps services to loads in any unit.
    """
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
    """Order in which to open counters: until every service has one, then where most customers come.

    `offers` maps counters to services; `shares` services to customers, in any unit.
    """
    # sorted, so that counters of the same services get exactly equal sums
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
