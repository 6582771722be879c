"""What people watch: the wall board, a counter's window screen and the manager's dashboard."""

from flask import Blueprint, render_template, request

blueprint = Blueprint(
    "display",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/display-static",
)


@blueprint.get("/wall/<hall>")
def wall(hall: str) -> str:
    """Show the numbers being called, and the waits; `?sound=off` for a second wall in one hall."""
    sound = "off" if request.args.get("sound") == "off" else "on"
    return render_template("display/wall.html", page="wall", theme="dark", hall=hall, sound=sound)


@blueprint.get("/window/<hall>/<counter>")
def window(hall: str, counter: str) -> str:
    """Show the number one counter serves, above its window."""
    return render_template("display/window.html", page="window", theme="dark", hall=hall, counter=counter)


@blueprint.get("/dashboard/<hall>")
def dashboard(hall: str) -> str:
    """Show the hall to its manager: a shell, for the figures ask for rights."""
    return render_template("display/dashboard.html", page="dashboard", hall=hall)


@blueprint.get("/record/<hall>")
def record(hall: str) -> str:
    """Show how the waits that were shown have come; `?from=&to=` are days, the last four weeks without them."""
    return render_template("display/record.html", page="record", hall=hall)


@blueprint.get("/replay/<hall>")
def replay(hall: str) -> str:
    """Show a day gone by on the dashboard and the wall, at any speed."""
    return render_template("display/replay.html", page="replay", hall=hall)


@blueprint.get("/week/<hall>")
def week(hall: str) -> str:
    """Show the busy and quiet half-hours of seven days, and what to do in them; `?date=` is the first, today without it."""
    return render_template("display/week.html", page="week", hall=hall)


@blueprint.get("/roster/<hall>")
def roster(hall: str) -> str:
    """Show who works when in a week, how that covers what its days require, and what nobody covers; `?week=` is a day of it."""
    return render_template("display/roster.html", page="roster", hall=hall)
