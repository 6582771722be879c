"""The reference server for comparison: a Flask route that commits one durable INSERT, on the same gunicorn and database."""

import sys
import threading
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from flask import Flask, request
from sqlalchemy import Column, Integer, MetaData, String, Table, insert

from bench.rig.house import free_port
from hallflow.serving import Server, settle
from hallflow.settings import Settings
from hallflow.storage.database.engine import begin_to_write, open_engine

metadata = MetaData()
visits = Table("visits", metadata, Column("id", Integer, primary_key=True), Column("service", String, nullable=False))


def create_app(database: str) -> Flask:
    """POST /visits {"service"} -> 201 {"id", "service"}."""
    app = Flask(__name__)
    engine = open_engine(database)
    metadata.create_all(engine)
    # SQLite has one writer: waiting for it by its own means is slower and unfair; PostgreSQL lets all insert at once
    turn = nullcontext() if engine.dialect.name == "postgresql" else threading.Lock()

    @app.get("/")
    def home() -> dict[str, str]:
        return {"status": "ok"}

    @app.post("/visits")
    def visit() -> tuple[dict[str, Any], int]:
        service = request.get_json()["service"]
        with turn, engine.connect() as connection:
            begin_to_write(connection)
            [key] = connection.execute(insert(visits).values(service=service)).inserted_primary_key or (None,)
            connection.commit()
        return {"id": key, "service": service}, 201

    return app


class Bare(Server):
    """Hallflow's gunicorn around it."""

    def load(self) -> Flask:
        """The application, built in the worker."""
        app = create_app(self._settings.database_url)
        settle()
        return app


def command(where: Path, database: str | None = None) -> tuple[list[str], int, dict[str, str]]:
    """How to start it on this folder or database, its port, and its environment."""
    port = free_port()
    environment = {
        "HALLFLOW_PORT": str(port),
        "HALLFLOW_DATA": str(where),
        "HALLFLOW_DATABASE_URL": database or f"sqlite:///{where}/bare.db",
    }
    return [sys.executable, "-m", "bench.rig.bare"], port, environment


if __name__ == "__main__":
    Bare(Settings.from_env()).run()
