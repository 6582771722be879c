"""HTTP caching of static files: entity tags are content hashes (RFC 9110, 8.8), and pages of another version reload themselves.

A browser revalidates each cached module at every load (`no-cache`), so a page never mixes versions. The entity tag is a content
hash, since a file's time and size, the usual tag, may be the same in two versions. The libraries, which a browser caches for
a week without revalidation, have their content hash in the address that pages name.

A page restored from the browser's back-forward cache may still request a module that has moved since. The answer is a module
that reloads the page.
"""

import hashlib
from functools import lru_cache, partial
from pathlib import Path

from flask import Flask, Response, abort, send_file
from werkzeug.security import safe_join

RENEW = Path(__file__).parent / "static/house/renew.js"


def keep_by_content(app: Flask) -> None:
    """Serve the static files of every blueprint with content hashes as entity tags."""
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
    """The content hash of a file."""
    state = file.stat()
    # time and size are in the cache's key, so that a file edited while the program runs is hashed again
    return _digest(file, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=1024)
def _digest(file: Path, _changed: int, _size: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:16]
