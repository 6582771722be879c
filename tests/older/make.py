"""The script that made the fixture `version_before.tar.xz`: a small installation, used with commit 6d82654.

It ran in a clone of that commit, set up by `make .venv/.dev .venv/.project node_modules/.ready`, so that the sample halls are
that version's, too, with this folder on its path:

    PYTHONPATH=<this project> .venv/bin/python -m tests.older.make .venv/bin/hallflow version_before.tar.xz

It uses the command line and the HTTP API alone. The secret in the archive was made for it and guards nothing else.
The next version that has to be opened by later ones gets an archive of its own, made the same way.
"""

import csv
import json
import shutil
import sys
import tarfile
import tempfile
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.older.installation import Halls, Installation
from tests.older.recording import record
from tests.servers import free_port

TUESDAY, WEDNESDAY = "2026-03-03", "2026-03-04"
ZONE = "+08:00"
STAFF = {
    "central": (("Ms. Fang", "manager"), ("Lin Tao", "clerk"), ("Gao Jie", "clerk"), ("Luo Yi", "clerk")),
    "county": (("Mr. Ma", "manager"), ("Li Mei", "clerk")),
}
CUSTOMERS = "card,phone,tier\n6600000001,,silver\n8800000002,13800138001,gold\n,13800138002,gold\n"
RETRIED, KEY = {"service": "bills", "language": "en", "visit": "e1b0c3a8-0001-4000-8000-000000000001"}, "once-and-again"
"""A wish whose answer got lost on its way: it is sent again after the upgrade."""
ANSWERS = {"phone": "13800138000", "matter": "invoice", "email": "somebody@example.com"}


def main(program: str, out: str) -> None:
    """Live it, stop it, and pack what is left in the folder."""
    with tempfile.TemporaryDirectory() as name:
        house = Installation([str(Path(program).absolute())], Path(name) / "installation")
        house.folder.mkdir()
        own_config(house.folder / "config")
        house.set_clock(f"{TUESDAY}T09:00{ZONE}")
        house.command("upgrade")
        house.command("check")
        pins = people(house)
        sessions: dict[str, str] = {}
        tuesday(house, pins, sessions)
        past(house)
        said = wednesday(house, pins, sessions)
        house.command("backup", house.folder / "backup.zip", "--with-secret")
        (house.folder / "said.json").write_text(json.dumps(said | {"pins": pins}, ensure_ascii=False))
        (house.folder / "server.log").unlink()
        with tarfile.open(out, "w:xz", preset=9) as packed:
            packed.add(house.folder, "installation", filter=anonymous)
    print(f"{out}: {Path(out).stat().st_size:,} bytes")


def anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Nothing of the machine that made it."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mtime = 0
    return member


# ---- what an installation is made of before the first customer comes ----


def own_config(folder: Path) -> None:
    """The sample halls as a company would have changed them."""
    shutil.copytree("config", folder)
    change(folder / "hallflow.toml", "Harmony Telecom", "Old Bridge Telecom")
    change(folder / "hallflow.toml", '# address = "https://hall.example.com"', 'address = "https://hall.example.com"')
    change(folder / "halls/central.toml", "City Centre Hall", "Old Bridge Hall")
    change(folder / "texts/en.toml", 'wait_none = "Hardly any wait"', 'wait_none = "No wait worth the name"')
    with (folder / "halls/county.toml").open("a") as rules:
        rules.write('estimator = "les"\n')


def change(file: Path, before: str, after: str) -> None:
    """One word for another, which must be there."""
    text = file.read_text()
    assert before in text, f"{file} has no {before}"
    file.write_text(text.replace(before, after))


def people(house: Installation) -> dict[str, list[str]]:
    """Staff and known customers; the PINs by hall, in the order of STAFF."""
    pins = {
        hall: [
            json.loads(house.command("staff", "add", "--hall", hall, "--name", name, "--role", role, "--json"))["pin"]
            for name, role in staff
        ]
        for hall, staff in STAFF.items()
    }
    file = house.folder.parent / "customers.csv"
    file.write_text(CUSTOMERS)
    house.command("customers", "import", file)
    return pins


def past(house: Installation) -> None:
    """Six days of another system's log."""
    columns = ("hall", "number", "service", "tier", "issued_at", "called_at", "ended_at", "counter", "outcome")
    file = house.folder.parent / "visits.csv"
    with file.open("w", newline="") as opened:
        rows = csv.writer(opened)
        rows.writerow(columns)
        for ahead in range(6):
            day = date(2026, 2, 24) + timedelta(days=ahead)
            for hall, visits, services in (("central", 18, "bills sim device"), ("county", 9, "bills sim broadband")):
                for n in range(visits):
                    rows.writerow(past_visit(hall, day, n, visits, services.split()))
    house.command("history", "import", file)


def past_visit(hall: str, day: date, n: int, visits: int, services: list[str]) -> list[Any]:
    """One of a day's visits, spread over its hours; nothing of it is drawn by chance."""
    issued = datetime.fromisoformat(f"{day}T09:00:00{ZONE}") + timedelta(minutes=n * 420 / visits)
    called = issued + timedelta(minutes=(n * 7 + day.day) % 19)
    ended = called + timedelta(minutes=3 + (n * 5 + day.day) % 11)
    service, tier = services[n % len(services)], "gold" if n % 6 == 0 else "standard"
    return [
        hall,
        f"H{n:03}",
        service,
        tier,
        issued.isoformat(),
        called.isoformat(),
        ended.isoformat(),
        n % 4 + 1,
        "served",
    ]


def worker(house: Installation, *jobs: str) -> None:
    """What the worker does by itself, done now."""
    for job in jobs:
        house.command("work", "--once", job)


