"""`python -m bench.methods.calm`: coverage and stability of the wait ranges on simulated calm days.

The cost of rounding is computed afterwards: the same ranges, calibrated on the same outcomes in the same order, but shown to the
hundredth of a minute. Customers who find a free counter see "under a minute", which is nearly always right, so it cannot have the
promised coverage of four in five; those who had to wait are therefore counted separately.
"""

import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import islice
from pathlib import Path
from typing import Any

import click
import numpy as np

from bench import machine
from bench.figures import Figures, Goal, put
from bench.rig.house import ROOT
from hallflow.domain.ticket import Ticket
from hallflow.foresight.waits.calibration import Calibration
from hallflow.hall import Hall
from hallflow.operations.floor.days import begin_day
from hallflow.operations.manager.track_record import track_record
from hallflow.operations.outlook.calibration import group
from hallflow.storage.log import ledger
from tests.makers import WEDNESDAY, FakeClock, a_house, open_all
from tests.simulated_day import Day

HALL = "central"
COUNTED = (
    "Days lived on a fake clock at the sample city hall, every counter open: customers take numbers, are called, served and give up "
    "through the hall's own verbs, and the worker's jobs run. Counted are all whose promise bound the hall until their first call: "
    "within the range that their ticket showed. Not rounded are the same ranges, calibrated by the same outcomes, to the hundredth "
    "of a minute. Who finds a free counter is told 'under a minute', which cannot be made to be wrong twice in ten."
)


@click.command()
@click.option("--days", default=1, help="Working days, each going on with what was learned.")
@click.option("--hours", default=7.0, help="Of the day, from ten in the morning.")
@click.option("--per-hour", default=62.0, help="Customers who come in an hour.")
@click.option("--slower", default=1.0, help="How much longer services last than the plan says.")
@click.option("--seconds", default=30.0, help="Between two looks at every phone.")
@click.option("--seed", default=1)
@click.option("--write", "write", is_flag=True, help="Put the section into docs/benchmarks.md.")
@click.option("--json", "as_json", is_flag=True)
def main(
    days: int, hours: float, per_hour: float, slower: float, seconds: float, seed: int, write: bool, as_json: bool
) -> None:
    """Live calm days at the sample city hall, every counter open."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        clock = FakeClock(WEDNESDAY)
        house = a_house(Path(folder), clock, demo=False)
        hall = house.hall(HALL)
        tickets: list[Ticket] = []
        refreshes, later = 0, Counter[str]()
        for at in islice(working_days(), days):
            clock.at = at
            begin_day(hall)
            open_all(hall)
            phones = Day(house, hall, clock, seed, per_hour, slower).live(hours * 60, seconds)
            refreshes, later, seed = refreshes + phones.refreshes, later + phones.later, seed + 1
            tickets += called(hall)
        kept = track_record(house, hall, hall.floor.day, hall.floor.day)
        house.engine.dispose()
    told: dict[str, Any] = {
        "machine": machine.described(),
        "days": {"days": days, "hours": hours, "per_hour": per_hour, "slower": slower, "seconds": seconds},
        "refreshes": refreshes,
        "later": dict(later),
        "share_later": round(later.total() / max(refreshes, 1), 4),
        "ranges": ranges(tickets),
        "last_day": {name: kept[name] for name in ("overall", "left", "tiers", "hours", "loads")},
        "seconds": round(time.monotonic() - began),
    }
    if write:
        put(
            ROOT / "docs/benchmarks.md",
            told["machine"],
            measured(told),
            f"python -m bench.methods.calm --days {days} --write",
        )
    if as_json:
        print(json.dumps(told, ensure_ascii=False))
        return
    for name, value in told["machine"].items():
        print(f"{name}: {value}")
    print(f"{refreshes} refreshes, {later.total()} moved later ({100 * told['share_later']:.2f} %)")
    for why, count in later.most_common():
        print(f"  {count:5d}  {why or '(no reason given)'}")
    for who, found in told["ranges"].items():
        print(f"{who}: {found}")
    for tier in kept["tiers"]:
        print(
            f"last day, {tier['key']}: n {tier['n']}, coverage {tier['coverage']}, width {tier['width']}, mae {tier['mae']}"
        )


def measured(told: dict[str, Any]) -> Figures:
    """The ranges as a table, and whether they keep their promise without being uneasy."""
    rows = [
        [
            who, f"{found['n']:,}", f"{found['coverage']:.1%}", f"{found['width']:.1f}",
            f"{found['coverage_unrounded']:.1%}", f"{found['width_unrounded']:.1f}",
        ]
        for who, found in told["ranges"].items()
    ]  # fmt: skip
    waited = told["ranges"]["had to wait"]["coverage"]
    goals = [
        Goal("78-82% of those who had to wait are called within their range", f"{waited:.1%}", 0.78 <= waited <= 0.82),
        Goal(
            "at most 5% of a phone's refreshes move a range later",
            f"{told['share_later']:.2%} of {told['refreshes']:,}",
            told["share_later"] <= 0.05,
        ),
    ]
    columns = ("who", "customers", "within", "width min", "within, not rounded", "width, not rounded")
    return Figures("calm", "Ranges as they were read, on simulated days", COUNTED, columns, rows, told, goals)


def working_days() -> Iterator[datetime]:
    """Ten in the morning from Wednesday on; the weekends are left out."""
    for n in range(10_000):
        if (at := WEDNESDAY + timedelta(days=n)).weekday() < 5:
            yield at


def called(hall: Hall) -> list[Ticket]:
    """Today's tickets whose promise bound the hall until they were called, in the order of their issue."""
    with hall.reading() as connection:
        tickets = [held.ticket for held in ledger.tickets_of(connection, hall.key, hall.floor.day)]
    return [t for t in tickets if t.promise and t.predicted and t.first_wait is not None]


