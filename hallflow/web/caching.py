"""HTTP caching of what pages are built from: validators made of content (RFC 9110, 8.8), and a way out for pages of another version.

A browser asks at every load whether each module it keeps is still the one (`no-cache`), so a page never mixes versions. It is
told so by what is in the file: a file's time and size, the usual validator, may be the same in two versions. What is kept for a
week without asking, the browser's libraries, has its content's digest in the address that pages name.

A page that is brought back out of the browser's memory may still ask for a module that has moved since. It is answered with
one that loads the page anew.
"""

import hashlib
from functools import lru_cache, partial
from pathlib import Path

from flask import Flask, Response, abort, send_file
from werkzeug.security import safe_join

RENEW = Path(__file__).parent / "static/house/renew.js"


def keep_by_content(app: Flask) -> None:
    """Send the static files of every blueprint with validators made of their content."""
    for name, blueprint in app.blueprints.items():
        if blueprint.static_folder is not None:
            app.view_functions[f"{name}.static"] = partial(_send, blueprint.static_folder)


def _send(folder: str, filename: str) -> Response:
    found = safe_join(folder, filename)
    if found is not None and Path(found).is_file():
        return send_file(found, etag=digest(Path(found)))
    if not filename.endswith(".js"):
        abort(404)
    renewing = send_file(RENEW, mimetype="text/javascript", etag=False, conditional=False)
    renewing.headers["Cache-Control"] = "no-store"
    return renewing


def digest(file: Path) -> str:
    """By what the content of a file is known."""
    state = file.stat()
    # a file that is changed while the program runs, as at work on a page, is read again
    return _digest(file, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=1024)
def _digest(file: Path, _changed: int, _size: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:16]
