"""What every request handler reaches for: the house, and the caller's language."""

from typing import cast

from flask import current_app, request

from hallflow.hall import Hall
from hallflow.house import House

KEY = "hallflow"


def house() -> House:
    """The installation this application serves."""
    return cast(House, current_app.extensions[KEY])


def hall_of(key: str) -> Hall:
    """The hall named in an address."""
    return house().hall(key)


def present_hall(key: str) -> Hall:
    """The hall named in an address, with what other processes have done to it: for whoever only looks."""
    hall = hall_of(key)
    hall.catch_up()
    return hall


def language() -> str:
    """What the caller reads: ?lang=, else what the browser prefers, else the house's own."""
    texts = house().installation.texts
    asked = request.args.get("lang")
    if asked in texts.codes:
        return str(asked)
    return request.accept_languages.best_match(texts.codes) or texts.first
