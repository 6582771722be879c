"""The verbs of the hall: each takes its turn, decides, records; nothing else writes."""
