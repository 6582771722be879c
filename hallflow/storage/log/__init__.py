"""The event log, its hash chain, and the tables of tickets and counters written with it."""
