"""The pages that clerks work at: sign-in and the counter's console; HTML shells without data, which the API provides."""

from urllib.parse import urlsplit

from flask import Blueprint, render_template, request

blueprint = Blueprint(
    "console",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/console-static",
)


@blueprint.get("/sign-in/<hall>")
def sign_in(hall: str) -> str:
    """Where a clerk chooses a counter and a manager the hall, each with a PIN."""
    return render_template("console/sign_in.html", page="sign_in", hall=hall, next=way_on(request.args.get("next")))


@blueprint.get("/console/<hall>")
def console(hall: str) -> str:
    """A counter's console; with ?bar=1 a thin bar that keeps the clerk's other program in view."""
    return render_template(
        "console/console.html",
        page="console",
        hall=hall,
        counter=request.args.get("counter", ""),
        bar=request.args.get("bar") == "1",
    )


def way_on(wanted: str | None) -> str:
    """The path to redirect to after signing in, or nothing where it leads off this site (an open redirect)."""
    # browsers read a backslash as a slash and drop control characters: both would lead off the site
    if not wanted or not wanted.startswith("/") or "\\" in wanted or not wanted.isprintable():
        return ""
    if wanted.startswith("//") or urlsplit(wanted).netloc:
        return ""
    return wanted
