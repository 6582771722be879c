"""Benchmark wait predictors (typical, LES, queue over throughput): stored with every promise, to compare its error with theirs."""

from datetime import datetime

from hallflow.domain.floor import Floor
from hallflow.domain.plan import Plan

NAMES = ("typical", "les", "queue")
CHOICES = ("auto", "twin", "corrected", "typical", "les", "throughput", "fluid")
"""The predictors a hall may choose: the twin, the model that corrects it, or a benchmark predictor with its past errors; auto takes
the model where a history has trained one, unless the twin was more accurate on the hall's own last days."""


def baselines(floor: Floor, plan: Plan, service: str, tier: str, now: datetime) -> tuple[float | None, ...]:
    """Customers waiting for the service, then minutes: typical, LES, queue length over throughput; None before a first call.

    Typical is customers ahead x standard minutes / open counters, as most queue products print it; LES (last to enter service) the
    wait of the last customer of the same service and tier who was called; the throughput that of the service's last ten calls.
    """
    ahead = floor.waiting_count([service])
    typical = ahead * plan.services[service].minutes / max(floor.open_count(service), 1)
    calls = floor.tally.lately.get(service, ())
    queue = None
    if len(calls) > 1:
        # the rate is taken until now, not until the last call, so that a hall that has stopped calling counts as slow
        queue = round(ahead * (now - calls[0]).total_seconds() / 60 / (len(calls) - 1), 1)
    return (ahead, round(typical, 1), floor.tally.last_wait.get((service, tier)), queue)
