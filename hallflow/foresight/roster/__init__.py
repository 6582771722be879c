"""Shift scheduling: patterns, their cover of the requirement, seats, and a named week's assignment."""
