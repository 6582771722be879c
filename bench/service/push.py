"""Latency from a change to every screen and phone that shows it: five hundred at one process, four thousand at two."""

import json
import random
import subprocess
import sys
import time
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from bench.figures import Figures, Goal, share
from bench.rig.house import COUNTERS, HALL, ROOT, Served, seconds_of, servers_of
from bench.rig.people import WAITING, People, good
from bench.rig.search import beside
from bench.rig.wire import Clients
from bench.service.memory import megabytes_of

PACE = 5.0
SECONDS, QUICK_SECONDS = 30, 4
GOAL_SHARE, GOAL_ADDED_MS, GOAL_KB = 0.99, 50, 130
# of ten screens: what each shows
MIX = ("wall", "wall", "wall", "wall", "wall", "kiosk", "kiosk", "window", "ticket", "ticket")
COUNTED = (
    "Of ten screens five are walls, two kiosks, one a counter's window, and two the phones of customers who wait, each with a "
    f"picture of its own; all in one lean process beside the servers. {WAITING:,} customers wait. {PACE:.0f} changes a second: a "
    "call, an arrival at the counter, a service finished, a number issued, and again. Counted is, for every change and every "
    "wall, from sending the request until the wall has read a picture with it; and for every picture that another screen got, "
    "from sending the oldest change that was new in its drawing, that is, came after the round of drawings before; but not for a picture that only a new outlook brought, nor after the last change. With a search: another process draws outlooks without a pause."
)
COLUMNS = (
    "screens",
    "changes",
    "pictures",
    "lost",
    "p50 ms",
    "p99 ms",
    "max ms",
    "within",
    "servers' cores",
    "clients' cores",
)


@dataclass
class Seen:
    """What a crowd of screens has seen."""

    watched: Sequence[tuple[int, str, str]]
    pictures: list[list[tuple[int, float]]] = field(default_factory=list)
    lost: int = 0
    cpu: float = 0.0
    megabytes: float = 0.0
    """What the servers held more when all watched than before."""


def measure(name: str, served: Served, where: Path, screens: int, goal_ms: int, *, quick: bool) -> Figures:
    """Times of all changes at all screens, without and with a search beside."""
    rows, facts = [], []
    with Clients(served.port, 16) as client:
        people = People(client)
        people.fill(client)
    for search in (False, True):
        with beside(where / "config", wanted=search):
            facts.append(_run(served, people, screens, QUICK_SECONDS if quick else SECONDS, goal_ms))
        rows.append(_row(facts[-1], f"{screens:,}" + (", with a search" if search else "")))
    calm, busy = facts
    added = busy["p99_ms"] - calm["p99_ms"]
    goals = [
        Goal(
            f"{GOAL_SHARE:.0%} within {goal_ms} ms",
            f"{calm['within']:.1%}",
            calm["within"] >= GOAL_SHARE and not calm["lost"],
        ),
        Goal(f"a search adds at most {GOAL_ADDED_MS} ms to p99", f"{added:+.0f} ms", added <= GOAL_ADDED_MS),
        Goal(f"at most {GOAL_KB} KB of the servers' memory a screen", f"{calm['kb']:.0f} KB", calm["kb"] <= GOAL_KB),
    ]
    processes = (
        "one process on SQLite" if served.processes == 1 else f"{served.processes} processes, PostgreSQL, Valkey"
    )
    title = f"Change to screen, {screens:,} screens, {processes}"
    return Figures(name, title, COUNTED, COLUMNS, rows, {"runs": facts}, goals)


def _run(served: Served, people: People, screens: int, seconds: float, goal_ms: int) -> dict[str, Any]:
    servers = servers_of(served.process.pid)
    with Clients(served.ports, 1) as client, _crowd(served, people, client, screens) as seen:
        spent, began = sum(map(seconds_of, servers)), time.monotonic()
        sent = _change(people, client, seconds)
        cores = (sum(map(seconds_of, servers)) - spent) / (time.monotonic() - began)
        time.sleep(2.0)
    times = [each * 1000 for each in latencies(seen, sent)]
    return {
        "screens": screens,
        "changes": len(sent),
        "pictures": sum(map(len, seen.pictures)) - screens,
        "lost": seen.lost,
        "p50_ms": round(share(times, 0.5), 1),
        "p99_ms": round(share(times, 0.99), 1),
        "max_ms": round(max(times, default=0.0), 1),
        "within": sum(each <= goal_ms for each in times) / max(len(times), 1),
        "kb": round(seen.megabytes * 1024 / screens, 1),
        "server_cores": round(cores, 2),
        "client_cores": round(seen.cpu / seconds, 2),
    }


