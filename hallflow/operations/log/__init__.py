"""The event log: verified against the tables, compared and explained."""
