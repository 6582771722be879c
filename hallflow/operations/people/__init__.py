"""The commands for people: hire, certify, mark absent, let go."""
