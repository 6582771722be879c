"""Benchmarks of the server: tickets, calls, walls, screens, memory, starts."""
