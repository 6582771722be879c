"""The commands of appointments: offer slots, book, move, cancel, check in."""
