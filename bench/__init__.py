"""The load figures, all by one command: `make bench`, or `python -m bench --only walls --quick`. No test: nothing here fails for being slow."""
