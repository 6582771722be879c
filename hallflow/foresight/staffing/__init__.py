"""Minimum staffing: Erlang formulas as the start, then a search by simulation for what each quarter-hour requires."""
