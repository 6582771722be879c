"""The commands of the hall: each takes its turn, decides and records; nothing else writes."""
