"""Rosters: requested, made, stored, and exported as files."""
