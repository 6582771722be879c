"""An installation of the version before, opened by this one."""
