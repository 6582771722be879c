"""The player of the demo: customers and clerks who live a day in a hall through its public API, and know nothing else of it."""
