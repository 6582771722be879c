"""The running installation: all halls and their shared services, as passed to the web, the jobs and the CLI."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Engine

from hallflow.config import Installation
from hallflow.domain.refusals import Refused, Unknown
from hallflow.domain.screens import silent
from hallflow.hall import Hall, Ticks
from hallflow.settings import Settings
from hallflow.snapshots.scene import Scene
from hallflow.storage.log import ledger
from hallflow.storage.log.ledger import IssuedTicket
from hallflow.storage.records import advices, outlooks, people, screens
from hallflow.storage.records.people import Staff
from hallflow.storage.secrets import Vault
from hallflow.storage.turns import Turns

TOKEN_DAYS = 1
LEAST_BEAT = 5.0
MISSED_BEATS = 2.5
"""After so many missed heartbeats a server's screens count as unknown."""
DEMO_PINS = {"clerk": "1111", "manager": "9999"}
DEMO_NAMES = ("王芳", "李娜", "张伟", "刘洋", "陈静", "杨帆", "赵敏", "黄磊", "周婷", "吴昊", "徐莉", "孙鹏")


def beat_seconds(pace: float) -> float:
    """The interval of a server's heartbeat for its screens, in real seconds: a minute of the hall's clock."""
    return max(60 / pace, LEAST_BEAT)


def demo_staff(hall: Hall, counter: str | None) -> Staff:
    """The staff account of a sample hall's counter or, without a counter, of its manager; for demo mode only."""
    if counter is None:
        return Staff("demo-manager", hall.key, "何经理", "manager", "")
    place = list(hall.plan.counters).index(counter)
    return Staff(f"demo-{counter}", hall.key, DEMO_NAMES[place % len(DEMO_NAMES)], "clerk", "")


@dataclass(frozen=True, slots=True)
class House:
    """One running installation."""

    settings: Settings
    installation: Installation
    engine: Engine
    turns: Turns
    clock: Ticks
    vault: Vault
    halls: Mapping[str, Hall]

    def hall(self, key: str) -> Hall:
        """The hall with this key."""
        hall = self.halls.get(key)
        if hall is None:
            raise Unknown("no_hall", field="hall", hall=key)
        return hall

    def scene(self, hall: Hall) -> Scene:
        """The present scene of a hall, from which its pictures are drawn."""
        texts, clock = self.installation.texts, hall.clock
        demo = self.settings.demo
        floor, now = hall.floor, clock.now()
        # no wait may be negative, even if the clock was set back
        now = max(now, floor.moment or now)
        missing = silent(hall.screens, hall.plan, hall.heard_since, now)
        return Scene(floor, hall.plan, hall.outlook, hall.staff, texts, now, clock.pace, demo, hall.advice, missing)

    def held(self, token: str) -> tuple[Hall, IssuedTicket]:
        """The present ticket of this access token; raises Refused for an unknown token or one of another day."""
        with self.engine.connect() as connection:
            held = ledger.held_by_token(connection, token)
        if held is None:
            raise Unknown("no_such_token", field="token")
        hall = self.hall(held.hall)
        if self.clock.now() - held.ticket.issued_at > timedelta(days=TOKEN_DAYS):
            raise Refused("token_expired", field="token", number=held.ticket.number)
        return hall, held

    def read_staff(self, hall: Hall) -> list[Staff]:
        """All staff accounts of a hall; their names are cached for its pictures."""
        with self.engine.connect() as connection:
            staff = people.staff_of(connection, hall.key)
        if self.settings.demo:
            staff += [demo_staff(hall, counter) for counter in (*hall.plan.counters, None)]
        hall.staff = {somebody.id: somebody.name for somebody in staff}
        return staff

    def read_advice(self, hall: Hall) -> None:
        """Update the hall's advice from the database."""
        with self.engine.connect() as connection:
            hall.advice = advices.today(connection, hall.key, hall.floor.day)

    def read_screens(self, hall: Hall) -> None:
        """Update the presence of the hall's screens, as seen by all servers, from the database."""
        stale = hall.clock.now() - timedelta(seconds=MISSED_BEATS * beat_seconds(hall.clock.pace) * hall.clock.pace)
        with self.engine.connect() as connection:
            hall.screens = screens.seen(connection, hall.key, stale)

    def look_around(self) -> list[Hall]:
        """Update from the database what other processes have changed, halls and outlooks; gives the halls that changed."""
        with self.engine.connect() as connection:
            heads = ledger.heads(connection)
            versions = outlooks.versions(connection)
            redrawn = [h for h in self.halls.values() if versions.get(h.key, 0) > h.outlook_version]
            for hall in redrawn:
                hall.outlook_version, hall.outlook = outlooks.read(connection, hall.key)
            advised_to = advices.versions(connection, {h.key: h.floor.day for h in self.halls.values()})
            advised = [h for h in self.halls.values() if advised_to.get(h.key, 0) != h.advice.version]
        for hall in advised:
            self.read_advice(hall)
        moved = [h for h in self.halls.values() if heads.get(h.key, h.floor.seq) != h.floor.seq and h.catch_up()]
        for hall in moved:
            if any(c.clerk is not None and c.clerk not in hall.staff for c in hall.floor.counters.values()):
                self.read_staff(hall)
        return list({hall.key: hall for hall in (*redrawn, *advised, *moved)}.values())
