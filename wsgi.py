"""The application a WSGI server runs; importing it opens the halls."""

from hallflow.app import configure_log, create_app, open_house
from hallflow.settings import Settings

configure_log()
app, socketio = create_app(open_house(Settings.from_env()))
