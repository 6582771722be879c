"""Customers' tiers, staff and prefilled answers: rows about people, apart from the log that holds none."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select

from hallflow.storage.database.prepared import Prepared
from hallflow.storage.database.putting import put
from hallflow.storage.tables import customers, prefills, staff

# built once: building a query costs more than asking it
_TIER = Prepared(lambda _: select(customers.c.tier).where(customers.c.digest == bindparam("digest")))
_PREFILL = select(prefills).where(prefills.c.token == bindparam("token"), prefills.c.form == bindparam("form"))


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who works in a hall."""

    id: str
    hall: str
    name: str
    role: str
    pin_hash: str


@dataclass(frozen=True, slots=True)
class Prefill:
    """The sealed answers to one form."""

    sealed: bytes
    accepted: bool
    filled: int


def known_tier(connection: Connection, digest: str) -> str | None:
    """The tier the register has for this card or phone."""
    row = _TIER.row(connection, {"digest": digest})
    return row[0] if row else None


def keep_customers(connection: Connection, rows: Iterable[tuple[str, str]]) -> int:
    """Add or change digests and their tiers; how many."""
    values = [{"digest": digest, "tier": tier} for digest, tier in rows]
    put(connection, customers, *values)
    return len(values)


def staff_of(connection: Connection, hall: str) -> list[Staff]:
    """Everybody who works in a hall."""
    found = connection.execute(select(staff).where(staff.c.hall == hall).order_by(staff.c.id))
    return [Staff(row.id, row.hall, row.name, row.role, row.pin_hash) for row in found]


def keep_staff(connection: Connection, person: Staff) -> None:
    """Add somebody, or change their name, role or PIN."""
    put(connection, staff, asdict(person))


def prefill_of(connection: Connection, token: str, form: str) -> Prefill | None:
    """The answers a ticket's holder has given to this form."""
    row = connection.execute(_PREFILL, {"token": token, "form": form}).one_or_none()
    return Prefill(row.answers, row.accepted, row.filled) if row else None


def keep_prefill(connection: Connection, token: str, form: str, prefill: Prefill, now: datetime) -> None:
    """Store sealed answers in place of earlier ones."""
    told = {"answers": prefill.sealed, "accepted": prefill.accepted, "filled": prefill.filled, "saved_at": now}
    put(connection, prefills, {"token": token, "form": form} | told)


def forget_prefills(connection: Connection, before: datetime) -> int:
    """Delete answers saved before this moment; how many."""
    return connection.execute(delete(prefills).where(prefills.c.saved_at < before)).rowcount
