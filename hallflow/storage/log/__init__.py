"""The event log and the tickets in its tables."""
