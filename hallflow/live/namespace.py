"""Subscription over Socket.IO: a screen names what it watches and is answered with the present picture."""

import threading
from typing import Any

from flask import request
from flask_socketio import Namespace, join_room, leave_room
from sqlalchemy.exc import DBAPIError

from hallflow.domain.refusals import Malformed, Refused
from hallflow.house import House
from hallflow.live.drawer import Drawer
from hallflow.live.lines import Lines
from hallflow.live.presence import Presence
from hallflow.live.screens import PUBLIC, plain, split
from hallflow.storage.records.screens import ScreenLine

SCREENS_AT_MOST = 8


class LiveNamespace(Namespace):  # type: ignore[misc]  # flask-socketio has no types
    """`watch {hall, screen, language?, device?}` -> {"picture"} or {"error"}; then `picture` whenever it changes."""

    def __init__(self, path: str, house: House, drawer: Drawer, lines: Lines, presence: Presence, may: Any) -> None:
        super().__init__(path)
        self.house = house
        self.drawer = drawer
        self.lines = lines
        self.presence = presence
        self._may = may
        self._watching: dict[str, set[tuple[str, str]]] = {}
        self._present: dict[tuple[str, str, str], ScreenLine] = {}
        self._guard = threading.Lock()

    def on_connect(self, auth: Any = None) -> None:
        """A screen has connected."""
        self.lines.opened(self._line(), request.environ)

    def on_watch(self, asked: Any = None) -> dict[str, Any]:
        """Subscribe to a screen of a hall."""
        sid: str = request.sid  # type: ignore[attr-defined]
        try:
            hall_key, screen = self._read(asked)
            hall = self.house.hall(hall_key)
            kind, about = split(screen)
            if kind not in PUBLIC and not self._may(hall_key, about or None, asked.get("token")):
                raise Refused("not_signed_in")
            with self._guard:
                mine = self._watching.setdefault(sid, set())
                before = [one for one in mine if one != (hall_key, screen) and _plain(one) == (hall_key, plain(screen))]
                if len(mine) - len(before) >= SCREENS_AT_MOST and (hall_key, screen) not in mine:
                    raise Refused("too_many_screens")
                mine.add((hall_key, screen))
            for _, other in before:
                # replaced by the same screen in this language
                self._leave(sid, hall_key, other)
                leave_room(room(hall_key, other))
            join_room(room(hall_key, screen))
            try:
                picture = self.drawer.watch(hall, screen, sid)
                self._is_here(sid, hall_key, plain(screen), asked.get("device"))
                return {"picture": picture}
            except Refused:
                self._leave(sid, hall_key, screen)
                leave_room(room(hall_key, screen))
                raise
        except Refused as fault:
            sentence = self.house.installation.texts.in_all(f"refused.{fault.code}", **fault.facts)
            return {"error": {"code": fault.code, "message": sentence}}
        except DBAPIError:
            # it stays subscribed, and is drawn as soon as the database is back
            sentence = self.house.installation.texts.in_all("refused.records_unreachable")
            return {"error": {"code": "records_unreachable", "message": sentence}}

    def on_disconnect(self, reason: str | None = None) -> None:
        """The connection has ended: drop its subscriptions."""
        sid: str = request.sid  # type: ignore[attr-defined]
        with self._guard:
            mine = self._watching.pop(sid, set())
        for hall, screen in mine:
            self.drawer.unwatch(hall, screen, sid)
        self._is_gone(sid, mine)
        self.lines.closed(self._line())

    def _is_here(self, sid: str, hall: str, screen: str, device: Any) -> None:
        with self._guard:
            known = (sid, hall, screen) in self._present or sid not in self._watching
        line = None if known else self.presence.came(hall, screen, device)
        if line is None:
            return
        with self._guard:
            self._present[sid, hall, screen] = line
            left = sid not in self._watching
        if left:
            # it has disconnected meanwhile
            self._is_gone(sid, {(hall, screen)})

    def _is_gone(self, sid: str, watched: set[tuple[str, str]]) -> None:
        with self._guard:
            lines = [self._present.pop((sid, *_plain(one)), None) for one in watched]
        self.presence.went(line for line in lines if line)

    def _read(self, asked: Any) -> tuple[str, str]:
        """The hall and the screen asked for, with its language where it has chosen one of many."""
        if not isinstance(asked, dict):
            raise Malformed("malformed", field="watch", what="watch")
        for name in ("hall", "screen"):
            if not isinstance(asked.get(name), str) or len(asked[name]) > 128:
                raise Malformed("missing_field", field=name, name=name)
        screen, language = plain(asked["screen"]), asked.get("language")
        spoken = language in self.house.installation.texts.codes
        return asked["hall"], f"{screen}@{language}" if spoken else screen

    def _line(self) -> str:
        """The Engine.IO id of this request's connection."""
        return str(self.socketio.server.manager.eio_sid_from_sid(request.sid, self.namespace))  # type: ignore[attr-defined]

    def _leave(self, sid: str, hall: str, screen: str) -> None:
        with self._guard:
            self._watching.get(sid, set()).discard((hall, screen))
        self.drawer.unwatch(hall, screen, sid)


def room(hall: str, screen: str) -> str:
    """The Socket.IO room of all connections that watch this screen."""
    return f"{hall}/{screen}"


def _plain(watched: tuple[str, str]) -> tuple[str, str]:
    """What is watched, without its language."""
    return watched[0], plain(watched[1])
