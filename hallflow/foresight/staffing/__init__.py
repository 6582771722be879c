"""Minimum staffing: Erlang formulas with modified offered load as the start, then a search by simulation for each quarter-hour."""
