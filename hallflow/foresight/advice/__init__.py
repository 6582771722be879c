"""Advice for the next hour: options tried by the twin, weighed and kept steady."""
