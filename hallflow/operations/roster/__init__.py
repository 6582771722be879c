"""Rosters made, asked for and carried out as files."""