def ranges(tickets: list[Ticket]) -> dict[str, dict[str, float]]:
    """Coverage and width as shown, and as they would be without sensible minutes; everybody, and those who had to wait."""
    waited = np.array([t.first_wait for t in tickets])
    shown = np.array([t.promise for t in tickets], float)[:, [0, 2]]
    exact, groups = unrounded(tickets), np.array([group(t.tier, t.predicted or ()) for t in tickets])
    tiers = np.array([t.tier for t in tickets])
    waiting = ~np.char.endswith(groups, "/at_once")
    told = {"everybody": np.ones(len(tickets), bool), "found a free counter": ~waiting, "had to wait": waiting}
    told |= {f"had to wait, {tier}": waiting & (tiers == tier) for tier in dict.fromkeys(tiers.tolist())}
    return {
        who: {"n": int(some.sum())}
        | _held(shown[some], waited[some], "")
        | _held(exact[some], waited[some], "_unrounded")
        for who, some in told.items()
        if some.any()
    }


def unrounded(tickets: list[Ticket]) -> np.ndarray:
    """(n, 2): the ranges' ends, calibrated by the same outcomes as they became known, if nobody rounded them."""
    calibration, found = Calibration(), []
    known: list[tuple[float, int]] = []
    for n, ticket in enumerate(tickets):
        at = ticket.issued_at.timestamp() / 60
        while known and known[0][0] <= at:
            before = tickets[heappop(known)[1]]
            foreseen = before.predicted or (0.0, 0.0, 0.0)
            calibration.update(group(before.tier, foreseen), *foreseen, before.first_wait or 0.0)
        foreseen = ticket.predicted or (0.0, 0.0, 0.0)
        low, _, high = calibration.adjust(group(ticket.tier, foreseen), *foreseen)
        found.append((low, high))
        heappush(known, (at + (ticket.first_wait or 0.0), n))
    return np.array(found)


def _held(ends: np.ndarray, waited: np.ndarray, name: str) -> dict[str, float]:
    within = (ends[:, 0] <= waited) & (waited <= ends[:, 1])
    return {
        f"coverage{name}": round(float(within.mean()), 3),
        f"width{name}": round(float((ends[:, 1] - ends[:, 0]).mean()), 2),
    }


if __name__ == "__main__":
    main()
