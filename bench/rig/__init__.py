"""The benchmarks' equipment: a server to measure, its clients, many simulated screens, and a bare reference server."""
