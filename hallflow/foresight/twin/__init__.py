"""The twin: Monte Carlo simulation of the hall from its present state, in many independent replications."""
