"""The load figures, all by one command: `make bench`, or `python -m tests.load --only walls --quick`. No test: nothing here fails for being slow."""
