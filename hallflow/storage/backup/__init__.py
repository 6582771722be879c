"""Backup and restore: a portable archive of the database, written and loaded."""
