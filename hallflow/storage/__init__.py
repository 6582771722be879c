"""Where the hall's truth is kept: tables, transactions and the event log, on SQLite or PostgreSQL."""
