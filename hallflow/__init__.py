"""Hallflow: queue management for service halls (branches)."""
