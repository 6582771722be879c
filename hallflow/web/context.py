"""The context of a request: the installation, the hall of the address, and the caller's language."""

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
    """The hall named in an address, with other processes' changes read in: for handlers that only read."""
    hall = hall_of(key)
    hall.catch_up()
    return hall


def language() -> str:
    """Language negotiation: ?lang=, else Accept-Language, else the installation's first."""
    texts = house().installation.texts
    asked = request.args.get("lang")
    if asked in texts.codes:
        return str(asked)
    return request.accept_languages.best_match(texts.codes) or texts.first
