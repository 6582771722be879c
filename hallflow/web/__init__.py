"""The HTTP layer: the JSON API and the HTML shells of the pages."""
