"""Latency from a clerk's call until every wall shows it."""

import json
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench.figures import Figures, Goal, share
from bench.rig.house import COUNTERS, HALL, ROOT, Served
from bench.rig.people import WAITING, People, good
from bench.rig.screens import WALLS
from bench.rig.search import beside
from bench.rig.wire import Clients

# calls a second, and for how many seconds
PACES = ((1, 20), (4, 30))
QUICK_PACES = ((4, 5),)
GOALS_MS, GOAL_SHARE, GOAL_ADDED_MS = (100, 150), 0.99, 50
COUNTED = (
    f"{WALLS} walls watch by websocket from a process of their own; {WAITING:,} customers wait. Calls come at random moments; after "
    "each, the customer arrives, is served at once, and another takes a number, so that every call is four changes of the hall. "
    "Counted is, for every call and every wall, from sending call-next until the wall has read the picture with this call. "
    "A screen gets ten pictures a second; a call does not wait for the next of them as long as no more than four have gone out ahead."
)


def measure(served: Served, where: Path, *, quick: bool) -> Figures:
    """Times of all calls at all walls, at each pace, and at the last one with a search beside."""
    paces = QUICK_PACES if quick else PACES
    rows, facts = [], []
    with Clients(served.port, 1) as client:
        people = People(client)
        people.fill(client)
        for pace, seconds, search in (*((*each, False) for each in paces), (*paces[-1], True)):
            with beside(where / "config", wanted=search):
                # the same moments with a search as without
                sent, seen = _watched(served, people, client, random.Random(1), pace, seconds)
            times = [wall[key] - at for key, at in sent.items() for wall in seen if key in wall]
            facts.append(_fact(pace, search, sent, [each * 1000 for each in times]))
            rows.append(_row(facts[-1]))
    columns = ("calls a second", "calls", "seen by walls", "never seen", "p50 ms", "p99 ms", "max ms")
    within = tuple(f"within {goal} ms" for goal in GOALS_MS)
    title = f"Call to wall, {WALLS} walls"
    return Figures("walls", title, COUNTED, (*columns, *within), rows, {"paces": facts}, _goals(facts))


def _goals(facts: list[dict[str, Any]]) -> list[Goal]:
    calm = [fact for fact in facts if not fact["search"]]
    goals = []
    for goal in GOALS_MS:
        reached = ", ".join(f"{fact['within'][goal]:.1%} at {fact['pace']} a second" for fact in calm)
        met = all(fact["within"][goal] >= GOAL_SHARE and not fact["unseen"] for fact in calm)
        goals.append(Goal(f"{GOAL_SHARE:.0%} within {goal} ms", reached, met))
    added = facts[-1]["p99_ms"] - calm[-1]["p99_ms"]
    goals.append(Goal(f"a search adds at most {GOAL_ADDED_MS} ms to p99", f"{added:+.0f} ms", added <= GOAL_ADDED_MS))
    return goals


def _watched(
    served: Served, people: People, client: Clients, rng: random.Random, pace: int, seconds: int
) -> tuple[dict[str, float], list[dict[str, float]]]:
    """When each call was sent, and when each wall saw which."""
    command = [sys.executable, "-m", "bench.rig.screens", str(served.port), HALL]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as screens:
        try:
            if screens.stdout is None or screens.stdout.readline().strip() != "ready":
                raise RuntimeError("the walls could not watch")
            sent = _call(people, client, rng, pace, seconds)
            time.sleep(1.0)
            told, _ = screens.communicate(timeout=60)
        finally:
            if screens.poll() is None:
                screens.kill()
    return sent, _read(told)


def _read(told: str) -> list[dict[str, float]]:
    walls: list[dict[str, float]] = json.loads(told)
    return walls


def _call(people: People, client: Clients, rng: random.Random, pace: int, seconds: int) -> dict[str, float]:
    sent: dict[str, float] = {}
    due = time.monotonic()
    for index in range(pace * seconds):
        due += rng.expovariate(pace)
        time.sleep(max(due - time.monotonic(), 0.0))
        counter = str(index % COUNTERS + 1)
        at = time.monotonic()
        called = good(client.one(people.at(counter, "call-next"))).body
        sent[f"{called['serving']['number']}-1-0"] = at
        for asked in (people.at(counter, "arrived"), people.at(counter, "finish"), *people.arrivals(1)):
            good(client.one(asked))
    return sent


def _fact(pace: int, search: bool, sent: dict[str, float], times: list[float]) -> dict[str, Any]:
    return {
        "pace": pace,
        "search": search,
        "calls": len(sent),
        "seen": len(times),
        "unseen": len(sent) * WALLS - len(times),
        "p50_ms": round(share(times, 0.5), 1),
        "p99_ms": round(share(times, 0.99), 1),
        "max_ms": round(max(times, default=0.0), 1),
        "within": {goal: sum(each <= goal for each in times) / max(len(sent) * WALLS, 1) for goal in GOALS_MS},
    }


def _row(fact: dict[str, Any]) -> list[str]:
    return [
        str(fact["pace"]) + (", with a search" if fact["search"] else ""),
        str(fact["calls"]),
        f"{fact['seen']:,}",
        str(fact["unseen"]),
        f"{fact['p50_ms']:.0f}",
        f"{fact['p99_ms']:.0f}",
        f"{fact['max_ms']:.0f}",
        *(f"{within:.1%}" for within in fact["within"].values()),
    ]
