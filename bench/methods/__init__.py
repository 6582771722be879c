"""Benchmarks of the methods: wait prediction, staffing, routing, fairness, and their computing times."""
