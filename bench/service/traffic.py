"""Throughput of issuing tickets and calling customers over HTTP, beside a bare Flask route on an equal server, in alternation."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bench.figures import Figures, Goal, share
from bench.rig import bare, chain, house
from bench.rig.house import COUNTERS, Served, seconds_of, server_of
from bench.rig.people import WAITING, People, good
from bench.rig.wire import Answer, Clients, Timed, request

CLIENTS = (1, 2, 16, 64)
CROWD = 16
ROUNDS, QUICK_ROUNDS = 15, 2
# of the crowd, whose figures are promised
CROWD_ROUNDS = 30
BARE, ISSUE, CALL, SERVE = "bare insert", "issue", "call-next", "arrived, finish"
KINDS = (BARE, ISSUE, CALL, SERVE)
EVERYWHERE, GOAL_RATIO, GOAL_MS = 0.4, 0.6, 60
COUNTED = (
    f"Rounds of batches: {COUNTERS} bare inserts, {COUNTERS} numbers issued, {COUNTERS} bare inserts, one call-next at each of "
    f"{COUNTERS} counters, then arrived and finish at each; {WAITING:,} customers wait when a batch of numbers or calls begins. "
    "A batch is shared by that many clients, each with one connection, each asking again when it has its answer; the rate is "
    "requests by the time of their batches alone. Bare is a POST that commits one durable INSERT of its own through SQLAlchemy, on the "
    "same gunicorn settings and the same database (on PostgreSQL all at once), answering a line of JSON. Ours are asked as the pages ask, with an Idempotency-Key and "
    "a visit; three customers in ten show a card. The worker draws outlooks meanwhile."
)
COLUMNS = (
    "clients, request",
    "requests",
    "a second",
    "of bare",
    "p50 ms",
    "p99 ms",
    "server CPU ms",
    "answer bytes",
    "client CPU",
)


def measure(served: Served, where: Path, *, quick: bool, database: str | None = None) -> Figures:
    """Rates and times at each number of clients, and whether anything came twice."""
    command, port, environment = bare.command(where, database and chain.fresh(database))
    levels: dict[int, dict[str, Timed]] = {}
    called: list[Answer] = []
    with house.running(command, port, "/", environment, where / "bare.log") as plain:
        with Clients(served.port, CROWD) as client:
            people = People(client)
            issued = people.fill(client)
        for clients in CLIENTS:
            with Clients(served.port, clients) as ours, Clients(port, clients) as other:
                stage = Round(people, ours, other, server_of(served.process.pid), server_of(plain.process.pid))
                warm = stage.run()
                times = CROWD_ROUNDS if clients == CROWD else ROUNDS
                rounds = [stage.run() for _ in range(QUICK_ROUNDS if quick else times)]
            levels[clients] = {kind: _sum(each[kind] for each in rounds) for kind in KINDS}
            issued += [*warm[ISSUE].answers, *levels[clients][ISSUE].answers]
            called += [*warm[CALL].answers, *levels[clients][CALL].answers]
    with Clients(served.port, 1) as client:
        twice = count_twice(issued, called, people.log(client))
    return _told(levels, twice, "PostgreSQL" if database else "SQLite")


class Round:
    """One batch of each kind, ours and bare in turn, so that what disturbs the machine disturbs both."""

    def __init__(self, people: People, ours: Clients, other: Clients, server: int, bare_server: int) -> None:
        self._people, self._ours, self._other = people, ours, other
        self._server, self._bare_server = server, bare_server

    def run(self) -> dict[str, Timed]:
        """Ask everything once."""
        people, timed = self._people, {kind: Timed() for kind in KINDS}
        visits = [request("POST", "/visits", {"service": "bills"})] * COUNTERS
        self._batch(timed[BARE], visits, bare=True)
        self._batch(timed[ISSUE], people.arrivals(COUNTERS))
        self._batch(timed[BARE], visits, bare=True)
        self._batch(timed[CALL], people.verb("call-next"))
        self._batch(timed[SERVE], people.verb("arrived"))
        self._batch(timed[SERVE], people.verb("finish"))
        return timed

    def _batch(self, timed: Timed, asked: list[bytes], *, bare: bool = False) -> None:
        server = self._bare_server if bare else self._server
        spent = seconds_of(server)
        for answer in (self._other if bare else self._ours).all(asked, timed):
            good(answer)
        timed.server_seconds += seconds_of(server) - spent


def _sum(batches: Iterable[Timed]) -> Timed:
    whole = Timed()
    for batch in batches:
        whole.seconds += batch.seconds
        whole.client_seconds += batch.client_seconds
        whole.server_seconds += batch.server_seconds
        whole.answers += batch.answers
    return whole


def count_twice(issued: Iterable[Answer], called: Iterable[Answer], log: Iterable[dict[str, Any]]) -> dict[str, int]:
    """What must never happen, counted from what the clients were told and from the hall's log."""
    numbers = Counter(answer.body["number"] for answer in issued)
    calls = Counter(answer.body["serving"]["number"] for answer in called)
    in_log, at_counter = Counter[str](), dict[str, str]()
    double_calls, gaps, seq = 0, 0, 0
    for event in log:
        gaps, seq = gaps + (event["seq"] != seq + 1), event["seq"]
        number, kind = event["ticket"], event["kind"]
        if kind == "issued":
            in_log[number] += 1
        elif kind == "called":
            double_calls += number in at_counter or event["counter"] in at_counter.values()
            at_counter[number] = event["counter"]
        elif kind in ("finished", "missed", "left", "expired", "requeued", "transferred", "parked"):
            at_counter.pop(number, None)
    return {
        "numbers told": numbers.total(),
        "told twice": sum(times - 1 for times in numbers.values()),
        "in the log twice": sum(times - 1 for times in in_log.values()),
        "told, but not in the log": len(numbers.keys() - in_log.keys()),
        "calls told": calls.total(),
        "customers called twice, as told": sum(times - 1 for times in calls.values()),
        "customers or counters called twice, in the log": double_calls,
        "gaps in the log": gaps,
    }


