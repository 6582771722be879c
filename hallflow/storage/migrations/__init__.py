"""The migrations of the database, one file for each change of the tables, in the order of their numbers."""
