"""Hallflow runs retail service halls."""
