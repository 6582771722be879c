"""The tables of the worker's results: outlooks, fitted parameters, models, requirements, forecasts, rosters, advice, job runs."""

from sqlalchemy import JSON, Boolean, Column, Date, Float, Index, Integer, String, Table

from hallflow.storage.tables import CLUSTERED, UtcDateTime, metadata

outlooks = Table(
    "outlooks",
    metadata,
    Column("hall", String(64), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("data", JSON, nullable=False),
)


learned = Table(
    "learned",
    metadata,
    Column("hall", String(64), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("data", JSON, nullable=False),
)


models = Table(
    "models",
    metadata,
    Column("hall", String(64), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("data", JSON, nullable=False),
)


calibrations = Table(
    "calibrations",
    metadata,
    Column("hall", String(64), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("data", JSON, nullable=False),
)


requirements = Table(
    "requirements",
    metadata,
    Column("hall", String(64), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("data", JSON),
)


forecasts = Table(
    "forecasts",
    metadata,
    Column("hall", String(64), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("made", String(16), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("data", JSON, nullable=False),
    Column("came", JSON(none_as_null=True)),
)
"""The arrival forecasts of a day, made at opening and at noon, and once the day is closed the actual arrivals."""


rosters = Table(
    "rosters",
    metadata,
    Column("hall", String(64), primary_key=True),
    Column("week", Date, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("data", JSON, nullable=False),
)


rosters_asked = Table(
    "rosters_asked",
    metadata,
    Column("hall", String(64), primary_key=True),
    Column("week", Date, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("days_known", Integer, nullable=False),
    Column("failed", Boolean, nullable=False),
)


advice = Table(
    "advice",
    metadata,
    Column("hall", String(64), primary_key=True),
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("day", Date, nullable=False),
    Column("state", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("data", JSON, nullable=False),
    Index(None, "hall", "day"),
    **CLUSTERED,
)
"""The staffing recommendations of a hall, the manager's decisions, and the measured effects."""


job_runs = Table(
    "job_runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("job", String(32), nullable=False),
    Column("hall", String(64)),
    Column("started_at", UtcDateTime, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("fault", String(255)),
    Index(None, "job", "started_at"),
)
