"""What the methods reach: waits, staffing, routing, fairness, and how long their sums take."""
