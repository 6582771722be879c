"""Agent-based load generator of the demo: customers and clerks who use a hall only through its public API."""
