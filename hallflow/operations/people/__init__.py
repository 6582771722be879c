"""The verbs for people: hire, certify, mark absent, let go."""
