"""The twin: simulation of the hall from its present state, replicated many times (Monte Carlo)."""
