"""The schema of a hall's tables: what queries need is a column, the rest of a ticket is JSON."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC moment; SQLite, which has no time zones, stores it as naive UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert an aware moment for the database."""
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Convert a stored moment into an aware one."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


CLUSTERED: dict[str, Any] = {"sqlite_with_rowid": False}
"""On SQLite a row is stored in the tree of its primary key: one page fewer to write and sync for each change."""

halls = Table(
    "halls",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("day", Date, nullable=False),
    Column("day_seq", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    **CLUSTERED,
)

events = Table(
    "events",
    metadata,
    Column("hall", String(64), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("ticket", String(16)),
    Column("counter", String(32)),
    Column("data", JSON, nullable=False),
    Column("hash", String(64), nullable=False),
    **CLUSTERED,
)

tickets = Table(
    "tickets",
    metadata,
    Column("hall", String(64), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("number", String(16), primary_key=True),
    Column("token", String(32), nullable=False, unique=True),
    Column("visit", String(64)),
    Column("state", String(16), nullable=False),
    Column("tier", String(32), nullable=False),
    Column("service", String(32), nullable=False),
    Column("counter", String(32)),
    Column("issued_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("body", JSON, nullable=False),
    UniqueConstraint("hall", "visit"),
    **CLUSTERED,
)

past_tickets = Table(
    "past_tickets",
    metadata,
    Column("hall", String(64), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("number", String(16), primary_key=True),
    Column("token", String(32), nullable=False),
    Column("visit", String(64)),
    Column("state", String(16), nullable=False),
    Column("tier", String(32), nullable=False),
    Column("service", String(32), nullable=False),
    Column("counter", String(32)),
    Column("issued_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("body", JSON, nullable=False),
    Index(None, "token"),
    **CLUSTERED,
)
"""Archived tickets of closed days whose tokens have expired: the live hall never reads or changes them."""

counters = Table(
    "counters",
    metadata,
    Column("hall", String(64), primary_key=True),
    Column("key", String(32), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("since", UtcDateTime),
    Column("clerk", String(64)),
    Column("reason", String(32)),
    Column("back_at", UtcDateTime),
    Column("services", JSON, nullable=False),
    Column("ticket", String(16)),
    Column("free_since", UtcDateTime),
    **CLUSTERED,
)

prefills = Table(
    "prefills",
    metadata,
    Column("token", String(32), primary_key=True),
    Column("form", String(64), primary_key=True),
    Column("answers", LargeBinary, nullable=False),
    Column("accepted", Boolean, nullable=False),
    Column("filled", Integer, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
    Index(None, "saved_at"),
    **CLUSTERED,
)

customers = Table(
    "customers",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("tier", String(32), nullable=False),
)

staff = Table(
    "staff",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("hall", String(64), nullable=False),
    Column("name", String(128), nullable=False),
    Column("role", String(16), nullable=False),
    Column("pin_hash", String(255), nullable=False),
    Index(None, "hall"),
)

visits = Table(
    "visits",
    metadata,
    Column("hall", String(64), primary_key=True),
    Column("issued_at", UtcDateTime, primary_key=True),
    Column("number", String(16), primary_key=True),
    Column("leg", Integer, primary_key=True, autoincrement=False),
    Column("day", Date, nullable=False),
    Column("service", String(32), nullable=False),
    Column("tier", String(32), nullable=False),
    Column("called_at", UtcDateTime),
    Column("arrived_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("counter", String(32)),
    Column("outcome", String(32), nullable=False),
    Column("prefilled", Boolean, nullable=False),
    # the promise at issue, the benchmark predictions stored with it, and the actual wait; minutes
    Column("low", Integer),
    Column("likely", Integer),
    Column("high", Integer),
    Column("first_wait", Float),
    Column("ahead", Integer),
    Column("typical", Float),
    Column("les", Float),
    Column("queue", Float),
    Column("twin_low", Float),
    Column("twin_likely", Float),
    Column("twin_high", Float),
    Index(None, "hall", "day"),
)

day_sums = Table(
    "day_sums",
    metadata,
    Column("hall", String(64), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("visits", Integer, nullable=False),
    Column("cells", JSON, nullable=False),
)
"""The sums of a closed day by service, tier and quarter-hour, once all its visits are stored."""

readings = Table(
    "readings",
    metadata,
    Column("hall", String(64), primary_key=True),
    Column("service", String(32), primary_key=True),
    Column("at", UtcDateTime, primary_key=True),
    Column("open", Integer, nullable=False),
)


screens = Table(
    "screens",
    metadata,
    Column("hall", String(64), primary_key=True),
    Column("screen", String(64), primary_key=True),
    Column("device", String(32), primary_key=True),
    Column("server", String(16), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("connected", Boolean, nullable=False),
    **CLUSTERED,
)
"""The presence of kiosks, walls and window screens, shared by all servers."""


answered = Table(
    "answered",
    metadata,
    Column("key", String(192), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("day", Date, nullable=False),
    Column("number", String(16)),
    Column("at", UtcDateTime, nullable=False),
    **CLUSTERED,
)
