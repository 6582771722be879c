"""What customers touch: the kiosk in the hall and the ticket on their phone."""

from flask import Blueprint, render_template

blueprint = Blueprint(
    "kiosk", __name__, template_folder="templates", static_folder="static", static_url_path="/kiosk-static"
)


@blueprint.get("/kiosk/<hall>")
def kiosk(hall: str) -> str:
    """Show the page of the kiosk by the door."""
    return render_template("kiosk/kiosk.html", page="kiosk", hall=hall)


@blueprint.get("/t/<token>")
def phone(token: str) -> str:
    """Show a customer's own ticket."""
    return render_template("kiosk/phone.html", page="phone", token=token)
