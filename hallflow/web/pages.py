"""The home page, third-party assets, and what every template gets: texts, language, script nonce, security headers."""

import secrets
from dataclasses import asdict
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, abort, g, render_template, request, send_file, send_from_directory

from hallflow.web.caching import digest
from hallflow.web.context import house, language

ROOT = Path(__file__).resolve().parents[2]
blueprint = Blueprint("pages", __name__, template_folder="templates", static_folder="static", static_url_path="/static")
WEEK = 7 * 24 * 3600
MODULES = ROOT / "node_modules"
SOCKET_IO = MODULES / "socket.io-client" / "dist" / "socket.io.esm.min.js"
FONTS = MODULES / "@fontsource-variable" / "noto-sans-sc"
PLOTLY = Path(str(files("plotly") / "package_data" / "plotly.min.js"))
LIBRARIES = {"socket.io.js": SOCKET_IO, "fonts/index.css": FONTS / "index.css", "plotly.min.js": PLOTLY}
CSP = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "connect-src 'self' ws: wss:; font-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'self'; form-action 'self'"
)


@blueprint.get("/")
def home() -> str:
    """The halls, and the doors into each."""
    halls = [{"key": hall.key, "name": hall.plan.name} for hall in house().halls.values()]
    return render_template("home.html", page="home", halls=halls)


@blueprint.get("/vendor/socket.io.js")
def socket_io() -> Response:
    """The browser's side of Socket.IO."""
    return _vendor(SOCKET_IO.parent, SOCKET_IO.name)


@blueprint.get("/vendor/icons/<name>.svg")
def icon(name: str) -> Response:
    """One icon."""
    return _vendor(MODULES / "lucide-static" / "icons", f"{name}.svg")


@blueprint.get("/vendor/fonts/<path:name>")
def font(name: str) -> Response:
    """The Chinese font, for machines that have none."""
    return _vendor(FONTS, name)


@blueprint.get("/vendor/plotly.min.js")
def plotly() -> Response:
    """Plotly as its Python package carries it: nothing is fetched from outside."""
    return send_file(PLOTLY, mimetype="text/javascript", max_age=WEEK, conditional=True)


def _vendor(folder: Path, name: str) -> Response:
    if not folder.is_dir():
        abort(404)
    return send_from_directory(folder, name, max_age=WEEK)


def library(name: str) -> str:
    """The address of a library with its content hash: a browser caches it for a week."""
    file = LIBRARIES[name]
    return f"/vendor/{name}?v={digest(file)}" if file.exists() else f"/vendor/{name}"


def furnish(app: Flask) -> None:
    """Give every template its texts and every response its security headers."""

    @app.context_processor
    def words() -> dict[str, Any]:
        lang = language()
        texts = house().installation.texts
        return {
            "t": partial(texts.say, lang),
            "lang": lang,
            "tag": texts.language(lang).tag,
            # the first other language, for boards that show two
            "second": next((code for code in texts.codes if code != lang), lang),
            "demo": house().settings.demo,
            "nonce": _nonce(),
            "library": library,
            "languages": [asdict(each) for each in texts.languages],
            # every language, so that a page can switch without a reload
            "texts": {code: texts.table(code, "common", "error", _page()) for code in texts.codes},
        }

    @app.after_request
    def headers(response: Response) -> Response:
        if response.mimetype == "text/html":
            response.headers["Content-Security-Policy"] = CSP.format(nonce=_nonce())
            response.headers["Cache-Control"] = "no-cache"
        response.headers["X-Content-Type-Options"] = "nosniff"
        # a ticket's address is a capability URL: no other site may learn it
        response.headers["Referrer-Policy"] = "no-referrer"
        if request.path.startswith("/api/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def _page() -> str:
    """A page's table of texts: it has the name of the view function."""
    return (request.endpoint or "").rpartition(".")[2]


def _nonce() -> str:
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(12)
    return str(g.nonce)
