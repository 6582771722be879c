"""The API and the shells of the pages: the only room that knows HTTP."""
