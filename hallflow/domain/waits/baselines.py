"""What simpler estimators would say of a new customer's wait: kept beside every promise, so that its worth can be seen."""

from datetime import datetime

from hallflow.domain.floor import Floor
from hallflow.domain.plan import Plan

NAMES = ("typical", "les", "queue")
CHOICES = ("auto", "twin", "corrected", "typical", "les", "throughput", "fluid")
"""Who may foresee a hall's waits: the twin, the model that corrects it, or one simple estimate with what has come of it so far;
auto takes the model where a history has made one, unless the twin was nearer on the hall's own last days."""


def beside(floor: Floor, plan: Plan, service: str, tier: str, now: datetime) -> tuple[float | None, ...]:
    """People waiting for the service, then minutes: typical, LES, and queue length over throughput; None before a first call.

    Typical is people ahead x the service's minutes / open counters, as most queue products print it; LES the wait of the
    last customer of the same service and tier who was called; the throughput that of the service's last ten calls.
    """
    ahead = floor.waiting_count([service])
    typical = ahead * plan.services[service].minutes / max(floor.open_count(service), 1)
    calls = floor.tally.lately.get(service, ())
    queue = None
    if len(calls) > 1:
        # until now, not until the last call: a hall that has stopped calling is slow
        queue = round(ahead * (now - calls[0]).total_seconds() / 60 / (len(calls) - 1), 1)
    return (ahead, round(typical, 1), floor.tally.last_wait.get((service, tier)), queue)
