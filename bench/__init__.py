"""Benchmarks, all run by `make bench` or `python -m bench --only walls --quick`. They are no tests: none fails for being slow."""
