"""Topics of subscription: which picture a screen gets, by its name: "wall", "window:3", "ticket:<token>", "console:3".

A screen that speaks one language of many asks for "wall@fr": its picture has each text in that language and one more,
so that a picture is no larger however many languages the hall speaks.
"""

from typing import Any

from hallflow.config.texts import Texts
from hallflow.domain.refusals import Malformed, Unknown
from hallflow.hall import Hall
from hallflow.house import House
from hallflow.snapshots.console import console
from hallflow.snapshots.dashboard import dashboard
from hallflow.snapshots.public import kiosk, wall, window
from hallflow.snapshots.ticket import ticket
from hallflow.storage.log.ledger import IssuedTicket

Picture = dict[str, Any]
PUBLIC = frozenset({"kiosk", "wall", "window", "ticket"})


class Holders:
    """A cache of tickets by token, so that a phone's picture needs no database query."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._known: dict[str, IssuedTicket] = {}

    def held(self, hall: Hall, token: str) -> IssuedTicket:
        """The ticket of this token as it stands on the floor now."""
        known = self._known.get(token)
        if known is not None and known.day == hall.floor.day:
            now = hall.floor.tickets.get(known.ticket.number)
            if now is not None:
                return IssuedTicket(known.hall, known.day, token, now)
        found_in, held = self._house.held(token)
        if found_in is not hall:
            raise Unknown("no_such_token", field="screen")
        self._known[token] = held
        return held

    def called(self, hall: Hall, token: str) -> bool:
        """Whether this token's ticket is called now; False where the cache lacks it."""
        known = self._known.get(token)
        ticket = hall.floor.tickets.get(known.ticket.number) if known is not None else None
        return ticket is not None and ticket.state == "called"

    def forget(self, token: str) -> None:
        """Drop a ticket that nobody watches any more."""
        self._known.pop(token, None)


def plain(screen: str) -> str:
    """A screen's name without its language."""
    return screen.partition("@")[0]


def split(screen: str) -> tuple[str, str]:
    """A screen's kind and what it is about."""
    kind, _, about = plain(screen).partition(":")
    if kind not in PUBLIC | {"console", "dashboard"} or bool(about) != (kind in ("window", "ticket", "console")):
        raise Malformed("unknown_screen", field="screen", screen=kind)
    return kind, about


def draw(house: House, holders: Holders, hall: Hall, screen: str) -> Picture:
    """The whole present picture of a screen."""
    texts, language = house.installation.texts, screen.partition("@")[2]
    picture = _draw(house, holders, hall, screen)
    return in_language(picture, texts, language) if language in texts.codes else picture


def _draw(house: House, holders: Holders, hall: Hall, screen: str) -> Picture:
    scene = house.scene(hall)
    kind, about = split(screen)
    match kind:
        case "kiosk":
            return kiosk(scene)
        case "wall":
            return wall(scene)
        case "window":
            return window(scene, about)
        case "ticket":
            return ticket(scene, about, holders.held(hall, about).ticket)
        case "console":
            return console(scene, about)
        case _:
            return dashboard(scene)


def in_language(picture: Picture, texts: Texts, language: str) -> Picture:
    """The picture with its texts in this language and in the first other one, which boards show beside it."""
    spoken = set(texts.codes)
    wanted = (language, *[code for code in texts.codes if code != language][:1])

    def kept(value: Any) -> Any:
        if isinstance(value, dict):
            if value and value.keys() <= spoken and all(isinstance(text, str) for text in value.values()):
                # a stored text from when the hall had other languages may have neither
                return {code: value[code] for code in wanted if code in value} or value
            return {key: kept(inner) for key, inner in value.items()}
        return [kept(inner) for inner in value] if isinstance(value, list) else value

    drawn: Picture = kept(picture)
    return drawn