@contextmanager
def _crowd(served: Served, people: People, client: Clients, screens: int) -> Iterator[Seen]:
    """Screens that watch until the block ends, and then what they have seen."""
    watched = list(islice(_screens(served, people, client), screens))
    seen, servers = Seen(watched), servers_of(served.process.pid)
    before = sum(map(megabytes_of, servers))
    command = [sys.executable, "-m", "bench.rig.crowd"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as crowd:
        try:
            if crowd.stdin is None or crowd.stdout is None:
                raise RuntimeError("no line to the screens")
            crowd.stdin.write(json.dumps(watched) + "\n")
            crowd.stdin.flush()
            if crowd.stdout.readline().strip() != "ready":
                raise RuntimeError("the screens could not watch")
            yield seen
            seen.megabytes = sum(map(megabytes_of, servers)) - before
            told = json.loads(crowd.communicate(timeout=120)[0])
            seen.pictures, seen.lost, seen.cpu = told["pictures"], told["lost"], told["cpu"]
        finally:
            if crowd.poll() is None:
                crowd.kill()


def _screens(served: Served, people: People, client: Clients) -> Iterator[tuple[int, str, str]]:
    """Port, hall and screen, without end; phones are those of customers who have just taken a number."""
    ports, windows = cycle(served.ports), cycle(range(1, COUNTERS + 1))
    for kind in cycle(MIX):
        screen = kind
        if kind == "window":
            screen = f"window:{next(windows)}"
        elif kind == "ticket":
            screen = f"ticket:{good(client.one(people.arrivals(1)[0])).body['token']}"
        yield next(ports), HALL, screen


def _change(people: People, client: Clients, seconds: float) -> list[tuple[int, float]]:
    """The seq that each change led to, and when it was sent."""
    rng = random.Random(1)
    sent: list[tuple[int, float]] = []
    due = time.monotonic()
    until = due + seconds
    for counter in cycle(map(str, range(1, COUNTERS + 1))):
        if due > until:
            break
        # a counter's customer is served to the end, so that another run finds it free
        for asked in (*(people.at(counter, verb) for verb in ("call-next", "arrived", "finish")), *people.arrivals(1)):
            time.sleep(max(due - time.monotonic(), 0.0))
            at = time.monotonic()
            sent.append((good(client.one(asked)).body["seq"], at))
            due += rng.uniform(0.5, 1.5) / PACE
    return sent


def latencies(seen: Seen, sent: Sequence[tuple[int, float]]) -> Iterator[float]:
    """Seconds from each change to each screen that shows it."""
    first, last = sent[0][0], sent[-1][0]
    drawn: dict[tuple[int, str], set[int]] = {}
    for (port, _, screen), pictures in zip(seen.watched, seen.pictures, strict=True):
        drawn.setdefault((port, screen.partition(":")[0]), set()).update(seq for seq, _ in pictures)
    # a server draws its walls in every round, and first: what a round before had drawn was not new to any screen in this one
    in_order = {key: sorted(seqs) for key, seqs in drawn.items()}
    seqs = [seq for seq, _ in sent]
    for (port, _, screen), pictures in zip(seen.watched, seen.pictures, strict=True):
        kind = screen.partition(":")[0]
        if kind == "wall":
            shown = [seq for seq, _ in pictures]
            for seq, at in sent:
                place = bisect_left(shown, seq)
                # a change that never came is as late as can be
                yield pictures[place][1] - at if place < len(shown) else float("inf")
            continue
        latest = 0
        for seq, at in pictures:
            # a second picture of the same state was brought by a new outlook, and so may one be after which nothing changes
            again, latest = seq == latest, seq
            if again or not first <= seq < last:
                continue
            oldest = bisect_left(seqs, max(_before(in_order[port, kind], seq), _round_before(in_order, port, seq)) + 1)
            if seqs[oldest] <= seq:
                yield at - sent[oldest][1]


def _before(rounds: Sequence[int], seq: int) -> int:
    """The last of these before this seq; 0 where there is none."""
    place = bisect_left(rounds, seq)
    return rounds[place - 1] if place else 0


def _round_before(in_order: Mapping[tuple[int, str], Sequence[int]], port: int, seq: int) -> int:
    """The seq of the round before the one in which this seq was drawn, as the walls of its server tell it."""
    walls = in_order.get((port, "wall"), ())
    return _before(walls, _before(walls, seq + 1))


def _row(fact: dict[str, Any], what: str) -> list[str]:
    return [
        what,
        str(fact["changes"]),
        f"{fact['pictures']:,}",
        str(fact["lost"]),
        f"{fact['p50_ms']:.0f}",
        f"{fact['p99_ms']:.0f}",
        f"{fact['max_ms']:.0f}",
        f"{fact['within']:.1%}",
        f"{fact['server_cores']:.2f}",
        f"{fact['client_cores']:.2f}",
    ]
