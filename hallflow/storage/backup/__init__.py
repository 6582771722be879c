"""Backups: an archive of the database, and a copy of it into another."""