# ---- two days ----


def sign_in(halls: Halls, pins: dict[str, list[str]], sessions: dict[str, str]) -> None:
    """The manager of each hall and a clerk at each of the first counters."""
    halls.sessions = sessions
    for hall, (manager, *clerks) in pins.items():
        halls.sign_in(hall, manager)
        for counter, pin in enumerate(clerks, 1):
            halls.sign_in(f"{hall}/{counter}", pin)
            halls.does(f"{hall}/{counter}", "open")


def tuesday(house: Installation, pins: dict[str, list[str]], sessions: dict[str, str]) -> None:
    """A morning of an hour or two, after which the hall has a day's track record."""
    house.set_clock(f"{TUESDAY}T09:30{ZONE}", 60)
    with house.running(free_port()) as halls:
        sign_in(halls, pins, sessions)
        clerks = [who for who in sessions if "/" in who]
        for n in range(24):
            for hall, services in (("central", ("bills", "sim", "bills")), ("county", ("bills",))):
                halls.take(hall, services[n % len(services)], **({"card": "8812345678"} if n % 5 == 0 else {}))
            if n in (4, 14):
                worker(house, "outlook")
            for who in clerks[n % 2 :: 2]:
                serve(halls, who)
            time.sleep(1)
        for who in clerks * 6:
            serve(halls, who)


def serve(halls: Halls, who: str) -> None:
    """Finish whoever is there, and call the next."""
    seen = halls.ask("GET", f"/halls/{'/counters/'.join(who.split('/'))}", who=who)
    if seen["serving"]:
        halls.does(who, "finish", outcome="done")
        seen = halls.ask("GET", f"/halls/{'/counters/'.join(who.split('/'))}", who=who)
    if "call-next" in seen["can"]:
        halls.does(who, "call-next")
        halls.does(who, "arrived")


def wednesday(house: Installation, pins: dict[str, list[str]], sessions: dict[str, str]) -> dict[str, Any]:
    """A day in its middle, with a ticket in every state; what the halls said of it when it was stopped."""
    house.set_clock(f"{WEDNESDAY}T09:50{ZONE}", 20)
    worker(house, "history", "learn", "model", "calibrate", "forecast")
    house.set_clock(f"{WEDNESDAY}T10:00{ZONE}", 20)
    with house.running(free_port()) as halls:
        sign_in(halls, pins, sessions)
        halls.does("central/3", "close")
        tickets = every_state(halls)
        for _ in range(16):
            halls.take("central", "bills")
        worker(house, "outlook")
        advised(halls)
    house.command("roster", "make", "--hall", "county", "--week", WEDNESDAY, "--greedy")
    worker(house, "requirement", "outlook", "calibrate", "forecast")
    with house.running(free_port()) as halls:
        at = halls.talk.get(f"{halls.url}/api/v1/halls/central").json()["at"]
    # the same moment for the old program and, afterwards, for the new one
    house.set_clock(at)
    with house.running(free_port()) as halls:
        halls.sessions = sessions
        more = {"at": at, "sessions": sessions, "retried": {"key": KEY, "body": RETRIED}}
        return record(house, halls, tickets) | more


def every_state(halls: Halls) -> dict[str, str]:
    """Tokens by what became of the ticket."""
    tickets = {}

    def taken(name: str, hall: str = "central", service: str = "bills", **more: Any) -> str:
        tickets[name] = str(halls.take(hall, service, **more)["token"])
        return tickets[name]

    def attended(who: str = "central/1") -> None:
        halls.does(who, "call-next")
        halls.does(who, "arrived")

    halls.ask("PUT", f"/tickets/{taken('prefilled and served')}/prefill", {"answers": ANSWERS})
    attended()
    halls.does("central/1", "finish", outcome="done")
    halls.ask("POST", f"/tickets/{tickets['prefilled and served']}/feedback", {"stars": 5})
    taken("missed")
    halls.does("central/1", "call-next")
    halls.does("central/1", "miss")
    taken("parked")
    attended()
    halls.does("central/1", "park")
    taken("transferred")
    attended()
    halls.does("central/1", "transfer", service="sim", note="Has shown the passport")
    halls.ask("POST", f"/tickets/{taken('left')}/leave", {})
    taken("serving", card="8800000002")
    halls.ask("PUT", f"/tickets/{tickets['serving']}/prefill", {"answers": ANSWERS})
    attended()
    taken("called", phone="13800138002")
    halls.does("central/2", "call-next")
    tickets["waiting"] = halls.ask("POST", "/halls/central/tickets", RETRIED, key=KEY)["token"]
    halls.ask("PUT", f"/tickets/{tickets['waiting']}/prefill", {"answers": {"matter": "pay"}})
    halls.ask("POST", f"/tickets/{taken('deferred')}/defer", {"places": 2})
    taken("of several services", service=None, services=["bills", "device"])
    taken("county waiting", "county", "broadband")
    taken("county serving", "county")
    attended("county/1")
    return tickets


def advised(halls: Halls) -> None:
    """The manager takes one advice and leaves another, as far as there are any."""
    given = halls.ask("POST", "/halls/central/advice", {}, "central")["advice"]
    proposed = [one["id"] for one in given if one["state"] == "proposed"]
    assert proposed, given
    halls.ask("POST", f"/halls/central/advice/{proposed[0]}/accept", {}, "central")
    for one in proposed[1:2]:
        halls.ask("POST", f"/halls/central/advice/{one}/decline", {"reason": "No clerk is free"}, "central")


if __name__ == "__main__":
    main(*sys.argv[1:])
