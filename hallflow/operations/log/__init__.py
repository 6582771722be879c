"""The event log's integrity and audit trails: the hash chain verified, the tables compared, a ticket's story read."""
