"""The application a WSGI server runs; importing it opens the halls."""

from hallflow.app import configure_log, open_app
from hallflow.settings import Settings

configure_log()
app = open_app(Settings.from_env())
