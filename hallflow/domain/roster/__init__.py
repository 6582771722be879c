"""Shifts, seats and breaks: who is to sit where and when."""
