"""All halls of this installation and what they share: what every edge is handed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Engine

from hallflow.config import Installation
from hallflow.domain.refusals import Refused, Unknown
from hallflow.hall import Hall, Ticks
from hallflow.settings import Settings
from hallflow.snapshots.scene import Scene
from hallflow.storage import ledger, outlooks
from hallflow.storage.engine import Turns
from hallflow.storage.ledger import Held
from hallflow.storage.vault import Vault

TOKEN_DAYS = 1


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
        """The hall of this key."""
        found = self.halls.get(key)
        if found is None:
            raise Unknown("no_hall", field="hall", hall=key)
        return found

    def scene(self, hall: Hall) -> Scene:
        """The hall at this instant, ready to be drawn."""
        texts, clock = self.installation.texts, hall.clock
        return Scene(hall.floor, hall.plan, hall.outlook, texts, clock.now(), clock.pace, self.settings.demo)

    def held(self, token: str) -> tuple[Hall, Held]:
        """The ticket of this token as it is now; refuses a token nobody was given, or of another day."""
        with self.engine.connect() as connection:
            held = ledger.held_by_token(connection, token)
        if held is None:
            raise Unknown("no_such_token", field="token")
        hall = self.hall(held.hall)
        if self.clock.now() - held.ticket.issued_at > timedelta(days=TOKEN_DAYS):
            raise Refused("token_expired", field="token", number=held.ticket.number)
        return hall, held

    def refresh_outlooks(self) -> list[Hall]:
        """Take over outlooks that the worker has drawn since; the halls that have a new one."""
        with self.engine.connect() as connection:
            versions = outlooks.versions(connection)
            newer = [h for h in self.halls.values() if versions.get(h.key, 0) > h.outlook_version]
            for hall in newer:
                hall.outlook_version, hall.outlook = outlooks.read(connection, hall.key)
        return newer
