"""Backtests: methods evaluated on logs and on simulated days, without a hall or its database."""
