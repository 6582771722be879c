"""Personal data, apart from the log, which has none: customers' tiers, staff accounts and prefilled answers."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select

from hallflow.storage.database.prepared import Prepared
from hallflow.storage.database.putting import put
from hallflow.storage.tables import customers, prefills, staff

# built once, because building a query takes longer than executing it
_TIER = Prepared(lambda _: select(customers.c.tier).where(customers.c.digest == bindparam("digest")))
_PREFILL = select(prefills).where(prefills.c.token == bindparam("token"), prefills.c.form == bindparam("form"))


@dataclass(frozen=True, slots=True)
class Staff:
    """A staff account."""

    id: str
    hall: str
    name: str
    role: str
    pin_hash: str


@dataclass(frozen=True, slots=True)
class Prefill:
    """The encrypted answers to one form."""

    sealed: bytes
    accepted: bool
    filled: int


def known_tier(connection: Connection, digest: str) -> str | None:
    """The tier of this card or phone number in the register."""
    row = _TIER.row(connection, {"digest": digest})
    return row[0] if row else None


def keep_customers(connection: Connection, rows: Iterable[tuple[str, str]]) -> int:
    """Add or update digests and their tiers; gives how many."""
    values = [{"digest": digest, "tier": tier} for digest, tier in rows]
    put(connection, customers, *values)
    return len(values)


def staff_of(connection: Connection, hall: str) -> list[Staff]:
    """All staff accounts of a hall."""
    rows = connection.execute(select(staff).where(staff.c.hall == hall).order_by(staff.c.id))
    return [Staff(row.id, row.hall, row.name, row.role, row.pin_hash) for row in rows]


def keep_staff(connection: Connection, person: Staff) -> None:
    """Add a staff account, or change its name, role or PIN."""
    put(connection, staff, asdict(person))


def prefill_of(connection: Connection, token: str, form: str) -> Prefill | None:
    """The answers a ticket's holder has given to this form."""
    row = connection.execute(_PREFILL, {"token": token, "form": form}).one_or_none()
    return Prefill(row.answers, row.accepted, row.filled) if row else None


def keep_prefill(connection: Connection, token: str, form: str, prefill: Prefill, now: datetime) -> None:
    """Replace the encrypted answers to a form."""
    stored = {"answers": prefill.sealed, "accepted": prefill.accepted, "filled": prefill.filled, "saved_at": now}
    put(connection, prefills, {"token": token, "form": form} | stored)


def forget_prefills(connection: Connection, before: datetime) -> int:
    """Delete answers saved before this moment; gives how many."""
    return connection.execute(delete(prefills).where(prefills.c.saved_at < before)).rowcount
