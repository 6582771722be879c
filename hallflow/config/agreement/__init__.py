"""Referential integrity between the files of a plan: names that exist, letters that differ, halls that can serve."""
