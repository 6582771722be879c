"""Past days: visits, their sums, a day's trace (script) for replays, and the audit trail (story) of one ticket."""
