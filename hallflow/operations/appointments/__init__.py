"""The verbs of appointments: offer slots, book, move, cancel, check in."""
