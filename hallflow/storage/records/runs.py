"""The log of job runs: when each job last ran, how long it took, and its error."""

from datetime import datetime

from sqlalchemy import Connection, insert, select

from hallflow.storage.worker_tables import job_runs


def keep(connection: Connection, job: str, at: datetime, seconds: float, fault: str | None) -> None:
    """Store a run of a job."""
    connection.execute(insert(job_runs).values(job=job, hall=None, started_at=at, seconds=seconds, fault=fault))


def last(connection: Connection, job: str) -> tuple[datetime, float, str | None] | None:
    """When a job last ran, for how long, and its error."""
    query = select(job_runs).where(job_runs.c.job == job).order_by(job_runs.c.started_at.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return (row.started_at, row.seconds, row.fault) if row else None
