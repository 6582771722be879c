"""Intraday staffing recommendations: candidate actions evaluated by simulation, with hysteresis against nervousness."""
