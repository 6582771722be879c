"""The commands of the hall: each takes the hall's turn, decides and records."""
