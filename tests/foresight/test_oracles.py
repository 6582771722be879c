"""Independent simulations agree with the twin within sampling error; estimated parameters cost little accuracy."""

from dataclasses import replace

import ciw
import numpy as np
import pytest

from hallflow.foresight.arrivals import ArrivalRates
from hallflow.foresight.twin import kernel
from hallflow.foresight.twin.stage import set_stage
from tests.foresight.learning_cost import measure
from tests.foresight.makers import NOON, a_plan, an_open_floor, markovian
from tests.foresight.simpy_hall import OPEN_MINUTES, Morning, skilled_plan, to_come, truth
from tests.foresight.twin.test_play import ALWAYS


@pytest.mark.slow
def test_a_skilled_hall_on_simpy_waits_and_leaves_as_in_the_twin():
    """Six counters, three tiers, skills, paces, no-shows and impatience: means by tier over 60 mornings each way."""
    plan = skilled_plan(6)
    known, rng = truth(plan, 0.95), np.random.default_rng(23)
    theirs: dict[str, list[float]] = {tier: [] for tier in plan.tiers}
    left = []
    for _ in range(60):
        morning = Morning(plan, known, rng).run()
        for tier, means in theirs.items():
            waits = [
                (v.called_at - v.issued_at).total_seconds() / 60
                for v in morning.visits
                if v.called_at and v.tier == tier
            ]
            means.append(float(np.mean(waits)))
        left.append(np.mean([v.outcome == "abandoned" for v in morning.visits]))

    opens = NOON.replace(hour=9)
    floor = an_open_floor(plan, opens)
    arrivals = to_come(plan, known, 1.0)
    stage = set_stage(floor, plan, known, opens, rng, 1000, arrivals)
    calls, _ = kernel.run(stage, OPEN_MINUTES + 119.0, whole=True)
    came = stage.since < OPEN_MINUTES
    gone = stage.leaves < calls
    ends = [*stage.first[1:], stage.since.shape[1]]
    for tier, means in theirs.items():
        here = np.zeros(stage.since.shape[1], bool)
        for line, first, end in zip(stage.lines[: stage.real], stage.first, ends, strict=True):
            here[first:end] = line[1] == tier
        called = came & ~gone & here
        mine = np.where(called, calls - stage.since, 0).sum(axis=1) / np.maximum(called.sum(axis=1), 1)
        error = np.std(means) / len(means) ** 0.5 + mine.std() / len(mine) ** 0.5
        assert mine.mean() == pytest.approx(np.mean(means), abs=4 * error), tier
    share = (gone & came).sum(axis=1) / came.sum(axis=1)
    error = np.std(left) / len(left) ** 0.5 + share.std() / len(share) ** 0.5
    assert share.mean() == pytest.approx(np.mean(left), abs=4 * error)


def test_two_tiers_on_ciw_wait_as_in_the_twin():
    """Non-preemptive priority on three counters with exponential services: ciw's own queue, none of our rules."""
    rates, minutes, servers, until = {"gold": 0.2, "standard": 0.5}, 4.0, 3, 480.0
    network = ciw.create_network(
        arrival_distributions={tier: [ciw.dists.Exponential(rate)] for tier, rate in rates.items()},
        service_distributions={tier: [ciw.dists.Exponential(1 / minutes)] for tier in rates},
        number_of_servers=[servers],
        priority_classes={"gold": 0, "standard": 1},
    )
    theirs: dict[str, list[float]] = {tier: [] for tier in rates}
    for seed in range(60):
        ciw.seed(seed)
        simulation = ciw.Simulation(network)
        simulation.simulate_until_max_time(until + 120)
        records = simulation.get_all_records()
        for tier, means in theirs.items():
            waits = [r.waiting_time for r in records if r.customer_class == tier and 120 < r.arrival_date < until]
            means.append(float(np.mean(waits)))

    plan = a_plan((("bills",),) * servers, {"bills": minutes}, "strict", hours=ALWAYS)
    far = {k: replace(t, guard_minutes=1e6, overtaken_at_most=10**6) for k, t in plan.tiers.items()}
    plan = replace(plan, tiers=far)
    rng = np.random.default_rng(29)
    arrivals = ArrivalRates(
        np.array([0.0, until + 120]), {("bills", t): np.array([r * (until + 120)]) for t, r in rates.items()}
    )
    stage = set_stage(an_open_floor(plan), plan, markovian(plan), NOON, rng, 2000, arrivals)
    stage.service_minutes[:] = rng.exponential(minutes, stage.service_minutes.shape)
    calls, _ = kernel.run(stage, until + 120, whole=True)
    for line, first, end in zip(stage.lines, stage.first, [*stage.first[1:], stage.since.shape[1]], strict=False):
        since = stage.since[:, first:end]
        seen = (since > 120) & (since < until)
        mine = np.where(seen, calls[:, first:end] - since, 0).sum(axis=1) / seen.sum(axis=1)
        means = theirs[line[1]]
        error = np.std(means) / len(means) ** 0.5 + mine.std() / len(mine) ** 0.5
        assert mine.mean() == pytest.approx(np.mean(means), abs=4 * error), line


@pytest.mark.slow
def test_a_hall_that_learned_itself_foresees_nearly_as_well_as_one_that_knows_the_truth():
    """14 skilled counters and three tiers: at most 1.1 times the error, and less than with the plan's wrong minutes."""
    cost = measure(history_days=25, test_days=3, every=12, plays=200)
    assert len(cost.waits) > 60
    assert cost.mae("learned") <= 1.1 * cost.mae("truth")
    assert cost.mae("learned") < cost.mae("plan")
