"""A manager's queries: what-if, the week ahead, reports, the track record."""
