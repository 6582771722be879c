"""A day that is over: shown again, or run again with other counters (counterfactual replay)."""
