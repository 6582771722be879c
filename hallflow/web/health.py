"""What operators and monitors ask: alive, ready, and the figures."""

from typing import Any

from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy import text

from hallflow.web.context import house

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@blueprint.get("/readyz")
def readyz() -> dict[str, Any]:
    """The database answers too."""
    with house().engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    return {"status": "ready", "halls": list(house().halls)}


@blueprint.get("/metrics")
def metrics() -> Response:
    """The halls' figures for Prometheus: counts only, nobody's number."""
    registry = CollectorRegistry()
    waiting = Gauge("hallflow_waiting", "People waiting", ["hall"], registry=registry)
    counters = Gauge("hallflow_counters_open", "Counters open", ["hall"], registry=registry)
    seq = Gauge("hallflow_seq", "Entries of the hall's log", ["hall"], registry=registry)
    issued = Gauge("hallflow_issued_today", "Numbers given out today", ["hall"], registry=registry)
    served = Gauge("hallflow_served_today", "Visits finished today", ["hall"], registry=registry)
    for hall in house().halls.values():
        floor = hall.floor
        waiting.labels(hall.key).set(floor.waiting_count())
        counters.labels(hall.key).set(len(floor.open_counters()))
        seq.labels(hall.key).set(floor.seq)
        issued.labels(hall.key).set(floor.tally.issued)
        served.labels(hall.key).set(floor.tally.served)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
