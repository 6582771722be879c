"""Forecasts and simulation: waits, arrivals and staffing as pure functions of a floor, a plan and learned parameters; no
database, no clock.
"""