def _told(levels: dict[int, dict[str, Timed]], twice: dict[str, int], database: str) -> Figures:
    facts = [
        _fact(clients, kind, timed, timed.rate / kinds[BARE].rate)
        for clients, kinds in levels.items()
        for kind, timed in kinds.items()
    ]
    return Figures(
        "traffic" if database == "SQLite" else "chain-traffic",
        f"Issue and call-next over HTTP, {database}",
        COUNTED,
        COLUMNS,
        [_row(fact) for fact in facts],
        {"levels": facts, "twice": twice},
        [*_goals(facts), never_twice(twice)],
    )


def _fact(clients: int, kind: str, timed: Timed, of_bare: float) -> dict[str, Any]:
    times = [answer.seconds * 1000 for answer in timed.answers]
    return {
        "clients": clients,
        "kind": kind,
        "requests": len(times),
        "per_second": round(timed.rate, 1),
        "of_bare": round(of_bare, 3),
        "p50_ms": round(share(times, 0.5), 2),
        "p99_ms": round(share(times, 0.99), 2),
        "server_cpu_ms": round(timed.server_seconds / len(times) * 1000, 2),
        "answer_bytes": round(sum(len(answer.raw) for answer in timed.answers) / len(times)),
        "client_cpu": round(timed.client_seconds / timed.seconds, 3),
    }


def _row(fact: dict[str, Any]) -> list[str]:
    return [
        f"{fact['clients']}, {fact['kind']}",
        f"{fact['requests']:,}",
        f"{fact['per_second']:,.0f}",
        "" if fact["kind"] == BARE else f"{fact['of_bare']:.2f}",
        f"{fact['p50_ms']:.1f}",
        f"{fact['p99_ms']:.1f}",
        f"{fact['server_cpu_ms']:.2f}",
        f"{fact['answer_bytes']:,}",
        f"{fact['client_cpu']:.0%}",
    ]


def _goals(facts: list[dict[str, Any]]) -> list[Goal]:
    goals = []
    for kind in (ISSUE, CALL):
        crowd = next(fact for fact in facts if fact["kind"] == kind and fact["clients"] == CROWD)
        ratio, p99 = crowd["of_bare"], crowd["p99_ms"]
        ratios = {fact["clients"]: fact["of_bare"] for fact in facts if fact["kind"] == kind}
        reached = ", ".join(f"{each:.2f} at {clients}" for clients, each in ratios.items())
        goals += [
            Goal(f"{kind} at least {EVERYWHERE} of bare", reached, min(ratios.values()) >= EVERYWHERE),
            Goal(f"{kind} at {CROWD} clients at least {GOAL_RATIO} of bare", f"{ratio:.2f}", ratio >= GOAL_RATIO),
            Goal(f"{kind} at {CROWD} clients, p99 at most {GOAL_MS} ms", f"{p99:.0f} ms", p99 <= GOAL_MS),
        ]
    return goals


def never_twice(twice: dict[str, int]) -> Goal:
    """Whether nothing came twice."""
    wrong = any(count for what, count in twice.items() if what not in ("numbers told", "calls told"))
    return Goal("nothing twice, nothing lost", ", ".join(f"{v:,} {k}" for k, v in twice.items()), not wrong)
