"""View models (pictures): all that a screen of each kind shows, drawn from one floor and bounded in size."""
