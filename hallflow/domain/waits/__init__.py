"""Waits as customers see them: the range shown, its update between forecasts, the promise, and forecast verification."""
