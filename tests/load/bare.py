"""The bare server ours is measured against: a Flask route with one durable INSERT, on the same gunicorn and the same database."""

import sys
from pathlib import Path
from typing import Any

from flask import Flask, request
from sqlalchemy import Column, Integer, MetaData, String, Table, insert

from hallflow.serving import Server
from hallflow.settings import Settings
from hallflow.storage.engine import Turns, open_engine
from tests.load.house import free_port

metadata = MetaData()
visits = Table("visits", metadata, Column("id", Integer, primary_key=True), Column("service", String, nullable=False))


def create_app(database: str) -> Flask:
    """POST /visits {"service"} -> 201 {"id", "service"}."""
    app = Flask(__name__)
    engine = open_engine(database)
    metadata.create_all(engine)
    turns = Turns(engine)

    @app.get("/")
    def home() -> dict[str, str]:
        return {"status": "ok"}

    @app.post("/visits")
    def visit() -> tuple[dict[str, Any], int]:
        service = request.get_json()["service"]
        # PostgreSQL lets all insert at once; ours take their hall's turn there, and that is counted against us
        with engine.begin() if engine.dialect.name == "postgresql" else turns.of("bare") as connection:
            done = connection.execute(insert(visits).values(service=service))
        return {"id": done.inserted_primary_key[0], "service": service}, 201

    return app


class Bare(Server):
    """Hallflow's gunicorn around it."""

    def load(self) -> Flask:
        """The application, built in the worker."""
        return create_app(self._settings.database_url)


def command(where: Path, database: str | None = None) -> tuple[list[str], int, dict[str, str]]:
    """How to start it on this folder or database, its port, and its environment."""
    port = free_port()
    environment = {
        "HALLFLOW_PORT": str(port),
        "HALLFLOW_DATA": str(where),
        "HALLFLOW_DATABASE_URL": database or f"sqlite:///{where}/bare.db",
    }
    return [sys.executable, "-m", "tests.load.bare"], port, environment


if __name__ == "__main__":
    Bare(Settings.from_env()).run()
