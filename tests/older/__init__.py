"""Upgrade tests: an installation of the previous version, opened by this one."""
