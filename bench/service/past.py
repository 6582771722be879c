"""Whether a million past customers slow a hall down: two servers, with and without them, measured in alternation."""

import statistics
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any

from bench.figures import Figures, Goal, share
from bench.rig import house, years
from bench.rig.house import HALL, Served
from bench.rig.people import WAITING, People, good
from bench.rig.wire import Clients, Timed, request

TICKETS, QUICK_TICKETS = 1_000_000, 8_000
CLIENTS = (1, 16)
ROUNDS, QUICK_ROUNDS = 12, 2
STARTS = 3
GOAL_RATIO = 1.1
WITHOUT, WITH = "none", "past"
ISSUE, CALL = "issue", "call-next"
COUNTED = (
    f"Two servers on SQLite with the same hall, one new, the other after {years.DAYS} days: one day lived through the hall's own verbs "
    f"and copied to all the others, with its log, its tickets, its visits and their sums. {WAITING:,} customers wait in each. Batches of 64 "
    "numbers and 64 calls go to the one and to the other in turn, the first of the two changing every round; the ratio is that of the time "
    "that a pair of batches took, at the median of all pairs. Starts: from `hallflow run --demo` on what is there by then to the first "
    "answer, of both in turn."
)
COLUMNS = (
    "clients, request",
    "requests of each",
    "p50 ms, none",
    "p50 ms, past",
    "p99 ms, none",
    "p99 ms, past",
    "ratio",
)


def measure(quick: bool) -> Figures:
    """Times of both, and the ratio of each kind of request at each number of clients."""
    with ExitStack() as stack:
        folders = {which: stack.enter_context(house.folder(samples=False)) for which in (WITHOUT, WITH)}
        tickets = years.live_years(
            {"HALLFLOW_DATA": str(folders[WITH] / "data"), "HALLFLOW_CONFIG": str(folders[WITH] / "config")},
            QUICK_TICKETS if quick else TICKETS,
        )
        megabytes = (folders[WITH] / "data" / "hallflow.db").stat().st_size / 1e6
        with ExitStack() as both:
            served = {w: both.enter_context(house.serving(f, settled=not quick)) for w, f in folders.items()}
            sides = {which: Side(each) for which, each in served.items()}
            events = sides[WITH].seq()
            facts = [fact for clients in CLIENTS for fact in _levels(sides, clients, QUICK_ROUNDS if quick else ROUNDS)]
        starts: dict[str, list[float]] = {WITHOUT: [], WITH: []}
        for _ in range(1 if quick else STARTS):
            for which, folder in folders.items():
                with house.serving(folder, settled=False) as again:
                    starts[which].append(again.seconds)
    rows = [_row(fact) for fact in facts]
    started = {which: statistics.median(seconds) for which, seconds in starts.items()}
    shown = [f"{started[which]:.2f}" for which in (WITHOUT, WITH)]
    rows.append(["start, s", str(len(starts[WITH])), *shown, "", "", f"{started[WITH] / started[WITHOUT]:.2f}"])
    worst = max(facts, key=lambda fact: fact["ratio"])
    what = f"at most {GOAL_RATIO} times with {tickets:,} past tickets, {events:,} events and {megabytes:,.0f} MB"
    reached = ", ".join(f"{fact['ratio']:.2f} {fact['kind']} at {fact['clients']}" for fact in facts)
    return Figures(
        "past",
        f"History costs nothing: {QUICK_TICKETS if quick else TICKETS:,} past tickets",
        COUNTED,
        COLUMNS,
        rows,
        {"levels": facts, "starts": starts, "tickets": tickets, "events": events, "megabytes": megabytes},
        [Goal(what, reached, worst["ratio"] <= GOAL_RATIO)],
    )


class Side:
    """One of the two servers and who is in it."""

    def __init__(self, served: Served) -> None:
        self.served = served
        with Clients(served.port, max(CLIENTS)) as client:
            self.people = People(client)
            self.people.fill(client)

    def seq(self) -> int:
        """How long the hall's log is."""
        with Clients(self.served.port, 1) as client:
            return int(client.one(request("GET", f"/api/v1/halls/{HALL}")).body["seq"])


def _levels(sides: Mapping[str, Side], clients: int, rounds: int) -> list[dict[str, Any]]:
    """What each kind of request took at both, so many clients asking; the first round warms up."""
    timed: dict[tuple[str, str], list[Timed]] = {(kind, which): [] for kind in (ISSUE, CALL) for which in sides}
    with ExitStack() as stack:
        asking = {which: stack.enter_context(Clients(side.served.port, clients)) for which, side in sides.items()}
        for number in range(rounds + 1):
            order = (WITHOUT, WITH) if number % 2 else (WITH, WITHOUT)
            for kind in (ISSUE, CALL):
                for which in order:
                    people = sides[which].people
                    asked = people.arrivals(house.COUNTERS) if kind == ISSUE else people.verb("call-next")
                    batch = Timed()
                    for answer in asking[which].all(asked, batch):
                        good(answer)
                    timed[kind, which].append(batch)
            for which in order:
                for verb in ("arrived", "finish"):
                    for answer in asking[which].all(sides[which].people.verb(verb), Timed()):
                        good(answer)
    return [_fact(clients, kind, timed[kind, WITHOUT][1:], timed[kind, WITH][1:]) for kind in (ISSUE, CALL)]


def _fact(clients: int, kind: str, without: list[Timed], with_past: list[Timed]) -> dict[str, Any]:
    ratios = [one.seconds / other.seconds for one, other in zip(with_past, without, strict=True)]
    times = {
        which: [answer.seconds * 1000 for batch in batches for answer in batch.answers]
        for which, batches in ((WITHOUT, without), (WITH, with_past))
    }
    return {
        "clients": clients,
        "kind": kind,
        "requests": len(times[WITH]),
        "ratio": round(statistics.median(ratios), 3),
        "ratios": [round(each, 3) for each in ratios],
        "p50_ms": {which: round(share(each, 0.5), 2) for which, each in times.items()},
        "p99_ms": {which: round(share(each, 0.99), 2) for which, each in times.items()},
    }


def _row(fact: dict[str, Any]) -> list[str]:
    shown = [f"{fact[name][which]:.1f}" for name in ("p50_ms", "p99_ms") for which in (WITHOUT, WITH)]
    return [f"{fact['clients']}, {fact['kind']}", f"{fact['requests']:,}", *shown, f"{fact['ratio']:.2f}"]
