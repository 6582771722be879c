"""The cost of estimated parameters for wait predictions: the twin with fitted parameters against the true ones.

`python -m tests.foresight.learning_cost` plays 40 mornings of history and 12 to foresee, on a hall of 14 skilled counters and
three tiers; the test of the same name plays fewer.
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import click
import numpy as np

from hallflow.foresight.learning.learned import Learned, from_plan, learn
from hallflow.foresight.twin.play import play
from tests.foresight.makers import DAY
from tests.foresight.simpy_hall import Morning, skilled_plan, truth

LOAD = 0.98


@dataclass
class Cost:
    """Minutes of error for every ticket foreseen, by what the twin knew."""

    errors: dict[str, list[float]] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)

    def mae(self, knew: str) -> float:
        """Mean absolute error of the middle of the range."""
        return float(np.mean(self.errors[knew]))


def measure(history_days: int, test_days: int, every: int, plays: int) -> Cost:
    """Foresee every so many tickets of the test days when their number is taken."""
    plan, rng = skilled_plan(), np.random.default_rng(17)
    true, visits = truth(plan, LOAD), []
    for ago in range(history_days, 0, -1):
        morning = Morning(plan, true, rng, DAY - timedelta(days=ago))
        visits += morning.run(rng.gamma(400, 1 / 400)).visits
    begin = morning.opens + timedelta(days=1)
    known: dict[str, Learned] = {
        "truth": true,
        "learned": learn(visits, plan, begin),
        "plan": replace(from_plan(plan), week=true.week, tiers=true.tiers),
    }
    cost = Cost({name: [] for name in known})
    foreseen: dict[str, tuple[float, dict[str, float]]] = {}

    def seen(morning: Morning, number: str) -> None:
        if morning.floor.seq % every == 0:
            medians = {}
            for name, figures in known.items():
                draws = np.random.default_rng(morning.floor.seq)
                played = play(morning.floor, plan, figures, morning.now, draws, plays, fast=True)
                medians[name] = float(np.median(played.tickets[number]))
            foreseen[number] = (morning.env.now, medians)

    for _ in range(test_days):
        foreseen.clear()
        morning = Morning(plan, true, rng, DAY, seen).run(rng.gamma(400, 1 / 400))
        for number, (at, medians) in foreseen.items():
            if number in morning.calls:
                wait = morning.calls[number] - at
                cost.waits.append(wait)
                for name, minutes in medians.items():
                    cost.errors[name].append(abs(minutes - wait))
    return cost


@click.command()
@click.option("--history-days", default=40)
@click.option("--test-days", default=12)
def main(history_days: int, test_days: int) -> None:
    """Print the mean absolute errors."""
    cost = measure(history_days, test_days, every=4, plays=400)
    print(f"{len(cost.waits):,} tickets of {test_days} mornings, mean wait {np.mean(cost.waits):.2f} min")
    for name in cost.errors:
        print(
            f"MAE of a twin with {name:8}: {cost.mae(name):.3f} min, {cost.mae(name) / cost.mae('truth'):.3f} x truth"
        )


if __name__ == "__main__":
    main()
