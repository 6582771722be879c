"""The database engine: connections, statements sent together, checkpoints, faults."""
