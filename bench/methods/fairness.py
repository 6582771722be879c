"""Whether routing keeps maximum waits and bounded overtaking for a million random customers, by policy."""

from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from itertools import count, cycle, islice

from bench.figures import Figures, Goal
from hallflow.domain.policies import POLICIES
from tests.domain.random_day import Day

TICKETS, QUICK_TICKETS = 1_000_000, 20_000
BATCH = 20
COUNTED = (
    "Random halls of two to six counters with random skills, tiers with random goals, guards and bounds; customers come, leave, step "
    "back, come late; clerks open, close, call in turn and by name, miss, transfer, park and resume. At every call it is checked, by "
    "bookkeeping apart from the hall's own, that the longest-waiting of those past their guard or at their bound is called before "
    "anybody else, and that nobody has then been overtaken more often than their tier allows."
)


def measure(quick: bool) -> Figures:
    """Customers and calls by policy, and how many promises were broken."""
    wanted = QUICK_TICKETS if quick else TICKETS
    issued, calls, days, broken = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    batches = zip(cycle(POLICIES), count(), strict=False)
    with ProcessPoolExecutor(2) as pool:
        while issued.total() < wanted:
            for policy, some, called, faults in pool.map(_play, list(islice(batches, 2 * len(POLICIES)))):
                issued[policy] += some
                calls[policy] += called
                broken[policy] += faults
                days[policy] += BATCH
    rows = [[p, f"{days[p]:,}", f"{issued[p]:,}", f"{calls[p]:,}", f"{broken[p]}"] for p in POLICIES]
    goal = Goal(
        f"no promise broken in {wanted:,} tickets", f"{broken.total()} in {issued.total():,}", not broken.total()
    )
    facts = {"issued": dict(issued), "calls": dict(calls), "broken": dict(broken)}
    columns = ("policy", "halls", "tickets", "calls", "promises broken")
    return Figures("fairness", "The promises of routing", COUNTED, columns, rows, facts, [goal])


def _play(batch: tuple[str, int]) -> tuple[str, int, int, int]:
    policy, number = batch
    issued = calls = broken = 0
    for seed in range(number * BATCH, (number + 1) * BATCH):
        day = Day(policy, seed, any_tiers=True)
        try:
            day.play()
        except AssertionError:
            # a broken promise ends its hall's day
            broken += 1
        issued, calls = issued + day.floor.tally.issued, calls + day.calls
    return policy, issued, calls, broken
