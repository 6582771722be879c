"""`python -m tests.load.calm`: live a calm day on a fake clock, and print how still and how honest the ranges were."""

import json
import tempfile
import time
from pathlib import Path
from typing import Any

import click

from hallflow.operations.recording import track_record
from tests.load import machine
from tests.makers import WEDNESDAY, FakeClock, a_house, open_all
from tests.simulated_day import Day

HALL = "central"


@click.command()
@click.option("--hours", default=7.0, help="Of the day, from ten in the morning.")
@click.option("--per-hour", default=62.0, help="Customers who come in an hour.")
@click.option("--slower", default=1.0, help="How much longer services last than the plan says.")
@click.option("--seconds", default=30.0, help="Between two looks at every phone.")
@click.option("--seed", default=1)
@click.option("--json", "as_json", is_flag=True)
def main(hours: float, per_hour: float, slower: float, seconds: float, seed: int, as_json: bool) -> None:
    """Live one calm day at the sample city hall, every counter open."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        clock = FakeClock(WEDNESDAY)
        house = a_house(Path(folder), clock, demo=False)
        hall = house.hall(HALL)
        open_all(hall)
        phones = Day(house, hall, clock, seed, per_hour, slower).live(hours * 60, seconds)
        kept = track_record(house, hall, None, None)
        house.engine.dispose()
    told: dict[str, Any] = {
        "machine": machine.described(),
        "day": {"hours": hours, "per_hour": per_hour, "slower": slower, "seconds": seconds, "seed": seed},
        "refreshes": phones.refreshes,
        "later": dict(phones.later),
        "share_later": round(phones.share_later, 4),
        "record": {name: kept[name] for name in ("overall", "left", "tiers", "hours", "loads")},
        "seconds": round(time.monotonic() - began),
    }
    if as_json:
        print(json.dumps(told, ensure_ascii=False))
        return
    for name, value in told["machine"].items():
        print(f"{name}: {value}")
    overall = kept["overall"]
    print(f"{phones.refreshes} refreshes, {sum(phones.later.values())} moved later ({100 * phones.share_later:.2f} %)")
    for why, count in phones.later.most_common():
        print(f"  {count:5d}  {why or '(no reason given)'}")
    print(f"{overall['n']} called: {100 * (overall['coverage'] or 0):.1f} % within their range, {overall}")
    for tier in kept["tiers"]:
        print(f"  {tier['key']}: n {tier['n']}, coverage {tier['coverage']}, width {tier['width']}, mae {tier['mae']}")


if __name__ == "__main__":
    main()
