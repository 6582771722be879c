"""The database engine: connections, prepared and batched statements, checkpoints, faults."""
