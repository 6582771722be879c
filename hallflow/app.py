"""The composition root: the only place where the packages of the program are wired to each other."""

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import structlog
from flask_openapi3 import Info, OpenAPI
from flask_socketio import SocketIO
from werkzeug.middleware.proxy_fix import ProxyFix

from hallflow import clock as clocks
from hallflow import config
from hallflow.console import blueprint as console_pages
from hallflow.domain.plan import Plan
from hallflow.hall import Hall, Ticks
from hallflow.house import House
from hallflow.live import Drawer, Hints, Lines, LiveNamespace, Presence
from hallflow.live.namespace import room
from hallflow.operations.floor.days import begin_day
from hallflow.settings import Settings
from hallflow.storage.database.engine import open_engine
from hallflow.storage.secrets import Vault
from hallflow.storage.turns import Turns
from hallflow.storage.upgrade import WrongVersion, check_version
from hallflow.web import counters, errors, halls, health, manager, pages, prefill, replays, rights, session, tickets
from hallflow.web.caching import keep_by_content
from hallflow.web.context import KEY

DRAWER = "hallflow.drawer"
PRESENCE = "hallflow.presence"
API = (halls, tickets, prefill, session, counters, manager, replays)


def open_house(settings: Settings, clock: Ticks | None = None) -> House:
    """Read the configuration, connect to the database, and open every hall in the state of its log."""
    installation = config.load(settings.config, demo=settings.demo)
    engine = open_engine(settings.database_url)
    try:
        check_version(engine)
    except WrongVersion:
        engine.dispose()
        raise
    turns = Turns(engine)
    ticks = clock or clocks.from_env(os.environ)
    halls = {key: _open_hall(plan, turns, ticks) for key, plan in installation.plans.items()}
    house = House(settings, installation, engine, turns, ticks, Vault(settings.secret), halls)
    for hall in halls.values():
        house.read_staff(hall)
    house.look_around()
    return house


def _open_hall(plan: Plan, turns: Turns, clock: Ticks) -> Hall:
    hall = Hall(plan, turns, clock)
    begin_day(hall)
    return hall


def create_app(house: House) -> tuple[OpenAPI, SocketIO]:
    """The web application of a house: API, pages and push."""
    app = OpenAPI(
        "hallflow",
        info=Info(title="Hallflow", version="1"),
        doc_ui=True,
        doc_prefix="/api/v1",
        validation_error_callback=errors.malformed,
        validation_error_status=400,
        static_folder=None,
    )
    app.config["MAX_CONTENT_LENGTH"] = 256 * 1024
    app.json.sort_keys = False  # type: ignore[attr-defined]
    # Chinese unescaped takes half the bytes
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions[KEY] = house
    app.extensions[rights.KEY] = rights.Door(house.settings.secret)
    errors.watch_for_faults(app)
    pages.furnish(app)
    for rooms in API:
        app.register_api(rooms.blueprint)
    for blueprint in (pages.blueprint, health.blueprint, console_pages, *_public_pages()):
        app.register_blueprint(blueprint)
    keep_by_content(app)
    socketio = _live(app, house)
    if house.settings.proxies:
        # wrong PINs are counted by address, and without this everybody behind the proxy would share one
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=house.settings.proxies, x_proto=0, x_host=0
        )
    return app, socketio


def open_app(settings: Settings) -> OpenAPI:
    """The application of a server process: open halls, and screens that receive updates."""
    house = open_house(settings)
    app, _ = create_app(house)
    drawer: Drawer = app.extensions[DRAWER]
    drawer.start()
    if settings.redis_url:
        share_changes(house, settings.redis_url, drawer.hint, [drawer.tell])
    return app


def share_changes(
    house: House, redis_url: str, on_hint: Callable[[], None], notify: Sequence[Callable[[Hall], None]] = ()
) -> Hints:
    """Exchange change notifications with the other processes."""
    hints = Hints(redis_url, on_hint)

    def changed(hall: Hall) -> None:
        for each in notify:
            each(hall)
        hints.tell(hall.key)

    for hall in house.halls.values():
        hall.on_change = changed
    hints.start()
    return hints


def _public_pages() -> Iterable[Any]:
    from display import blueprint as display_pages
    from kiosk import blueprint as kiosk_pages

    return kiosk_pages, display_pages


def _live(app: OpenAPI, house: House) -> SocketIO:
    socketio = SocketIO(
        app,
        async_mode="threading",
        transports=["websocket"],
        cors_allowed_origins=None,
        ping_interval=20,
        ping_timeout=20,
        json=app.json,
    )

    def send(hall: str, screen: str, picture: dict[str, Any]) -> None:
        socketio.emit("picture", picture, namespace="/live", to=room(hall, screen))
        lines.cut_the_deaf()

    def adrift() -> None:
        socketio.emit("adrift", namespace="/live")

    def may(hall: str, counter: str | None, token: str | None) -> bool:
        from flask import request

        person = rights.door().person(token or request.cookies.get(rights.COOKIE))
        return rights.may_see(person, hall, counter)

    lines = Lines(socketio.server.eio)
    drawer = Drawer(house, send, adrift)
    for hall in house.halls.values():
        hall.on_change = drawer.tell
    presence = Presence(house, drawer.note_screens)
    socketio.on_namespace(LiveNamespace("/live", house, drawer, lines, presence, may))
    app.extensions[DRAWER], app.extensions[PRESENCE] = drawer, presence
    app.wsgi_app = _PlainSockets(app.wsgi_app)  # type: ignore[method-assign]
    return socketio


class _PlainSockets:
    """WSGI middleware that disables permessage-deflate, which triples a screen's memory and doubles its cost for small pictures."""

    def __init__(self, app: Callable[..., Any]) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        """Pass the request on without the browser's offer of compression."""
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        return self._app(environ, start_response)


def configure_log() -> None:
    """Configure structured logging: one line of JSON an event on standard error, without personal data."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
