"""Customers: the register, their segments, and what they consent to."""
